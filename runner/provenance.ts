/** Where and with what a run was made, so that two runs are compared only when that makes sense. */
import { cpus, platform, release, totalmem } from 'node:os'
import { execa } from 'execa'
import type { RunRecord } from './run.ts'
import { ownVersion } from './version.ts'

type Provenance = RunRecord['provenance']

const gitCommit = async (cwd: string): Promise<string | null> => {
  const { stdout, failed } = await execa('git', ['rev-parse', 'HEAD'], { cwd, reject: false, stderr: 'ignore', timeout: 2000 })
  return failed || stdout.trim() === '' ? null : stdout.trim()
}

export const provenanceOf = async (given: Pick<Provenance, 'seed' | 'command' | 'configuration'>, cwd: string): Promise<Provenance> => {
  const cores = cpus()
  return {
    version: ownVersion(),
    node: process.version,
    platform: `${platform()} ${release()}`,
    cpus: { model: cores[0]?.model.trim() ?? 'unknown', count: cores.length },
    memoryBytes: totalmem(),
    gitCommit: await gitCommit(cwd),
    ...given,
  }
}

/** Where and with what a run was made, so that two runs are compared only when that makes sense. */
import { execFile } from 'node:child_process'
import { cpus, platform, release, totalmem } from 'node:os'
import { promisify } from 'node:util'
import type { RunRecord } from './run.ts'
import { ownVersion } from './version.ts'

type Provenance = RunRecord['provenance']

/** Null without git, and outside of a repository with a commit. */
const gitCommit = (cwd: string): Promise<string | null> =>
  promisify(execFile)('git', ['rev-parse', 'HEAD'], { cwd, timeout: 2000 }).then(
    ({ stdout }) => stdout.trim() || null,
    () => null,
  )

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

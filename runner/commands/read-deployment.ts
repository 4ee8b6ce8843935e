/** Reads the deployment that flags name, for advice and for applying it: what is reached is said before anything is asked. */
import type { Deployment } from '../deployments/deployment.ts'
import type { DeploymentFlags } from '../deployments/index.ts'
import { deploymentSource } from '../deployments/index.ts'
import type { LoadTime } from '../deployments/source.ts'
import type { Io } from '../io.ts'
import type { Run } from '../run.ts'

const loadTimeOf = ({ startedAt, timeline }: Pick<Run, 'startedAt' | 'timeline'>): LoadTime => ({
  from: startedAt,
  until: new Date(Date.parse(startedAt) + timeline.length * 1000).toISOString(),
})

/** @returns undefined when no flag names one @throws {DeploymentError} when it can't be read; Ctrl-C ends the reading */
export const readDeployment = async (flags: DeploymentFlags, runs: readonly Run[], io: Io): Promise<Deployment | undefined> => {
  const source = await deploymentSource(flags, runs.at(-1)?.id)
  if (source === undefined) return undefined
  io.stderr.write(`${source.announcement}\n`)
  const reading = new AbortController()
  const stopListening = io.onInterrupt(() => reading.abort())
  try {
    return await source.read(runs.map(loadTimeOf), reading.signal)
  } finally {
    stopListening()
  }
}

/** Whether a recommendation may be applied to a service as it is now: what must not be is said, before anything is shown to be agreed to. */
import type { Run } from '../../../runner/run.ts'

export type Grounds = {
  /** Those that the recommendation rests on. */
  readonly runs: readonly Pick<Run, 'id' | 'startedAt' | 'validity'>[]
  /** Ids of those that were not found. */
  readonly missing: readonly string[]
  /** When the service's tasks were last rolled out; undefined: ECS does not tell. */
  readonly rolledOutAt: Date | undefined
  /** Whether what serves is what the runs measured, or what perf made of it by this advice. */
  readonly isOwnRollOut: boolean
  readonly isRollingOut: boolean
  /** Whether it is being deleted. */
  readonly isLeaving: boolean
  /** One task on each machine, so that nothing scales them. */
  readonly isDaemon: boolean
  /** Why another controller than ECS rolls out; undefined: ECS does. */
  readonly controller: string | undefined
  readonly isSizeAsked: boolean
}

/** A sentence for each reason, none when it may. */
export const reasonsAgainst = ({ runs, missing, rolledOutAt, isOwnRollOut, isRollingOut, isLeaving, isDaemon, controller, isSizeAsked }: Grounds): string[] => {
  const invalid = runs.filter(({ validity }) => validity.state === 'INVALID').map(({ id }) => id)
  const old = rolledOutAt === undefined || isOwnRollOut ? [] : runs.filter(({ startedAt }) => Date.parse(startedAt) < rolledOutAt.getTime()).map(({ id }) => id)
  const plural = (ids: readonly string[]): string => `${ids.length === 1 ? 'Run' : 'Runs'} ${ids.join(', ')}`
  return [
    ...(missing.length === 0
      ? []
      : [
          `${plural(missing)} can't be read, and the advice rests on it. Whether it may be believed, and is newer than what is deployed, can't be checked. Name the folder that has it with --out.`,
        ]),
    ...(invalid.length === 0
      ? []
      : [
          `${plural(invalid)} of the advice ${invalid.length === 1 ? 'is' : 'are'} INVALID. What is deployed must rest on runs that can be believed. Run again, and advise from that.`,
        ]),
    ...(old.length === 0
      ? []
      : [
          `${plural(old)} of the advice ${old.length === 1 ? 'is' : 'are'} older than what is deployed, which was rolled out at ${rolledOutAt?.toISOString()}. Advice is for what was measured. Run again, and advise from that.`,
        ]),
    ...(isRollingOut ? ['A roll-out is under way. A service is changed when it is at rest. Wait for its end, and apply again.'] : []),
    ...(isLeaving ? ['The service is being deleted. Nothing that is changed of it would last. Name the service that takes its place.'] : []),
    ...(isDaemon ? ['The service runs one task on each machine (DAEMON). Nothing scales its tasks. Scale the machines.'] : []),
    ...(isSizeAsked && controller !== undefined
      ? [
          `Its roll-outs are made by ${controller}. perf apply changes the size of services that ECS itself rolls out. Leave --size out, and roll the size out with ${controller}.`,
        ]
      : []),
  ]
}

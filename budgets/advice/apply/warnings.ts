/** What whoever agrees to a change should know beside its values: one sentence for each, none when all is well. */
import type { Owner } from '../../../runner/deployments/ecs/owner.ts'
import type { Settings } from '../../../runner/deployments/ecs/settings.ts'

export type Circumstances = {
  readonly now: Settings
  readonly wanted: Settings
  /** Tasks that are wanted at the moment. */
  readonly desired: number
  readonly suspended: readonly string[]
  readonly owner: Owner | undefined
  /** Of the advice. */
  readonly runs: readonly string[]
}

const ofOwner = ({ owner, runs }: Circumstances): string[] =>
  owner === undefined
    ? []
    : [
        `The service is deployed by ${owner.name}, whose next deployment may put back what is changed here. ${
          owner.format === undefined
            ? 'Write the same values there, too.'
            : `To make it last, write it there, too: perf advise ${runs.join(' ')} --as ${owner.format}`
        }${owner.format === 'cloudformation' ? ' (or --as cdk).' : owner.format === undefined ? '' : '.'}`,
      ]

const ofNumber = ({ now, wanted: { bounds }, desired }: Circumstances): string[] => {
  if (bounds === null || desired === undefined) return []
  const isChanged = now.bounds?.minimum !== bounds.minimum || now.bounds?.maximum !== bounds.maximum
  if (!isChanged) return []
  if (desired === 0 && bounds.minimum > 0) return [`No tasks are wanted now: the service is switched off, and a minimum of ${bounds.minimum} switches it on.`]
  if (desired < bounds.minimum) return [`${desired} tasks are wanted now: ${bounds.minimum - desired} more start at once.`]
  if (desired > bounds.maximum) return [`${desired} tasks are wanted now, above the new maximum: ${desired - bounds.maximum} of them are stopped at once.`]
  return []
}

export const warningsOf = (circumstances: Circumstances): string[] => [
  ...ofNumber(circumstances),
  ...(circumstances.suspended.length === 0
    ? []
    : [
        `Scaling ${circumstances.suspended.join(', ')} is suspended, and stays so: what the rules say does not happen until it is resumed in Application Auto Scaling.`,
      ]),
  ...ofOwner(circumstances),
]

/** What a change of a service would do, as lines for a terminal: every value before and after, the cost, and what stays. */
import type { CostChange } from '../budgets/advice/apply/cost.ts'
import { figure } from '../budgets/figure.ts'
import type { Difference } from '../runner/deployments/ecs/differences.ts'

export type Change = {
  /** What is changed, and why: one sentence. */
  readonly title: string
  readonly differences: readonly Difference[]
  /** Undefined: not known, with the reason among the notes. */
  readonly cost: CostChange | undefined
  readonly notes: readonly string[]
}

const shortened = (text: string | undefined): string => (text === undefined ? 'none' : (/^arn:[^ ]*\/([^/ ]+)$/.exec(text)?.[1] ?? text))

export const differenceLine = ({ where, before, after }: Difference): string => `  ${where}: ${shortened(before)} → ${shortened(after)}`

const costLine = ({ before, after, currency, prices }: CostChange): string =>
  `Cost: ${figure(before, '', 4)} → ${figure(after, '', 4)} ${currency} a month for the fewest tasks, day and night (prices of ${prices.region}, ${prices.dated})`

export const changeLines = ({ title, differences, cost, notes }: Change): string[] => [
  title,
  ...differences.map(differenceLine),
  ...(cost === undefined ? [] : [costLine(cost)]),
  ...notes,
]

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

const shownOf = ({ name, before, after }: Difference): string => `${name.split('.').at(-1)}: ${shortened(before)} → ${shortened(after)}`

/** @example differenceText({ of: 'policy cpu', name: 'TargetValue', before: '60', after: '50' }) // 'policy cpu TargetValue: 60 → 50' */
export const differenceText = (difference: Difference): string => [difference.of, shownOf(difference)].filter((part) => part !== '').join(' ')

/** Each thing that has several values once, and its values below it. */
export const differenceLines = (differences: readonly Difference[]): string[] =>
  [...new Set(differences.map(({ of }) => of))].flatMap((thing) => {
    const own = differences.filter(({ of }) => of === thing)
    return thing === '' ? own.map((each) => `  ${shownOf(each)}`) : [`  ${thing}`, ...own.map((each) => `    ${shownOf(each)}`)]
  })

const arrow = (before: number, after: number): string => `${figure(before, '', 4)} → ${figure(after, '', 4)}`

const costLine = ({ before, after, currency, prices }: CostChange): string =>
  `Cost: ${arrow(before.fewest, after.fewest)} ${currency} a month for the fewest tasks, day and night; ${arrow(before.most, after.most)} for the most (prices of ${prices.region}, ${prices.dated})`

export const changeLines = ({ title, differences, cost, notes }: Change): string[] => [
  title,
  ...differenceLines(differences),
  ...(cost === undefined ? [] : [costLine(cost)]),
  ...notes,
]

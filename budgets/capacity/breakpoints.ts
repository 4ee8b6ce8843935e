/** The breakpoint that several tests of one target tell together: a staircase, and the runs that looked between its last good step and its first bad one. */
import type { Run } from '../../runner/run.ts'
import type { Breakpoint } from '../budget.ts'
import { figure, percent } from '../figure.ts'
import { breakpointOf } from './breakpoint.ts'
import { unclearWords } from './held-steps.ts'
import type { Objective } from './step-judge.ts'

const rate = (value: number): string => figure(value, '/s', 4)

type Rates = { readonly good: readonly number[]; readonly bad: readonly number[] }

const ratesOf = (found: readonly Breakpoint[]): Rates => ({
  good: found.flatMap((each) => (each.found ? (each.lastGood ?? []) : (each.atLeast ?? []))),
  bad: found.flatMap((each) => (each.found ? [each.firstBad] : [])),
})

/** (bad − good) ÷ good. @example widthOf({ lastGood: 350, firstBad: 362.5 }) // 0.0357 */
const widthOf = ({ lastGood, firstBad }: { readonly lastGood: number; readonly firstBad: number }): number => (firstBad - lastGood) / lastGood

/**
 * The lowest rate that broke, and the highest below it that held. Where a higher one held in another run, that is said.
 * @param runs breakpoint tests of one target
 */
export const breakpointOfRuns = (runs: readonly Run[], objective?: Objective): Breakpoint => {
  const found = runs.map((run) => breakpointOf(run, { objective }))
  const [only] = found
  if (only !== undefined && found.length === 1) return only
  const { good, bad } = ratesOf(found)
  const firstBad = Math.min(...bad)
  const below = good.filter((each) => each < firstBad)
  const lastGood = below.length === 0 ? null : Math.max(...below)
  if (bad.length === 0) {
    const reasons = found.toSorted((a, b) => (b.found ? 0 : (b.atLeast ?? 0)) - (a.found ? 0 : (a.atLeast ?? 0)))
    return reasons[0] ?? { found: false, atLeast: null, because: 'No breakpoint can be stated, because there is no breakpoint test among the runs.' }
  }
  const broke = found.find((each) => each.found && each.firstBad === firstBad)?.because ?? ''
  const why = broke.split(`at ${rate(firstBad)} `)[1] ?? broke
  const contrary = Math.max(...good.filter((each) => each >= firstBad))
  const doubt = Number.isFinite(contrary) ? ` Another run held ${rate(contrary)}, so the target or chance changed between them; the lower rate counts.` : ''
  const unclear = [...new Set(found.flatMap((each) => each.unclear ?? []))].filter((each) => each > (lastGood ?? 0) && each < firstBad).sort((a, b) => a - b)
  const { told, between } = unclearWords(unclear)
  if (lastGood === null)
    return { found: true, lastGood, firstBad, ...told, because: `No rate was seen to hold${between}; ${rate(firstBad)} broke: ${why}${doubt}` }
  const width = percent(widthOf({ lastGood, firstBad }), 2)
  return {
    found: true,
    lastGood,
    firstBad,
    ...told,
    because: `It lies in (${rate(lastGood)}, ${rate(firstBad)}], ${width} wide, by ${runs.length} runs: it held ${rate(lastGood)}${between}; at ${rate(firstBad)} ${why}${doubt}`,
  }
}

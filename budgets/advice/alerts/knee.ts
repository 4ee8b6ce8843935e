/** Where answers begin to become slow, from a breakpoint test: the rate at which p95 leaves what it was in the calm, below the highest that held. */
import type { Run } from '../../../runner/run.ts'
import { type Declined, declined, median } from '../../../runner/stats/few.ts'
import { quantileOver } from '../../../runner/stats/quantile.ts'
import { breakpointOf } from '../../capacity/breakpoint.ts'
import { objectiveFor } from '../../capacity/step-judge.ts'
import { type Half, halvesOf, shapeOf } from '../../capacity/steps.ts'

/** One step of the load: its rate and p95 in ms. */
type Step = { readonly rate: number; readonly from: number; readonly until: number; readonly p95: number }

export type Knee = {
  readonly declined: false
  /** Id of the run. */
  readonly run: string
  /** Arrivals per second: the highest that held, and the highest at which p95 was as in the calm. */
  readonly held: number
  readonly knee: number
  /** False where no rate broke: what lies above `held` is unknown. */
  readonly isBroken: boolean
  /** p95 in the calm, and the one that had to hold, ms. */
  readonly calm: number
  readonly objective: number
  /** p95 from which on it has risen, ms. */
  readonly risen: number
}

/** The breakpoint test that thresholds come from. */
export const breakingRun = (runs: readonly Run[]): Run | undefined => runs.find(({ test, validity }) => test === 'breakpoint' && validity.state !== 'INVALID')

/** Far enough that it is no noise and somebody could see it: as a breach is told (attribution). */
const risenFrom = (calm: number): number => Math.max(1.5 * calm, calm + 20)

const stepsOf = (run: Run): Step[] => {
  const halves = new Map<number, Half[]>()
  for (const half of halvesOf(shapeOf(run))) halves.set(half.step, [...(halves.get(half.step) ?? []), half])
  return [...halves.values()].flatMap((pair) => {
    const [from, until] = [pair[0]?.from ?? 0, pair.at(-1)?.until ?? 0]
    const times = run.timeline
      .slice(from, until)
      .flatMap(({ cells }) => cells.flatMap(({ outcome, responseTime }) => (outcome === 'success' ? [responseTime] : [])))
    const p95 = quantileOver(times, 0.95)
    return p95 === undefined ? [] : [{ rate: pair[0]?.low ?? 0, from, until, p95 }]
  })
}

/** @example kneeOf(run) // { run: '2026-…', held: 400, knee: 300, calm: 20, risen: 40, objective: 200, … } */
export const kneeOf = (run: Run): Knee | Declined => {
  const found = breakpointOf(run)
  const held = found.found ? found.lastGood : found.atLeast
  if (held === null) return declined(found.because)
  const steps = stepsOf(run).filter(({ rate }) => rate <= held)
  const calm = median(steps.filter(({ rate }, at) => at === 0 || rate <= held / 2).map(({ p95 }) => p95))
  if (!Number.isFinite(calm)) return declined('Too few answers came at the lowest rates to know p95 in the calm. Run perf run breakpoint from a higher rate.')
  const risen = risenFrom(calm)
  // From the top down: a hiccup at a low rate is no knee.
  const last = steps.findLastIndex(({ p95 }) => p95 < risen)
  const knee = steps[Math.max(0, last)]?.rate ?? held
  return { declined: false, run: run.id, held, knee, isBroken: found.found, calm, risen, objective: objectiveFor(calm) }
}

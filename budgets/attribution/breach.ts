/**
 * When did the run leave its normal, or an objective break? What users felt decides, never a resource: a full resource that nobody
 * feels is not a breach. A move that lasts tells the moment; a budget that was over without one, as in a run that was bad from its
 * beginning, tells the first second in which it was over.
 */
import type { Run } from '../../runner/run.ts'
import { normalOf, robustScore } from '../../runner/stats/robust.ts'
import { rateAt } from '../../scenarios/shape.ts'
import type { Seconds } from '../../scenarios/units.ts'
import type { Breakpoint, Judgement } from '../budget.ts'
import { shapeOf } from '../capacity/steps.ts'
import { figure, percent } from '../figure.ts'
import { loadAt, type Symptoms } from './symptoms.ts'
import { momentIn } from './words.ts'

export type Felt = 'slow' | 'failed' | 'dropped' | 'rate'

export type Breach = {
  readonly at: Seconds
  /** Arrivals per second then. */
  readonly load: number
  /** What was felt: slow answers, failed requests, arrivals that never started, or a rate that did not hold. */
  readonly felt: Felt
  /** One sentence: what broke, when. */
  readonly because: string
}

/** Spreads at which a move begins to count and from which it began; readings it must last; fewest readings of a normal. */
const far = { counts: 4, began: 2, lasts: 3, baseline: 30 } as const
const longestBaseline = 600 // seconds

type Indicator = {
  readonly felt: Felt
  readonly words: string
  readonly read: (second: Symptoms) => number | undefined
  readonly resolution: number
  /** Far enough that somebody would feel it, however even it was before. */
  readonly matters: (value: number, normal: number) => boolean
  readonly show: (value: number) => string
}

const indicators: readonly Indicator[] = [
  {
    felt: 'slow',
    words: 'p95 of response time',
    read: ({ p95 }) => p95,
    resolution: 1,
    matters: (value, normal) => value >= 1.5 * normal && value >= normal + 20,
    show: (value) => (value === Infinity ? 'without end' : figure(value, 'ms')),
  },
  {
    felt: 'failed',
    words: 'the error rate',
    read: ({ failed }) => failed,
    resolution: 0.0025,
    matters: (value) => value >= 0.01,
    show: (value) => percent(value, 2),
  },
  {
    felt: 'dropped',
    words: 'the share of dropped arrivals',
    read: ({ dropped }) => dropped,
    resolution: 0.0025,
    matters: (value) => value >= 0.01,
    show: (value) => percent(value, 2),
  },
]

type Move = {
  readonly at: Seconds
  readonly felt: Felt
  readonly because: string
  readonly budget?: string
  /** It came and went within the stretch that tells what is normal, as a cold start does. */
  readonly isPassing?: boolean
}

/** The first move that lasts and does not pass, or else the first that lasts, walked back to where it began. */
const moveOf = (
  { felt, words, read, resolution, matters, show }: Indicator,
  symptoms: readonly Symptoms[],
  when: (second: Seconds) => string,
): Move | undefined => {
  const known = symptoms.flatMap((second) => {
    const value = read(second)
    return value === undefined || second.offered === 0 ? [] : [{ second: second.second, value }]
  })
  const length = Math.max(far.baseline, Math.min(longestBaseline, Math.floor(known.length / 3)))
  if (known.length < length + far.lasts) return undefined
  const normal = normalOf(
    known.slice(0, length).map(({ value }) => value),
    resolution,
  )
  const scores = known.map(({ value }) => (Number.isFinite(normal.median) ? robustScore(value, normal) : 0))
  const counts = (index: number): boolean => (scores[index] ?? 0) > far.counts && matters(known[index]?.value ?? 0, normal.median)
  const nextFrom = (start: number): number | undefined => {
    for (let index = start; index + far.lasts <= known.length; index++) if ([0, 1, 2].every((later) => counts(index + later))) return index
    return undefined
  }
  const first = nextFrom(0)
  if (first === undefined) return undefined
  let end = first
  while (counts(end)) end += 1
  const isPassing = end < length
  const index = isPassing ? (nextFrom(length) ?? first) : first
  let began = index
  while (began > 0 && (scores[began - 1] ?? 0) > far.began) began -= 1
  const peak = Math.max(...known.slice(index, index + 10).map(({ value }) => value))
  const at = known[began]?.second ?? 0
  return {
    at,
    felt,
    because: `${words} left its normal at ${when(at)}: ${show(normal.median)} before, up to ${show(peak)} in the ten seconds that followed`,
    isPassing: isPassing && index === first,
  }
}

/** Budgets on what users feel; one on a resource is no symptom, it is what is looked for. */
const isFelt = ({ budget: { metric } }: Judgement): boolean =>
  /^(response_time|service_time|journey_time|group_time|error_rate|availability|throughput|checks|dropped)$/.test(metric)

const feltBy = (metric: string): Felt => (/^(error_rate|availability|checks)$/.test(metric) ? 'failed' : metric === 'dropped' ? 'dropped' : 'slow')

const firstBroken = (judgements: readonly Judgement[], when: (second: Seconds) => string): Move | undefined => {
  const moves = judgements.flatMap((judgement): Move[] => {
    if (judgement.status !== 'exceeded' || judgement.firstAt === null || !isFelt(judgement)) return []
    const { firstAt: at, budget } = judgement
    return [{ at, felt: feltBy(budget.metric), because: `budget "${budget.name}" was first over at ${when(at)}`, budget: budget.name }]
  })
  return moves.toSorted((a, b) => a.at - b.at)[0]
}

/** The rate that did not hold, and when the shape first asked for more than the one that did. */
const brokenRate = (run: Run, symptoms: readonly Symptoms[], breakpoint: Breakpoint | undefined, when: (second: Seconds) => string): Move | undefined => {
  if (breakpoint?.found !== true) return undefined
  const shape = shapeOf(run)
  const held = breakpoint.lastGood ?? 0
  const at = symptoms.find(({ second }) => rateAt(shape, second + 0.5) > held)?.second
  return at === undefined
    ? undefined
    : {
        at,
        felt: 'rate',
        because: `the load rose at ${when(at)} above ${figure(held, '/s')}, the highest rate that held; ${figure(breakpoint.firstBad, '/s')} did not`,
      }
}

/** @param run what follows its warm-up */
export const breachOf = (run: Run, symptoms: readonly Symptoms[], judgements: readonly Judgement[], breakpoint?: Breakpoint): Breach | undefined => {
  const when = (second: Seconds): string => momentIn(run.startedAt, second)
  const moves = indicators.flatMap((indicator) => moveOf(indicator, symptoms, when) ?? []).toSorted((a, b) => a.at - b.at)
  const broken = firstBroken(judgements, when)
  const move = moves.find(({ isPassing }) => isPassing !== true) ?? moves[0] ?? brokenRate(run, symptoms, breakpoint, when) ?? broken
  if (move === undefined) return undefined
  const load = loadAt(symptoms, move.at + 1) // of the three seconds that begin there: the one before may be of another step
  // The move has the better time: a budget's first second may be one of several that had to be joined to have enough answers.
  const also = broken?.budget !== undefined && broken !== move ? `; that broke budget "${broken.budget}"` : ''
  return { at: move.at, load, felt: move.felt, because: `At ${figure(load, '/s')} arrivals ${move.because}${also}.` }
}

/**
 * Holds a run against its budgets. Three answers: met, exceeded, or unknown where the run can't tell; a limit is met only if it
 * holds whatever became of the arrivals nobody saw the end of, and exceeded only if it fails even in the best case.
 */
import { afterWarmUp } from '../runner/after-warm-up.ts'
import { clock } from '../runner/clock.ts'
import type { Run } from '../runner/run.ts'
import type { Seconds } from '../scenarios/units.ts'
import type { Budget, Judgement, Verdict } from './budget.ts'
import { countOf, figure, figures, percent } from './figure.ts'
import { withIntervals } from './intervals.ts'
import { stepPartsOf } from './measures/load-step.ts'
import type { Bounds, Measure } from './measures/measure.ts'
import { measureOf } from './measures/measure-of.ts'
import { type Part, wholeOf, windowsOf } from './measures/part.ts'
import { budgetsMeant } from './roles.ts'

type Status = Judgement['status']
/** Keeps where it was and not what was in it: of a long run there are many. */
type Held = Pick<Part, 'from' | 'length' | 'load'> & {
  readonly status: Status
  readonly samples: number
  readonly bounds: Bounds
  /** Why too little was measured, where the measure says so itself. */
  readonly shortage: string | undefined
}

const passes = (value: number, { is, value: limit, strict }: Budget['limit']): boolean =>
  is === 'at_most' ? (strict ? value < limit : value <= limit) : strict ? value > limit : value >= limit

/** The end of the bounds that is worse for the budget: what counts when nobody knows. */
const worstOf = ({ lower, upper }: Bounds, { is }: Budget['limit']): number => (is === 'at_most' ? upper : lower)
const bestOf = ({ lower, upper }: Bounds, { is }: Budget['limit']): number => (is === 'at_most' ? lower : upper)

const hold = (measure: Measure, { limit }: Budget, part: Part, needed = measure.needed): Held => {
  const samples = measure.samples(part)
  const bounds = samples === 0 ? { lower: 0, upper: Infinity } : measure.bounds(part)
  const isTooFew = samples === 0 || samples < needed
  const status = isTooFew ? 'unknown' : passes(worstOf(bounds, limit), limit) ? 'met' : passes(bestOf(bounds, limit), limit) ? 'unknown' : 'exceeded'
  const { from, length, load } = part
  return { from, length, ...(load !== undefined && { load }), status, samples, bounds, shortage: isTooFew ? measure.shortage?.(part) : undefined }
}

/** 1 − observed ÷ limit for an "at most", observed ÷ limit − 1 for an "at least"; a limit of 0 has no share, so only "just met" is stated. */
const headroomOf = (observed: number, { is, value }: Budget['limit']): number | null => {
  if (observed === value) return 0
  if (value === 0 || !Number.isFinite(observed)) return null
  return is === 'at_most' ? 1 - observed / value : observed / value - 1
}

const allowed = ({ is, strict }: Budget['limit'], limit: string): string =>
  `${is === 'at_most' ? (strict ? 'less than' : 'at most') : strict ? 'more than' : 'at least'} ${limit}`

const stretch = ({ from, length, load }: Held): string => `${load === undefined ? '' : `${load}, `}in the ${countOf(length, 'second')} from ${clock(from)} on`

/** Why a limit can't be held against so little, as a clause. */
const shortageOf = (measure: Measure, { samples, shortage }: Held): string =>
  shortage ??
  `${countOf(samples, measure.noun)} ${samples === 1 ? 'was' : 'were'} measured and at least ${countOf(Math.max(1, measure.needed), measure.noun).replace(/ \w.*$/, '')} are needed: run longer, or raise the rate`

/** @param parts windows or steps, when the limit must hold in each */
const sentenceOf = (budget: Budget, measure: Measure, held: Held, parts: readonly Held[] | undefined, firstAt: Seconds | null): string => {
  const { limit } = budget
  const { words, unit, noun } = measure
  const where = parts === undefined ? '' : ` ${stretch(held)}`
  const each = budget.per ?? 'window'
  const { lower, upper, doubt } = held.bounds
  if (held.status === 'unknown') {
    if (held.samples < measure.needed || held.samples === 0) return `${words} is unknown${where}, because ${shortageOf(measure, held)}.`
    return `${words} lies between ${figure(lower, unit)} and ${upper === Infinity ? 'no end' : figure(upper, unit)}${where}, and ${allowed(limit, figure(limit.value, unit))} is allowed, because ${doubt}.`
  }
  const certain = held.status === 'met' ? worstOf(held.bounds, limit) : bestOf(held.bounds, limit)
  const [observed, boundary] = figures(certain, limit.value, unit)
  const size = `${countOf(held.samples, noun)}`
  if (held.status === 'met') {
    const throughout = parts === undefined ? '' : ` in the worst of ${countOf(parts.length, each)}${held.load === undefined ? '' : `, ${held.load}`}`
    return `${words} was ${observed}${throughout}, ${allowed(limit, boundary)} is allowed (${size}${doubt === undefined ? '' : `; counted at their worst, because ${doubt}`}).`
  }
  const shown = certain === Infinity ? 'without end' : `${doubt === undefined ? '' : limit.is === 'at_most' ? 'at least ' : 'at most '}${observed}`
  const over = Number.isFinite(certain) && limit.value > 0 ? ` (${certain >= limit.value ? '+' : '−'}${percent(Math.abs(certain / limit.value - 1), 2)})` : ''
  const failing = parts?.filter(({ status }) => status === 'exceeded') ?? []
  const first = failing[0]?.load === undefined || failing[0].load === held.load ? '' : `, first ${failing[0].load}`
  const tail =
    parts === undefined ? (firstAt === null ? '' : `, first at ${clock(firstAt)}`) : `, and so in ${failing.length} of ${countOf(parts.length, each)}${first}`
  return `${words} was ${shown}${where}, ${allowed(limit, boundary)} is allowed${over}${tail}.`
}

/** First second that is over by itself, if enough was measured near it to say so. */
const firstOver = (run: Run, measure: Measure, budget: Budget): Seconds | null => {
  const { telling } = measure
  if (measure.firstOver !== undefined) return measure.firstOver((value) => passes(value, budget.limit))
  if (telling === undefined) return null
  for (const part of windowsOf(run, 1, (part) => measure.samples(part) >= telling))
    if (hold(measure, budget, part, telling).status === 'exceeded') return part.from
  return null
}

/** The window or step that decides: the worst exceeded one, else the one that can't be told, else the one closest to the limit. */
const decisive = (windows: readonly Held[], { limit }: Budget): Held | undefined => {
  const order: readonly Status[] = ['exceeded', 'unknown', 'met']
  const worse = (a: Held, b: Held): number => {
    const [x, y] = a.status === 'exceeded' ? [bestOf(a.bounds, limit), bestOf(b.bounds, limit)] : [worstOf(a.bounds, limit), worstOf(b.bounds, limit)]
    const difference = x === y ? 0 : y - x
    return limit.is === 'at_most' ? difference : -difference
  }
  return [...windows].sort((a, b) => order.indexOf(a.status) - order.indexOf(b.status) || worse(a, b))[0]
}

/** Where the limit must hold apart; undefined when it is held against the whole run. */
const partsOf = (run: Run, { window, per }: Budget, measure: Measure): Iterable<Part> | undefined => {
  const isEnough = (part: Part): boolean => measure.samples(part) >= measure.needed
  if (per === 'step') return stepPartsOf(run, isEnough)
  return window === undefined ? undefined : windowsOf(run, window, isEnough)
}

const judgeOne = (run: Run, budget: Budget, measure: Measure): Judgement => {
  const cut = partsOf(run, budget, measure)
  const parts = cut && Array.from(cut, (part) => hold(measure, budget, part))
  const held = parts === undefined ? hold(measure, budget, wholeOf(run)) : decisive(parts, budget)
  const common = { budget, unit: measure.unit }
  if (held === undefined)
    return {
      ...common,
      status: 'unknown',
      observed: null,
      headroom: null,
      because: `${measure.words} is unknown, because the seconds of this run were not kept.`,
    }
  const { status, bounds } = held
  const firstAt =
    status !== 'exceeded' ? null : parts === undefined ? firstOver(run, measure, budget) : (parts.find((part) => part.status === 'exceeded')?.from ?? null)
  const because = sentenceOf(budget, measure, held, parts, firstAt)
  if (status === 'unknown') return { ...common, status, observed: null, headroom: null, because }
  const observed = worstOf(bounds, budget.limit)
  const stated = { ...common, observed, headroom: headroomOf(observed, budget.limit), because }
  return status === 'met' ? { ...stated, status } : { ...stated, status, firstAt }
}

/** Why nothing at all can be judged, as a sentence. */
const refusalOf = ({ validity, load, warmUp }: Run): string | undefined => {
  if (validity.state === 'INVALID') return `The run is INVALID: ${validity.reasons[0]?.text ?? 'it does not say why.'}`
  if (load.completed === 0)
    return `No request was completed${warmUp.seconds > 0 ? ` after the warm-up of ${countOf(warmUp.seconds, 'second')}` : ''}, so there is nothing to judge.`
  return undefined
}

const isDeciding = ({ budget }: Judgement): boolean => budget.level === 'error'

const verdictOf = (judgements: readonly Judgement[], refusal: string | undefined, test: Run['test']): Omit<Verdict, 'judgements'> => {
  const deciding = judgements.filter(isDeciding)
  const byHeadroom = [...deciding].sort((a, b) => (a.headroom ?? -Infinity) - (b.headroom ?? -Infinity))
  if (refusal !== undefined) return { word: 'unknown', exitCode: 3, because: refusal }
  const exceeded = byHeadroom.filter(({ status }) => status === 'exceeded')
  const [worst] = exceeded
  if (worst !== undefined) {
    const others = exceeded.length > 1 ? ` ${countOf(exceeded.length - 1, 'other budget')} ${exceeded.length === 2 ? 'is' : 'are'} exceeded too.` : ''
    return { word: 'fail', exitCode: 1, because: `Budget "${worst.budget.name}" is exceeded: ${worst.because}${others}` }
  }
  const unknown = deciding.find(({ status }) => status === 'unknown')
  if (unknown !== undefined) return { word: 'unknown', exitCode: 3, because: `No verdict on "${unknown.budget.name}": ${unknown.because}` }
  // A share of 100 % can't be any better, however little it is above its limit.
  const [closest] = byHeadroom.filter(
    ({ headroom, observed, unit, budget }) => headroom !== null && !(unit === 'ratio' && budget.limit.is === 'at_least' && observed === 1),
  )
  if (deciding.length === 0) return { word: 'pass', exitCode: 0, because: `Nothing was required of this run: no budget decides over a ${test} test.` }
  const met = deciding.length === 1 ? 'The one budget is met' : `All ${deciding.length} budgets are met`
  return {
    word: 'pass',
    exitCode: 0,
    because: closest === undefined ? `${met}.` : `${met}; closest to its limit is "${closest.budget.name}": ${closest.because}`,
  }
}

const applies = ({ level, tests }: Budget, { test }: Run): boolean => level !== 'off' && (tests === undefined || tests.includes(test))

/**
 * One judgement for each budget that speaks of this test, and what they come to: an exceeded budget fails the run, an unknown one
 * leaves it without a verdict, and budgets of level `warn` are told but decide nothing.
 *
 * @throws {UnknownMetricError | UnknownEndpointError | UsageError} when a budget does not fit what the run measured; the run is saved by then
 * @example judge(aRun({ latency: 340 }), [apiP95]).word // 'fail'
 */
export const judge = (whole: Run, budgets: readonly Budget[]): Verdict => {
  const run = afterWarmUp(whole)
  const refusal = refusalOf(run)
  const notMeasured: Budget[] = []
  const measures = new Map<Budget, Measure>()
  const meant = budgets.flatMap((budget) => budgetsMeant(run, budget))
  const judged = meant.flatMap((budget): Judgement[] => {
    if (!applies(budget, run)) return []
    const unknown = (because: string): Judgement[] => [{ budget, unit: budget.limit.unit ?? '', status: 'unknown', observed: null, headroom: null, because }]
    // Nothing was found in a run like this, so a name that is missing from it may still be right.
    if (refusal !== undefined && !budget.whenMeasured) return unknown(refusal)
    const found = measureOf(run, budget)
    if ('absent' in found) {
      if (!budget.whenMeasured) return unknown(`${found.absent}, so "${budget.name}" can't be judged.`)
      notMeasured.push(budget)
      return []
    }
    if (refusal !== undefined) return unknown(refusal)
    measures.set(budget, found.measure)
    return [judgeOne(run, budget, found.measure)]
  })
  const judgements = withIntervals(run, judged, measures)
  return { ...verdictOf(judgements, refusal, run.test), judgements, ...(notMeasured.length > 0 && { notMeasured }) }
}

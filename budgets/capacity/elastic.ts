/** How an autoscaler follows a load in steps: when capacity came after each, by how much too much, and whether it keeps up. capacity.md tells what a run must have. */
import type { BreakpointTest, Run, Series, TimelineSecond } from '../../runner/run.ts'
import { type Declined, declined } from '../../runner/stats/few.ts'
import { merge } from '../../runner/stats/histogram.ts'
import { shareBelow } from '../../runner/stats/quantile.ts'
import type { Seconds } from '../../scenarios/units.ts'
import { countOf, figure } from '../figure.ts'
import { type Objective, StepJudge } from './step-judge.ts'
import { offeredUntil, shapeOf } from './steps.ts'

export type ElasticStep = {
  readonly rate: number
  readonly from: Seconds
  readonly held: Seconds
  /** Instances as the step began, at most during it, and as it ended. */
  readonly before: number
  readonly most: number
  readonly end: number
  /** From the step until one more instance served; null: none came. */
  readonly lag: Seconds | null
  /** Seconds in which the objective was missed or requests failed. */
  readonly late: Seconds
  /** Held in the second half of the step, when the autoscaler had had its time. */
  readonly keptUp: boolean
}

export type Elastic = {
  readonly declined: false
  readonly steps: readonly ElasticStep[]
  readonly keepsUp: boolean
  /** Longest of all steps; null where no instance came in any. */
  readonly lag: Seconds | null
  /** Most instances beyond those that the step ended with. */
  readonly overshoot: number
  readonly because: string
}

/** Periods of the metric until an instance is asked for: three points above the target, the phase of the first, and its publication. */
const periods = 5

/** Shortest step in which an autoscaler can show what it does. @example reactionTime({ metricPeriod: 60, startUp: 90 }) // 390: 6.5 min */
export const reactionTime = ({ metricPeriod, startUp }: NonNullable<BreakpointTest['elastic']>): Seconds => periods * metricPeriod + startUp

/** Names that tell how many serve; those that only say how many were asked for, last. */
const counting = [/[._](instances|healthy_hosts|ready_replicas)$/, /[._](running_tasks|replicas|tasks|pods)$/]

const instancesIn = (run: Run): Series | undefined => {
  for (const name of counting) {
    const series = run.probes.find((each) => name.test(each.name) && each.values.some((value) => value !== null))
    if (series !== undefined) return series
  }
  return undefined
}

type Count = { readonly at: Seconds; readonly value: number }
const countsOf = ({ at, values }: Series): Count[] =>
  at.flatMap((moment, index) => {
    const value = values[index]
    return value === null || value === undefined ? [] : [{ at: moment, value }]
  })

const failed = 0.01 // share of requests, as in a breakpoint test

const isLate = ({ cells }: TimelineSecond, { quantile, milliseconds }: Objective): boolean => {
  const all = cells.reduce((sum, { count }) => sum + count, 0)
  if (all === 0) return false
  const failures = cells.reduce((sum, { outcome, count }) => sum + (outcome === 'failure' ? count : 0), 0)
  const within = shareBelow(merge(cells.filter(({ outcome }) => outcome === 'success').map(({ responseTime }) => responseTime)), milliseconds)
  return failures > failed * all || (within !== undefined && within < quantile)
}

/** A rising step that was offered to its end. */
type Span = { readonly step: number; readonly rate: number; readonly from: Seconds; readonly until: Seconds }

const spansOf = (judge: StepJudge): Span[] => {
  const spans = new Map<number, Span>()
  for (const [at, { half }] of judge.judged.entries()) {
    // The first half of a step in which the run was ended says nothing of it.
    if (judge.judged[at - 1]?.half.step !== half.step && judge.judged[at + 1]?.half.step !== half.step) continue
    const known = spans.get(half.step)
    spans.set(half.step, { step: half.step, rate: half.high, from: known?.from ?? half.from, until: half.until })
  }
  return [...spans.values()]
}

const stepOf = ({ step, rate, from, until }: Span, run: Run, judge: StepJudge, counts: readonly Count[]): ElasticStep => {
  const during = counts.filter(({ at }) => at >= from && at < until).map(({ value }) => value)
  const before = counts.findLast(({ at }) => at <= from)?.value ?? during[0] ?? 0
  const arrived = counts.find(({ at, value }) => at > from && at < until && value > before)
  const late = run.timeline.slice(from, until).filter((second) => isLate(second, judge.objective)).length
  return {
    rate,
    from,
    held: until - from,
    before,
    most: Math.max(before, ...during),
    end: during.at(-1) ?? before,
    lag: arrived === undefined ? null : arrived.at - from,
    late,
    keptUp: judge.judged.findLast(({ half }) => half.step === step)?.state === 'good',
  }
}

const lagWords = (steps: readonly ElasticStep[], lag: Seconds | null): string => {
  const asked = steps.filter((step) => step.lag !== null)
  return lag === null
    ? 'no step made it start an instance'
    : `capacity came ${figure(lag, '')} s after a step at the latest, in ${asked.length} of ${countOf(steps.length, 'step')}`
}

const sentence = (steps: readonly ElasticStep[], lag: Seconds | null, worst: ElasticStep | undefined): string => {
  const behind = steps.find(({ keptUp }) => !keptUp)
  const highest = steps.at(-1)
  const late = steps.reduce((sum, step) => sum + step.late, 0)
  const first =
    behind === undefined
      ? `The autoscaler keeps up to ${figure(highest?.rate ?? 0, '/s')}, the highest rate that was held long enough`
      : `The autoscaler does not keep up at ${figure(behind.rate, '/s')}: after ${figure(behind.held, '')} s of it, with ${countOf(behind.end, 'instance')}, the objective was still missed`
  const over =
    worst === undefined
      ? 'it never had more than it ended a step with'
      : `at ${figure(worst.rate, '/s')} it went to ${countOf(worst.most, 'instance')} and ended with ${worst.end}`
  return `${first}; ${lagWords(steps, lag)}, and for ${figure(late, '')} s in all answers were late. Overshoot: ${over}.`
}

/** @param run a breakpoint test that says an autoscaler was at work */
export const elasticOf = (run: Run): Elastic | Declined => {
  const asked = run.breakpoint?.elastic
  if (asked === undefined)
    return declined('Nothing is told of an autoscaler, because the run does not say that one was at work: perf run breakpoint --elastic.')
  const series = instancesIn(run)
  if (series === undefined)
    return declined(
      'Whether the autoscaler keeps up is unknown, because no probe watched how many instances serve. Name a series instances, replicas or tasks, such as of a prometheus or command probe, or watch cloudwatch.',
    )
  const judge = new StepJudge(shapeOf(run), { objective: run.breakpoint?.objective })
  judge.advance(run.timeline, offeredUntil(run))
  const spans = spansOf(judge)
  const needed = reactionTime(asked)
  const held = Math.min(...spans.map(({ from, until }) => until - from))
  if (spans.length < 2)
    return declined('Whether the autoscaler keeps up is unknown, because the load was not raised: 2 steps are needed. Raise --peak, or run it longer.')
  if (held < needed)
    return declined(
      `Whether the autoscaler keeps up is unknown, because steps were held for ${figure(held, '')} s and it needs ${figure(needed, '')} s to show it: ${periods} periods of ${figure(asked.metricPeriod, '')} s of its metric and ${figure(asked.startUp, '')} s of start-up. Hold them longer with --duration, or tell --metric-period and --start-up.`,
    )
  const counts = countsOf(series)
  const steps = spans.map((span) => stepOf(span, run, judge, counts)).slice(1) // the first is where it starts from
  const lags = steps.flatMap((step) => step.lag ?? [])
  const lag = lags.length === 0 ? null : Math.max(...lags)
  const over = steps.filter(({ most, end }) => most > end).toSorted((a, b) => b.most - b.end - (a.most - a.end))[0]
  return {
    declined: false,
    steps,
    keepsUp: steps.every(({ keptUp }) => keptUp),
    lag,
    overshoot: over === undefined ? 0 : over.most - over.end,
    because: sentence(steps, lag, over),
  }
}

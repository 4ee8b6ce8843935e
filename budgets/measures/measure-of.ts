/** Finds what a budget speaks of in a run, and how to read it. */
import { UsageError } from '../../runner/errors/usage-error.ts'
import type { Cell, Run, TimelineSecond } from '../../runner/run.ts'
import type { Histogram } from '../../runner/stats/histogram.ts'
import type { Budget, Stat } from '../budget.ts'
import { UnknownEndpointError } from '../errors/unknown-endpoint-error.ts'
import { UnknownMetricError } from '../errors/unknown-metric-error.ts'
import { isMetricName, type MetricName, metrics, wordsOf } from '../metric.ts'
import { readingsOf, seriesNames } from '../readings.ts'
import { probesInRole } from '../roles.ts'
import type { Measure } from './measure.ts'
import { pagesMeasure } from './pages.ts'
import { queryTimeMeasure } from './query-time.ts'
import { seriesMeasure } from './series.ts'
import * as shares from './shares.ts'
import { perArrivalOf, type Times, timesMeasure } from './times.ts'

/** `absent`: the run has nothing of the kind, and that is no mistake of the budget; `because` is the end of a sentence. */
export type Found = { readonly measure: Measure } | { readonly absent: string }

const named = <T>(record: Readonly<Record<string, T>>, name: string | undefined): T[] =>
  name === undefined ? Object.values(record) : Object.entries(record).flatMap(([key, value]) => (key === name ? [value] : []))
const samplesIn = (histograms: readonly Histogram[]): number => histograms.reduce((sum, { count }) => sum + count, 0)
const timeoutsIn = ({ cells }: TimelineSecond, keep: shares.CellFilter): number =>
  cells.reduce((sum, cell) => sum + (keep(cell) ? (cell.errors.timeout ?? 0) : 0), 0)
const none = (): number => 0

/** True when every journey reached its end at least once, so that what none of them met is not there. A k6 script has no journeys of these names. */
const hasBeenEverywhere = ({ scenario, journeyTime, iterations }: Run): boolean => {
  const arrived = scenario.journeys.filter(({ name }) => Object.hasOwn(journeyTime, name))
  return arrived.length === 0 ? iterations.completed > iterations.failed : arrived.length === scenario.journeys.length
}

const namesOf = (run: Run, of: 'endpoint' | 'journey' | 'group' | 'check'): string[] =>
  ({
    endpoint: () => [...new Set(run.endpoints.map(({ endpoint }) => endpoint))],
    journey: () => [...new Set([...run.scenario.journeys.map(({ name }) => name), ...Object.keys(run.journeyTime)])],
    group: () => Object.keys(run.groups),
    check: () => Object.keys(run.checks),
  })[of]()

/** What a closed-loop sweep can't have measured. */
const unsweptMetrics: Readonly<Partial<Record<MetricName, string>>> = {
  response_time: 'a closed loop has no due times, from which response time counts',
  lag: 'a closed loop has no due times, from which lag counts',
  dropped: 'a closed loop plans no arrivals that could be dropped',
  throughput: 'a sweep has a throughput at each of its levels and none over all of them',
}

/** @throws {UnknownEndpointError} when the budget's endpoint, journey, group or check can't be but misspelt */
const absence = (run: Run, budget: Budget, metric: MetricName): string | undefined => {
  const unswept = run.sweep === undefined ? undefined : unsweptMetrics[metric]
  if (unswept !== undefined) return unswept
  const { of } = metrics[metric]
  if (of === undefined) return undefined
  const known = namesOf(run, of)
  if (budget.endpoint === undefined) return known.length === 0 ? `no ${of} was met in this run` : undefined
  if (known.includes(budget.endpoint)) return undefined
  if (budget.whenMeasured || !(of === 'journey' || hasBeenEverywhere(run))) return `no journey got as far as the ${of} "${budget.endpoint}"`
  throw new UnknownEndpointError(budget.name, budget.file, of, budget.endpoint, known)
}

const timesOf = (run: Run, metric: MetricName, endpoint: string | undefined, stat: Stat): Times => {
  const of = `${wordsOf(metric)}${endpoint === undefined ? '' : ` of ${endpoint}`}`
  const keep = (cell: Cell): boolean => endpoint === undefined || cell.endpoint === endpoint
  const common = { stat, unit: 'ms', of, noun: 'answer' } as const
  const successes = (field: 'responseTime' | 'serviceTime' | 'setupTime') => (second: TimelineSecond) =>
    second.cells.filter((cell) => cell.outcome === 'success' && keep(cell)).map((cell) => cell[field])
  const timeouts = (second: TimelineSecond): number => timeoutsIn(second, keep)
  switch (metric) {
    case 'journey_time': {
      // Which of the failed journeys failed by a timeout is not recorded, so as many as may have count as unknown.
      const timedOut = (second: TimelineSecond): number =>
        Math.min(
          second.iterations.failed,
          timeoutsIn(second, () => true),
        )
      const weights = run.scenario.journeys.reduce((sum, { weight }) => sum + weight, 0)
      const weight = run.scenario.journeys.find(({ name }) => name === endpoint)?.weight
      const share = endpoint === undefined || weight === undefined || weights === 0 ? 1 : weight / weights
      return {
        ...common,
        noun: 'journey',
        histograms: ({ journeyTime }) => named(journeyTime, endpoint),
        perArrival: share,
        perCutOff: 1,
        endless: none,
        unknown: timedOut,
      }
    }
    case 'group_time': {
      const perArrival = perArrivalOf(run, samplesIn(named(run.groups, endpoint)))
      return { ...common, noun: 'pass', histograms: ({ groups }) => named(groups, endpoint), perArrival, perCutOff: 1, endless: none }
    }
    case 'lag':
      return { ...common, noun: 'arrival', histograms: ({ lag }) => [lag], perArrival: 1, perCutOff: 0, endless: none }
    case 'service_time': // of requests that were sent, so arrivals that never started have none
      return { ...common, histograms: successes('serviceTime'), perArrival: 0, perCutOff: 1, endless: timeouts }
    case 'setup_time': // a request that timed out may have done so before or after it was connected
      return { ...common, histograms: successes('setupTime'), perArrival: 0, perCutOff: 1, endless: none, unknown: timeouts }
    default: {
      const requests = run.endpoints.reduce((sum, cell) => sum + (keep(cell) ? cell.count : 0), 0)
      return { ...common, histograms: successes('responseTime'), perArrival: perArrivalOf(run, requests), perCutOff: 1, endless: timeouts }
    }
  }
}

const builtIn = (run: Run, metric: MetricName, { endpoint, stat = metrics[metric].stats[0] }: Budget): Measure => {
  const words = `${wordsOf(metric)}${endpoint === undefined ? '' : ` of ${endpoint}`}`
  const keep = (cell: Cell): boolean => endpoint === undefined || cell.endpoint === endpoint
  switch (metric) {
    case 'error_rate':
      return shares.errorRate(words, keep)
    case 'throughput':
      return shares.throughput(words, keep)
    case 'availability':
      return shares.availability()
    case 'checks':
      return shares.checks(endpoint === undefined ? 'share of passed checks' : `share of passed checks "${endpoint}"`, endpoint)
    case 'dropped':
      return shares.dropped(stat)
    default:
      return timesMeasure(timesOf(run, metric, endpoint, stat))
  }
}

/** A metric that the scenario keeps itself: a counter has a count or a rate, a trend what times have. */
const ownMetric = (run: Run, budget: Budget): Measure | undefined => {
  const { metric, limit } = budget
  const known = Object.hasOwn(run.metrics, metric) ? run.metrics[metric] : undefined
  if (known === undefined) return undefined
  const allowed: readonly Stat[] = known.kind === 'counter' ? ['count', 'rate'] : metrics.response_time.stats
  const stat = budget.stat ?? (known.kind === 'counter' ? 'count' : 'p95')
  if (!allowed.includes(stat))
    throw new UsageError(
      `Budget "${budget.name}" in ${budget.file} asks for the ${stat} of the ${known.kind} "${metric}". There it can be ${allowed.join(', ')}. Write "stat": "${allowed[0]}".`,
    )
  const histograms = (second: TimelineSecond): Histogram[] => {
    const own = Object.hasOwn(second.metrics, metric) ? second.metrics[metric] : undefined
    return own?.kind === 'trend' ? [own.values] : []
  }
  if (known.kind === 'trend')
    return timesMeasure({
      stat,
      unit: limit.unit ?? '',
      of: metric,
      noun: 'value',
      histograms,
      perArrival: perArrivalOf(run, known.values.count),
      perCutOff: 1,
      endless: none,
    })
  const sum = (part: { readonly seconds: readonly TimelineSecond[] }): number =>
    part.seconds.reduce((all, { metrics: own }) => {
      const counter = Object.hasOwn(own, metric) ? own[metric] : undefined
      return all + (counter?.kind === 'counter' ? counter.sum : 0)
    }, 0)
  return {
    unit: stat === 'rate' ? '/s' : 'count',
    words: stat === 'rate' ? `${metric} per second` : metric,
    noun: 'second',
    samples: (part) => part.length,
    needed: 1,
    telling: undefined,
    bounds: (part) => {
      const value = stat === 'rate' ? sum(part) / Math.max(part.length, 1e-9) : sum(part)
      return { lower: value, upper: value }
    },
  }
}

type Watched = NonNullable<Run['watched']>[number]

/** Why a probe that was there told nothing at all, as a clause; undefined when it told something. */
const silenceOf = ({ name, absent, missed, readings }: Watched): string | undefined => {
  if (absent !== undefined) return `the probe "${name}" did not start (${absent})`
  return missed === readings ? `the probe "${name}" could not read once in ${readings} times` : undefined
}

/** Why a metric is missing although a probe for it was there, if that is no mistake of the budget: of a silent probe no series is known. */
const missingBecause = ({ watched = [] }: Run, metric: string): string | undefined => {
  const own = watched.find(({ name }) => metric.startsWith(`${name}.`))
  if (own !== undefined) return silenceOf(own)
  const inRole = probesInRole(metric, watched)
  const [silent] = watched.flatMap((probe) => (inRole.includes(probe.name) ? (silenceOf(probe) ?? []) : []))
  return inRole.length === 0 ? undefined : (silent ?? `${inRole.map((name) => `"${name}"`).join(' and ')} told nothing of the kind`)
}

/** What a budget may name, those that begin as this one does first. */
const namesFor = (run: Run, metric: string): string[] => {
  const all = [...seriesNames(run), ...Object.keys(run.metrics), ...Object.keys(metrics)]
  const [probe] = metric.split('.')
  const isNear = (name: string): boolean => metric.includes('.') && name.startsWith(`${probe}.`)
  const near = all.filter(isNear)
  return near.length > 0 ? near : [...all.filter((name) => !name.includes('.')), ...all.filter((name) => name.includes('.'))]
}

/**
 * @throws {UnknownMetricError} when the run has no such metric
 * @throws {UnknownEndpointError} when the metric has no such part
 * @throws {UsageError} when the limit's unit is not the metric's
 */
export const measureOf = (run: Run, budget: Budget): Found => {
  const { metric, limit } = budget
  if (isMetricName(metric)) {
    const absent = absence(run, budget, metric)
    return absent === undefined ? { measure: builtIn(run, metric, budget) } : { absent }
  }
  const readings = readingsOf(run, metric)
  if (readings !== undefined && (budget.stat === 'count' || budget.stat === 'rate'))
    throw new UsageError(
      `Budget "${budget.name}" in ${budget.file} asks for the ${budget.stat} of the series ${metric}. It has readings, not events. Write "stat": "max", "mean" or "p95".`,
    )
  const measure = ownMetric(run, budget) ?? queryTimeMeasure(run, budget) ?? (readings ? seriesMeasure(readings, budget) : pagesMeasure(run, budget))
  if (measure === undefined) {
    if (budget.whenMeasured) return { absent: `${metric} was not measured` }
    const missing = missingBecause(run, metric)
    if (missing !== undefined) return { absent: missing }
    throw new UnknownMetricError(budget.name, budget.file, metric, namesFor(run, metric))
  }
  if (limit.unit !== undefined && limit.unit !== measure.unit)
    throw new UsageError(
      `Budget "${budget.name}" in ${budget.file} limits ${metric} in ${limit.unit}. It is measured ${measure.unit === '' || measure.unit === 'count' ? 'as a number without a unit' : `in ${measure.unit}`}. Write the limit so.`,
    )
  return { measure }
}

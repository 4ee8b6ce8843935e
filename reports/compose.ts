/** Turns a judged run into the Report: every percentile, rate and sum that any renderer shows is computed here. */
import type { AdviceRecord } from '../budgets/advice/advice-record.ts'
import type { Breakpoint, Verdict } from '../budgets/budget.ts'
import type { Capacity } from '../budgets/capacity/capacity.ts'
import type { SweepFindings } from '../budgets/capacity/plateau.ts'
import type { HeldTrigger } from '../budgets/held-triggers.ts'
import { perArrivalOf } from '../budgets/measures/times.ts'
import { afterWarmUp, cutOf, loadOf } from '../runner/after-warm-up.ts'
import type { Cell, Run, Series } from '../runner/run.ts'
import { type Histogram, merge } from '../runner/stats/histogram.ts'
import { type Interval, intervalsWithin, SampledSeconds } from '../runner/within-run.ts'
import { caveatsOf } from './caveats.ts'
import { type Moment, momentsOf } from './moments.ts'
import { pagesOf } from './pages.ts'
import { percentileOf, percentilesOf } from './percentiles.ts'
import { lostTo, pointsOf, spansOf, stagesOf } from './points.ts'
import { type CutReport, type EndpointReport, type IntervalName, intervalNames, type Reading, type Report, type Saturation, type Times } from './report.ts'
import { sweepReportOf } from './sweep.ts'
import { totalsOf } from './totals.ts'
import type { Findings } from './why.ts'

const isSuccess = ({ outcome }: Cell): boolean => outcome === 'success'
const perSecond = (n: number, seconds: number): number | null => (seconds > 0 ? n / seconds : null)
const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null)

const addCounts = (records: readonly Readonly<Record<string, number>>[]): Record<string, number> => {
  const sum: Record<string, number> = {}
  for (const record of records) for (const [key, value] of Object.entries(record)) if (value > 0) sum[key] = (sum[key] ?? 0) + value
  return sum
}

const mostFirst = (counts: Readonly<Record<string, number>>): { kind: string; count: number }[] =>
  Object.entries(counts)
    .map(([kind, count]) => ({ kind, count }))
    .sort((a, b) => b.count - a.count || a.kind.localeCompare(b.kind))

const timeoutsOf = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + (cell.errors.timeout ?? 0), 0)
const countOf = (cells: readonly Cell[]): number => cells.reduce((sum, cell) => sum + cell.count, 0)

/** The four times of some cells. A dropped arrival was never sent, so only response time knows it; a timeout is in both. */
const timesOf = (cells: readonly Cell[], dropped: number) => {
  const [successes, failures] = [cells.filter(isSuccess), cells.filter((cell) => !isSuccess(cell))]
  const timeouts = timeoutsOf(cells)
  return {
    responseTime: percentilesOf(merge(successes.map((cell) => cell.responseTime)), dropped, timeouts),
    serviceTime: percentilesOf(merge(successes.map((cell) => cell.serviceTime)), 0, timeouts),
    setupTime: percentilesOf(merge(successes.map((cell) => cell.setupTime))),
    failureTime: percentilesOf(merge(failures.map((cell) => cell.responseTime))),
  }
}

const endpointOf = (name: string, run: Run): EndpointReport => {
  const cells = run.endpoints.filter(({ endpoint }) => endpoint === name)
  const [completed, failed] = [countOf(cells), countOf(cells.filter((cell) => !isSuccess(cell)))]
  const { responseTime, serviceTime } = timesOf(cells, lostTo(run.load.dropped, run, completed))
  return {
    name,
    completed,
    failed,
    throughput: run.sweep ? null : perSecond(completed - failed, run.durationSeconds),
    errorRate: share(failed, completed),
    responseTime,
    serviceTime,
    statuses: addCounts(cells.map((cell) => cell.statuses)),
    errors: addCounts(cells.map((cell) => cell.errors)),
  }
}

const named = (histograms: Readonly<Record<string, Histogram>>): Times[] =>
  Object.entries(histograms).map(([name, histogram]) => ({ name, count: histogram.count, times: percentilesOf(histogram) }))

/** A dropped arrival never reached the end of its journey; which journey it would have been is known by the weights only. */
const journeysOf = ({ scenario, journeyTime, load }: Run): Times[] => {
  const weights = scenario.journeys.reduce((sum, { weight }) => sum + weight, 0)
  return Object.entries(journeyTime).map(([name, histogram]) => {
    const weight = scenario.journeys.find((journey) => journey.name === name)?.weight ?? 0
    const dropped = weights > 0 ? Math.round((load.dropped * weight) / weights) : 0
    return { name, count: histogram.count, times: percentilesOf(histogram, dropped) }
  })
}

const saturationOf = ({ name, unit, limit, values }: Series): Saturation[] => {
  const read = values.filter((value) => value !== null)
  if (limit === null || limit <= 0 || read.length === 0) return []
  const used = read.reduce((most, value) => Math.max(most, value))
  return [{ resource: name, unit, used, limit, ratio: used / limit }]
}

const intervalsOf = (run: Run, moments: readonly Moment[]): Report['intervals'] => {
  const sampled = new SampledSeconds()
  const perArrival = perArrivalOf(run, run.load.completed)
  for (const { responseTime, errors, dropped } of moments) sampled.add({ histograms: [responseTime], endless: (errors.timeout ?? 0) + dropped * perArrival })
  const found = intervalsWithin(
    run,
    sampled,
    intervalNames.map((name) => percentileOf[name]),
  )
  if ('declined' in found) return found
  return Object.fromEntries(intervalNames.map((name, index) => [name, found[index]])) as Record<IntervalName, Interval>
}

const warmUpOf = (run: Run): CutReport | undefined => {
  const cut = cutOf(run)
  if (cut === undefined) return undefined
  const load = loadOf(cut)
  const { responseTime } = timesOf(cut.cells, lostTo(load.dropped, run))
  return { ...run.warmUp, load, p95: responseTime.p95 }
}

const readingOf = ({ name, unit, limit, values }: Series): Reading[] => {
  const read = values.filter((value) => value !== null).sort((a, b) => a - b)
  const [median, most] = [read[Math.floor((read.length - 1) / 2)], read.at(-1)]
  return limit !== null || median === undefined || most === undefined ? [] : [{ name, unit, median, most }]
}

/** What is known of a run beyond its verdict; what nobody looked for is left out. */
export type Known = {
  readonly breakpoint?: Breakpoint | undefined
  readonly swept?: SweepFindings | undefined
  readonly findings?: Findings | undefined
  readonly triggers?: readonly HeldTrigger[]
  readonly capacity?: Capacity | undefined
  readonly advice?: AdviceRecord | undefined
}

/**
 * The report on one run. Pure; the run and the verdict stay as they are.
 * @example compose(run, judge(run, budgets)).responseTime.p95 // 340, in ms
 */
export const compose = (whole: Run, verdict: Verdict, { breakpoint, swept, findings, capacity, advice, triggers }: Known = {}): Report => {
  const run = afterWarmUp(whole)
  const { load, iterations, durationSeconds } = run
  const names = [...new Set(run.endpoints.map(({ endpoint }) => endpoint))]
  const endpoints = names.map((name) => endpointOf(name, run)).sort((a, b) => b.completed - a.completed || a.name.localeCompare(b.name))
  const times = timesOf(run.endpoints, lostTo(load.dropped, run))
  const lag = percentilesOf(run.lag)
  const browsers = new Set((run.observations ?? []).flatMap(({ probe, kind }) => (kind === 'page' ? [probe] : [])))
  const isOfPage = ({ name }: Series): boolean => browsers.has(name.split('.', 1)[0] ?? '')
  const metrics = Object.entries(run.metrics)
  const moments = momentsOf(run)
  return {
    run,
    whole,
    warmUp: warmUpOf(whole),
    verdict,
    breakpoint,
    capacity,
    advice,
    sweep: sweepReportOf(run, swept),
    ...times,
    lag,
    intervals: intervalsOf(run, moments),
    caveats: caveatsOf({ run, whole, endpoints, lag, ...times }),
    throughput: run.sweep ? null : perSecond(load.completed - load.failed, durationSeconds),
    errorRate: share(load.failed, load.completed),
    availability: share(iterations.completed - iterations.unavailable, iterations.completed + iterations.interrupted + load.dropped),
    endpoints,
    journeys: journeysOf(run),
    groups: named(run.groups),
    trends: named(Object.fromEntries(metrics.flatMap(([name, metric]) => (metric.kind === 'trend' ? [[name, metric.values]] : [])))),
    counters: metrics.flatMap(([name, metric]) => (metric.kind === 'counter' ? [{ name, sum: metric.sum }] : [])),
    checks: Object.entries(run.checks).map(([name, { passed, failed }]) => ({ name, passed, failed, ratio: share(passed, passed + failed) })),
    errors: mostFirst(addCounts(run.endpoints.map((cell) => cell.errors))),
    saturation: run.probes.flatMap(saturationOf).sort((a, b) => b.ratio - a.ratio),
    readings: run.probes.filter((series) => !isOfPage(series)).flatMap(readingOf),
    pages: pagesOf(run),
    totals: totalsOf(whole, whole === run ? moments : momentsOf(whole)),
    points: pointsOf(moments),
    spans: spansOf(moments, run),
    stages: stagesOf(moments, run),
    findings,
    triggers,
  }
}

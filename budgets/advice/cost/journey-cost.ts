/** What one user's journey costs in CPU, run by run: whether it becomes dearer from version to version. */
import type { Run } from '../../../runner/run.ts'
import { type Declined, declined, mean } from '../../../runner/stats/few.ts'
import { mannKendall, theilSen } from '../../../runner/stats/trend.ts'
import { resourcesOf } from '../../attribution/resources.ts'
import { count, countOf, figure, percent } from '../../figure.ts'

export type JourneyCost = {
  readonly run: string
  readonly test: Run['test']
  readonly startedAt: string
  /** Core-seconds of the service for each journey that was completed, its share of the background included. */
  readonly coreSeconds: number
  /** Arrivals per second meanwhile. */
  readonly rate: number
}

export type CostTrend = {
  readonly declined: false
  readonly runs: number
  /** Change from run to run as a share of the median, with 95 % limits. */
  readonly change: number
  readonly low: number
  readonly high: number
  readonly isTrend: boolean
  readonly because: string
}

const fewestRuns = 5 // fewer in one order happen by chance more often than one time in 20
const alike = 1.25 // rates that are compared: at a lower one the background weighs more
const significant = 1.959964

/** Undefined where its CPU was not watched, or no journey was completed. @param service the probe's name */
export const journeyCost = (run: Run, service: string): JourneyCost | undefined => {
  const cpu = resourcesOf(run).find((each) => each.service === service && each.what === 'cpu')
  const { completed } = run.iterations
  if (cpu === undefined || cpu.readings.length === 0 || completed === 0 || run.validity.state === 'INVALID') return undefined
  const used = mean(cpu.readings.map(({ value }) => value))
  return { run: run.id, test: run.test, startedAt: run.startedAt, coreSeconds: (used * run.durationSeconds) / completed, rate: completed / run.durationSeconds }
}

/** @param costs in any order; those of another test or rate than the newest are left out @example costTrend(costs) // { change: 0.02, low: 0.01, high: 0.03, isTrend: true, … } */
export const costTrend = (costs: readonly JourneyCost[]): CostTrend | Declined => {
  const inOrder = costs.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
  const newest = inOrder.at(-1)
  const compared = inOrder.filter(
    ({ rate, test }) => newest !== undefined && test === newest.test && rate <= alike * newest.rate && rate >= newest.rate / alike,
  )
  if (compared.length < fewestRuns)
    return declined(
      `No trend of the cost, because ${countOf(compared.length, 'run')} of one test and rate ${compared.length === 1 ? 'tells' : 'tell'} it and ${fewestRuns} are needed.`,
    )
  const values = compared.map(({ coreSeconds }) => coreSeconds)
  const { slope, low, high, intercept } = theilSen(values)
  const middle = intercept + (slope * (values.length - 1)) / 2
  const isTrend = Math.abs(mannKendall(values).z) > significant && low * high > 0
  const share = (value: number): string => percent(value / middle, 2)
  return {
    declined: false,
    runs: values.length,
    change: slope / middle,
    low: low / middle,
    high: high / middle,
    isTrend,
    because: isTrend
      ? `A journey takes ${share(Math.abs(slope))} ${slope > 0 ? 'more' : 'less'} CPU from run to run [${share(low)}, ${share(high)}], over ${count(values.length)} runs at ${figure(newest?.rate ?? 0, '/s')}: from ${figure((values[0] as number) * 1000, 'ms')} of a core to ${figure((values.at(-1) as number) * 1000, 'ms')}.`
      : `No trend of the cost: over ${count(values.length)} runs at ${figure(newest?.rate ?? 0, '/s')} a journey's CPU changed by ${share(slope)} from run to run [${share(low)}, ${share(high)}], which is chance.`,
  }
}

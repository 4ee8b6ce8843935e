/**
 * The knee: the highest rate that a target holds, where "holds" is the objective of a breakpoint test (breakpoint.md). Predicted here from
 * steps below it; measured it is the interval of the breakpoint. capacity.md has the definition and how far prediction and measurement differ.
 */
import type { Run } from '../../runner/run.ts'
import { type Declined, declined } from '../../runner/stats/few.ts'
import { merge } from '../../runner/stats/histogram.ts'
import { quantile } from '../../runner/stats/quantile.ts'
import { count, countOf, figure, percent } from '../figure.ts'
import { kneeInterval } from './knee-interval.ts'
import { wordsOfObjective } from './objective.ts'
import { kneeUnder, longerThan, type Pool, relaxation, responseQuantile, variationOf, withoutLoad } from './queue-model.ts'
import type { ServiceDemand } from './service-demand.ts'
import type { Objective } from './step-judge.ts'
import { offeredHalves } from './steps.ts'

export type Check = { readonly rate: number /** Quantile of the objective, ms. */; readonly measured: number; readonly expected: number }

export type QueueKnee = {
  readonly declined: false
  readonly rate: number
  readonly low: number
  readonly high: number
  /** Rates in which the model was held against what was measured. */
  readonly checks: readonly Check[]
  readonly because: string
}

/** Share of the servers in use up to which a step shows service without a line; answers that are enough of it, and to compare a quantile. */
const calmUse = 0.15
const enough = { calm: 50, beyond: 3 } as const
const farthest = 2 // times that a measured quantile may lie from the model's
/** What a target does first it does for the first time: connections open, programs compile. Seconds of a run that are in no answer here. */
const cold = 2
const settled = 10 // relaxation times that a step must last to be compared

const answersIn = ({ timeline }: Run, from: number, until: number) =>
  merge(timeline.slice(from, until).flatMap(({ cells }) => cells.flatMap(({ outcome, responseTime }) => (outcome === 'success' ? [responseTime] : []))))

/** Steps of the runs as far as they were run, each with its own answers. */
const stepsOf = (runs: readonly Run[]) =>
  runs.flatMap((run) => {
    const halves = offeredHalves(run)
    return [...new Set(halves.map(({ step }) => step))].map((step) => {
      const own = halves.filter((half) => half.step === step)
      const [from, until, rate] = [Math.max(cold, own[0]?.from ?? 0), own.at(-1)?.until ?? 0, own[0]?.high ?? 0]
      const seconds = Math.max(1, until - from)
      const answers = answersIn(run, from, until)
      return { rate, served: answers.count / seconds, seconds, answers }
    })
  })

/** Arrivals at the pool come evenly only if journeys do, and each asks once. */
const spreadOfArrivals = (runs: readonly Run[]): number =>
  runs.every(
    ({ shape, endpoints, scenario }) =>
      shape.arrivals === 'uniform' && scenario.journeys.length === 1 && new Set(endpoints.map(({ endpoint }) => endpoint)).size === 1,
  )
    ? 0
    : 1

/** @param resource its name, for sentences */
export const queueKnee = (runs: readonly Run[], resource: string, servers: number, demand: ServiceDemand, objective: Objective): QueueKnee | Declined => {
  const steps = stepsOf(runs)
  const service = demand.demand
  const calmSteps = steps.filter(({ served }) => served * service <= calmUse * servers)
  const calm = merge(calmSteps.map(({ answers }) => answers))
  if (calm.count < enough.calm)
    return declined(
      `No queue model of ${resource}, because ${countOf(calm.count, 'answer')} ${calm.count === 1 ? 'is' : 'are'} known with at most ${percent(calmUse)} of it in use and ${enough.calm} are needed. Begin the test at a lower rate.`,
    )
  const calmRate = calm.count / calmSteps.reduce((sum, { seconds }) => sum + seconds, 0)
  const pool: Pool = withoutLoad({ servers, service, calm, arrivals: spreadOfArrivals(runs) }, calmRate)
  const checks = steps
    .filter(
      ({ served, rate, seconds, answers }) =>
        served > 0.95 * rate && seconds >= settled * relaxation(pool, served) && answers.count * (1 - objective.quantile) >= enough.beyond,
    )
    .map(({ served, answers }) => ({
      rate: served,
      measured: quantile(answers, objective.quantile) ?? 0,
      expected: responseQuantile(pool, served, objective.quantile),
    }))
  const off = ({ measured, expected }: Check): number => Math.max(measured / expected, expected / measured)
  const [worst] = checks.toSorted((a, b) => off(b) - off(a))
  const name = `p${Number((objective.quantile * 100).toFixed(1))}`
  if (worst === undefined)
    return declined(`No queue model of ${resource}, because no step had time and answers enough to compare ${name} with it. Hold each step longer.`)
  if (off(worst) > farthest)
    return declined(
      `The queue model does not describe ${resource}: at ${figure(worst.rate, '/s')} ${name} was ${figure(worst.measured, 'ms')} and the model has ${figure(worst.expected, 'ms')}, more than ${farthest} times apart.`,
    )
  const rate = kneeUnder(pool, objective)
  if (rate === 0)
    return declined(
      `No rate meets ${wordsOfObjective(objective)}: without load ${percent(longerThan(pool, 0, objective.milliseconds), 2)} of answers are slower already. Choose an objective that a calm target meets.`,
    )
  const { low, high } = kneeInterval(pool, calmRate, demand, objective, rate)
  return {
    declined: false,
    rate,
    low,
    high,
    checks,
    because: `${countOf(servers, 'server')}, ${figure(service * 1000, 'ms')} each (C² ${figure(variationOf(calm), '', 2)}, of arrivals ${count(pool.arrivals)}); ${name} of ${countOf(checks.length, 'step')} ${off(worst) < 1.05 ? 'is as the model says' : `is at most ${figure(off(worst), '', 2)} times apart from the model’s`}`,
  }
}

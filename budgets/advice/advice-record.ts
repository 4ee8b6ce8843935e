/** Advice as it is kept beside a run (advice.json) and printed for programs: the recommendation, what it was priced by, and the simulation in few points. */
import { z } from 'zod'
import { mean } from '../../runner/stats/few.ts'
import type { Advice } from './advise.ts'
import type { Prices } from './prices/prices.ts'
import { adviceFormat } from './recommend.ts'
import type { Recommendation } from './recommendation.ts'
import type { Candidate } from './scaling/candidates.ts'
import { type SimulatedSecond, violatedRequests } from './scaling/simulate.ts'

const pointSchema = z.object({
  at: z.number().describe('seconds since the simulated start; the middle of what the point stands for'),
  offered: z.number().describe('arrivals per second'),
  capacity: z.number().describe('arrivals per second that the instances in service can serve'),
  backlog: z.number().describe('arrivals that wait, at the worst moment'),
  instances: z.number().describe('in service'),
})
export type SimulatedPoint = z.infer<typeof pointSchema>

const simulationSchema = z.object({
  seconds: z.number().describe('length of the simulation'),
  longestWait: z.number().nullable().describe('of any arrival, s; null: the backlog was not worked off'),
  violated: z.number().describe('share of the arrivals that waited longer than allowed, 0–1'),
  late: z.number().optional().describe('arrivals that waited longer than allowed'),
  allowedWait: z.number().describe('s'),
  monthlyHours: z.number().describe('of instances, with a rise like this each day'),
  monthlyCost: z.object({ amount: z.number(), currency: z.string() }).nullable().describe('of these hours; null: no size is known that could be priced'),
  points: z.array(pointSchema),
})

export type SimulationRecord = z.infer<typeof simulationSchema>

/** The document whose recommendation comes from this program, so that only its envelope is checked. */
export const adviceRecordSchema = z.looseObject({
  format: z.literal(adviceFormat),
  madeAt: z.iso.datetime(),
  prices: z.object({ dated: z.string(), region: z.string(), source: z.string() }),
  simulation: simulationSchema.nullable(),
  reactive: simulationSchema.nullable(),
  deployed: simulationSchema.nullish(),
  runs: z.array(z.string()),
  alerts: z.array(z.unknown()),
  declined: z.array(z.string()),
})

export type AdviceRecord = Recommendation & {
  readonly format: typeof adviceFormat
  /** ISO date and time. */
  readonly madeAt: string
  readonly prices: { readonly dated: string; readonly region: string; readonly source: string }
  readonly simulation: SimulationRecord | null
  /** What reacting alone would do, where that is not enough. */
  readonly reactive: SimulationRecord | null
  /** What the autoscaler as it is deployed would do; null: no deployment was read, or it can't be said. Absent from records of before. */
  readonly deployed?: SimulationRecord | null
}

const mostPoints = 240 // as many as a picture can show

const pointOf = (seconds: readonly SimulatedSecond[], from: number, capacity: number): SimulatedPoint => {
  return {
    at: from + seconds.length / 2,
    offered: mean(seconds.map(({ offered }) => offered)),
    capacity: capacity * mean(seconds.map(({ running }) => running)),
    backlog: seconds.reduce((most, { backlog }) => Math.max(most, backlog), 0),
    instances: seconds.at(-1)?.running ?? 0,
  }
}

const pointsOf = (seconds: readonly SimulatedSecond[], capacity: number): SimulatedPoint[] => {
  const length = Math.max(1, Math.ceil(seconds.length / mostPoints))
  return Array.from({ length: Math.ceil(seconds.length / length) }, (_, at) => pointOf(seconds.slice(at * length, (at + 1) * length), at * length, capacity))
}

type Played = Pick<Candidate, 'simulation' | 'violated' | 'monthlyHours' | 'monthlyCost'>

const simulationOf = ({ simulation, violated, monthlyHours, monthlyCost }: Played, capacity: number, longestWait: number): SimulationRecord => {
  const longest = simulation.waits.reduce((most, wait) => Math.max(most, wait), 0)
  return {
    seconds: simulation.seconds.length,
    longestWait: Number.isFinite(longest) ? longest : null,
    violated,
    late: violatedRequests(simulation, longestWait),
    allowedWait: longestWait,
    monthlyHours,
    monthlyCost: monthlyCost ?? null,
    points: pointsOf(simulation.seconds, capacity),
  }
}

const deployedOf = ({ deployed, longestWait }: Advice): SimulationRecord | null =>
  deployed === undefined || deployed.declined ? null : simulationOf(deployed, deployed.capacity, longestWait)

const simulationsOf = (advice: Advice): Pick<AdviceRecord, 'simulation' | 'reactive' | 'deployed'> => {
  const { scaling, capacity, longestWait } = advice
  const deployed = deployedOf(advice)
  if (scaling.declined || capacity === null) return { simulation: null, reactive: null, deployed }
  return {
    simulation: simulationOf(scaling.chosen, capacity, longestWait),
    reactive: scaling.isReactiveEnough ? null : simulationOf(scaling.reactiveOnly, capacity, longestWait),
    deployed,
  }
}

/** @param madeAt ISO date and time */
export const adviceRecord = (advice: Advice, recommendation: Recommendation, { dated, region, source }: Prices, madeAt: string): AdviceRecord => ({
  format: adviceFormat,
  madeAt,
  ...recommendation,
  prices: { dated, region, source },
  ...simulationsOf(advice),
})

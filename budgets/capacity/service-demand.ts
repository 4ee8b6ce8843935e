/**
 * What one request costs of a resource, and how many a second the resource can serve.
 * Source: Denning & Buzen, The Operational Analysis of Queueing Network Models, 1978; Little, A Proof for the Queuing Formula L = λW, 1961.
 *
 *   U = b + D·X   U busy servers (cores), D demand of a request (s), b what is used without any · X_max = (c − b) ÷ D
 */
import { type Declined, declined } from '../../runner/stats/few.ts'
import { countOf, figure, percent } from '../figure.ts'

/** `rate`: requests per second · `busy`: servers in use, such as cores. */
export type UsePoint = { readonly rate: number; readonly busy: number }

export type ServiceDemand = {
  readonly declined: false
  /** Seconds of one server for one request. */
  readonly demand: number
  /** Servers busy without any request. */
  readonly background: number
  /** Share of the spread of use that the rate explains, 0–1. */
  readonly determination: number
  /** Rates between which it was measured. */
  readonly from: number
  readonly until: number
  /** What the line was fitted to. */
  readonly points: readonly UsePoint[]
}

const needed = { steps: 3, determination: 0.8, rangeOfRates: 2 } as const
const farthest = 0.3 // share of the servers from which what they can do may be extrapolated

/** @example serviceDemand([{ rate: 50, busy: 0.33 }, { rate: 100, busy: 0.61 }, …], 'CPU') // { demand: 0.00592, background: 0.026, … } */
export const serviceDemand = (points: readonly UsePoint[], resource: string): ServiceDemand | Declined => {
  const rates = points.map(({ rate }) => rate)
  const [least, most] = [Math.min(...rates), Math.max(...rates)]
  if (points.length < needed.steps)
    return declined(
      `What a request takes of ${resource} is unknown, because ${countOf(points.length, 'step')} of load ${points.length === 1 ? 'was' : 'were'} measured and ${needed.steps} are needed.`,
    )
  if (!(most >= needed.rangeOfRates * least))
    return declined(
      `What a request takes of ${resource} is unknown, because rates from ${figure(least, '/s')} to ${figure(most, '/s')} were measured and a factor of ${needed.rangeOfRates} is needed.`,
    )
  const meanRate = rates.reduce((sum, value) => sum + value, 0) / points.length
  const meanBusy = points.reduce((sum, { busy }) => sum + busy, 0) / points.length
  const together = points.reduce((sum, { rate, busy }) => sum + (rate - meanRate) * (busy - meanBusy), 0)
  const ofRates = points.reduce((sum, { rate }) => sum + (rate - meanRate) ** 2, 0)
  const ofUse = points.reduce((sum, { busy }) => sum + (busy - meanBusy) ** 2, 0)
  const demand = together / ofRates
  const determination = ofUse === 0 ? 0 : together ** 2 / (ofRates * ofUse)
  if (determination < needed.determination || demand <= 0)
    return declined(`What a request takes of ${resource} is unknown, because its use does not follow throughput (R² ${figure(determination, '', 2)}).`)
  return { declined: false, demand, background: meanBusy - demand * meanRate, determination, from: least, until: most, points }
}

/**
 * The rate at which `servers` are busy to the share `use`, per second.
 * @param highest most that was seen busy: from too little of it nothing is extrapolated
 * @example highestRate({ demand: 0.00592, background: 0.026, … }, 4, 1.52) // 671.28
 */
export const highestRate = (
  { demand, background }: Pick<ServiceDemand, 'demand' | 'background'>,
  servers: number,
  highest: number,
  use = 1,
): number | Declined =>
  highest < farthest * servers
    ? declined(
        `The rate that it can serve is unknown: it would be extrapolating from ${percent(highest / servers, 2)} of it in use, and ${percent(farthest)} is needed.`,
      )
    : (servers * use - background) / demand

/** `demand`: seconds that a request takes of one of its `servers`. */
export type Station = { readonly demand: number; readonly servers: number }

const sumOf = (stations: readonly Station[]): number => stations.reduce((sum, { demand }) => sum + demand, 0)

/** Largest demand, in seconds between two requests that it serves. */
const slowest = (stations: readonly Station[]): number => stations.reduce((most, { demand, servers }) => Math.max(most, demand / servers), 0)

/**
 * What a closed loop of N users can reach at most, whatever the order of service: X ≤ min(1 ÷ D_max, N ÷ (ΣD + Z)), R ≥ max(ΣD, N·D_max − Z).
 * @param think Z: seconds that a request spends elsewhere
 * @example closedBounds([{ demand: 0.02, servers: 1 }], 1, 100) // { throughput: 50, responseTime: 1 }
 */
export const closedBounds = (
  stations: readonly Station[],
  think: number,
  users: number,
): { readonly throughput: number /** Seconds, at least. */; readonly responseTime: number } => ({
  throughput: Math.min(1 / slowest(stations), users / (sumOf(stations) + think)),
  responseTime: Math.max(sumOf(stations), users * slowest(stations) - think),
})

/** Users from which on a closed loop waits for its largest demand: (ΣD + Z) ÷ D_max. @example usersToFill([{ demand: 0.02, servers: 1 }], 1) // 51 */
export const usersToFill = (stations: readonly Station[], think: number): number => (sumOf(stations) + think) / slowest(stations)

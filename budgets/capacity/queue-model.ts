/**
 * Response times behind a pool of c servers with one line, as queueing theory has them: the times of a calm step, plus the wait for a server.
 *
 *   P(R > t) = Σ over calm times s of P(W > t − s)     P(W > w) = C · e^(−θw)     θ = (c/D − λ) · 2 ÷ (C_a² + C_s²)
 *
 * C: Erlang's probability of waiting · D: time of a server for a request · C_a², C_s²: squared coefficients of variation of arrivals and
 * service. Exact for Poisson arrivals and exponential service (M/M/c); for others the mean wait is Allen and Cunneen's and its tail
 * exponential, so it is held against what was measured before anything is said.
 */
import { type Histogram, midpoint } from '../../runner/stats/histogram.ts'
import { allenCunneen, erlangC } from './queue.ts'
import type { Objective } from './step-judge.ts'

export type Pool = {
  readonly servers: number
  /** D, seconds. */
  readonly service: number
  /** Response times of calm steps, ms. */
  readonly calm: Histogram
  /** What calm times are multiplied by to be those without any load, ≤ 1: see {@link withoutLoad}. */
  readonly scale: number
  /** C_a² of arrivals: 1 when they are independent of each other, 0 when they come evenly. */
  readonly arrivals: number
}

/**
 * C_s², as that of the calm times: what they hold beside D is taken to stretch it, since its own spread is not known.
 * @example variationOf(exponential times) // about 1
 */
export const variationOf = (calm: Histogram): number => {
  const mean = calm.sum / calm.count
  let squares = 0
  for (let at = 0; at < calm.buckets.length; at += 2) squares += (calm.buckets[at + 1] as number) * (midpoint(calm.buckets[at] as number) - mean) ** 2
  return squares / calm.count / mean ** 2
}

/** θ per second, by rate. */
const drainOf = ({ servers, service, arrivals, calm }: Omit<Pool, 'scale'>): ((rate: number) => number) => {
  const spread = Math.max((arrivals + variationOf(calm)) / 2, 1e-6)
  return (rate) => (servers / service - rate) / spread
}

/** What waits longer than it is served was not calm. */
const leastScale = 0.5

/**
 * A pool whose calm times were measured at a low rate, of which the wait at that rate is taken out: exact for one server with exponential
 * service, where times at any rate have the same form.
 */
export const withoutLoad = (pool: Omit<Pool, 'scale'>, rate: number): Pool => {
  const { servers, service, calm, arrivals } = pool
  const mean = calm.sum / calm.count / 1000
  const wait = allenCunneen({ servers, arrivals: rate, service }, { arrivals, service: variationOf(calm) })
  return { ...pool, scale: typeof wait === 'number' ? Math.max(leastScale, 1 - wait / mean) : leastScale }
}

/** What depends on the pool alone is done once: whoever looks for a rate or a time asks many times. */
const lateness = (pool: Pool): ((rate: number, t: number) => number) => {
  const { servers, service, calm, scale } = pool
  const drain = drainOf(pool)
  const times = Float64Array.from({ length: calm.buckets.length / 2 }, (_, at) => scale * midpoint(calm.buckets[2 * at] as number))
  return (rate, t) => {
    const offered = rate * service
    if (offered >= servers) return 1
    const probability = erlangC({ servers, offered })
    const perMillisecond = drain(rate) / 1000
    let late = 0
    for (let at = 0; at < times.length; at++) {
      const left = t - (times[at] as number)
      late += (calm.buckets[2 * at + 1] as number) * (left < 0 ? 1 : probability * Math.exp(-perMillisecond * left))
    }
    return late / calm.count
  }
}

/** Probability of a response longer than t ms at a rate per second; 1 without a steady state. */
export const longerThan = (pool: Pool, rate: number, t: number): number => lateness(pool)(rate, t)

const nearest = 1e-4

/** Quantile of response times in ms at a rate; Infinity without a steady state. */
export const responseQuantile = (pool: Pool, rate: number, p: number): number => {
  if (rate * pool.service >= pool.servers) return Infinity
  const late = lateness(pool)
  let [low, high] = [0, Math.max(1, pool.calm.max)]
  while (late(rate, high) > 1 - p) high *= 2
  while (high - low > nearest * high) {
    const middle = (low + high) / 2
    if (late(rate, middle) > 1 - p) low = middle
    else high = middle
  }
  return high
}

/** The highest rate at which the objective is met; 0 where it is not met without load either. */
export const kneeUnder = (pool: Pool, { quantile, milliseconds }: Objective): number => {
  const late = lateness(pool)
  if (late(0, milliseconds) > 1 - quantile) return 0
  let [low, high] = [0, pool.servers / pool.service]
  while (high - low > nearest * high) {
    const middle = (low + high) / 2
    if (late(middle, milliseconds) > 1 - quantile) high = middle
    else low = middle
  }
  return low
}

/** Seconds until a line that was disturbed has forgotten it: 1 ÷ (c·μ·(1 − √ρ)²). Cohen, The Single Server Queue, 1982, for c = 1. */
export const relaxation = ({ servers, service }: Pick<Pool, 'servers' | 'service'>, rate: number): number =>
  service / servers / (1 - Math.sqrt(Math.min(1, (rate * service) / servers))) ** 2

/**
 * Waiting for one of c equal servers: a pool of connections, cores, tasks behind one queue.
 * Sources: Erlang, Solution of Some Problems in the Theory of Probabilities of Significance in Automatic Telephone Exchanges, 1917;
 * Allen, Probability, Statistics and Queueing Theory, 1990; Kingman, The Single Server Queue in Heavy Traffic, 1961;
 * Halfin & Whitt, Heavy-Traffic Limits for Queues with Many Exponential Servers, 1981.
 * Arrivals independent of each other, service times exponential, no end to the line; allenCunneen allows other spreads, for the mean only.
 */
import { type Declined, declined } from '../../runner/stats/few.ts'
import { figure } from '../figure.ts'

/** `offered` a = λ ÷ μ in Erlangs, ≥ 0: how many servers would be busy if there were no end of them. */
export type Offered = { readonly servers: number; readonly offered: number }

/** Probability that all are busy where nobody waits. B₀ = 1, Bₖ = a·Bₖ₋₁ ÷ (k + a·Bₖ₋₁). @example erlangB({ servers: 10, offered: 8 }) // 0.1216611 */
export const erlangB = ({ servers, offered }: Offered): number => {
  let blocked = 1
  for (let k = 1; k <= servers; k++) blocked = (offered * blocked) / (k + offered * blocked)
  return blocked
}

/** Probability of waiting; 1 without a steady state. @example erlangC({ servers: 10, offered: 8 }) // 0.4091802 */
export const erlangC = (queue: Offered): number => {
  const use = queue.offered / queue.servers
  if (use >= 1) return 1
  const blocked = erlangB(queue)
  return blocked / (1 - use * (1 - blocked))
}

/** `arrivals` λ per second · `service` mean time of one, s. */
export type Queue = { readonly servers: number; readonly arrivals: number; readonly service: number }

export type Waiting = {
  readonly declined: false
  /** Busy share of the servers, ρ. */
  readonly use: number
  readonly probability: number
  /** Mean, in seconds, those that do not wait counted as 0. */
  readonly mean: number
  /** Probability of waiting longer than t seconds. */
  readonly longerThan: (t: number) => number
  /** Quantile of the wait in seconds. */
  readonly quantile: (p: number) => number
  /** Probability of a response (wait and service) longer than t seconds. */
  readonly responseLongerThan: (t: number) => number
}

/** @example const line = waiting({ servers: 10, arrivals: 8, service: 1 }); line.mean // 0.2045901 · line.quantile(0.95) // 1.051066 */
export const waiting = ({ servers, arrivals, service }: Queue): Waiting | Declined => {
  const offered = arrivals * service
  if (offered >= servers) return declined(`No steady state: ${figure(offered, '')} servers of work for ${figure(servers, '')} servers.`)
  const probability = erlangC({ servers, offered })
  const rate = 1 / service
  const spare = servers * rate - arrivals
  const longerThan = (t: number): number => probability * Math.exp(-spare * t)
  const responseLongerThan = (t: number): number =>
    Math.abs(spare - rate) < 1e-9 * rate
      ? Math.exp(-rate * t) * (1 + probability * rate * t)
      : (1 - probability) * Math.exp(-rate * t) + (probability * (spare * Math.exp(-rate * t) - rate * Math.exp(-spare * t))) / (spare - rate)
  return {
    declined: false,
    use: offered / servers,
    probability,
    mean: probability / spare,
    longerThan,
    quantile: (p) => Math.max(0, Math.log(probability / (1 - p)) / spare),
    responseLongerThan,
  }
}

/**
 * Mean wait in seconds when arrivals or service times spread otherwise, by their squared coefficients of variation. No percentile follows.
 * @example allenCunneen({ servers: 4, arrivals: 160, service: 0.02 }, { arrivals: 1, service: 0.5 }) // 0.0111831
 */
export const allenCunneen = (queue: Queue, variation: { readonly arrivals: number; readonly service: number }): number | Declined => {
  const line = waiting(queue)
  return line.declined ? line : (line.mean * (variation.arrivals + variation.service)) / 2
}

const nearest = 1e-9

/** Quantile of the response time in multiples of the mean service time, at a use below 1. */
const responseQuantile = (servers: number, use: number, p: number): number => {
  const line = waiting({ servers, arrivals: servers * use, service: 1 })
  if (line.declined) return Infinity
  let [low, high] = [0, 1]
  while (line.responseLongerThan(high) > 1 - p) high *= 2
  while (high - low > nearest * high) {
    const middle = (low + high) / 2
    if (line.responseLongerThan(middle) > 1 - p) low = middle
    else high = middle
  }
  return high
}

/**
 * The largest use of c servers at which the p-quantile of response times is at most `factor` times what it is without load.
 * @example largestUse(4, 2) // 0.863: p99 doubles at 86 %
 */
export const largestUse = (servers: number, factor: number, p = 0.99): number => {
  const allowed = -Math.log(1 - p) * factor
  let [low, high] = [0, 1]
  while (high - low > 1e-7) {
    const middle = (low + high) / 2
    if (responseQuantile(servers, middle, p) <= allowed) low = middle
    else high = middle
  }
  return low
}

/** The fewest servers with which less than `most` of the arrivals wait, exactly. @example fewestServers(100, 0.05) // 119 */
export const fewestServers = (offered: number, most: number): number => {
  let servers = Math.floor(offered) + 1
  while (erlangC({ servers, offered }) >= most) servers += 1
  return servers
}

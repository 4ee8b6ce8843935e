/**
 * What is known of queues: waiting and response times of c servers fed by Poisson arrivals, with exponential service.
 *
 * a = λ/μ: offered load in erlangs · c: servers, a whole number ≥ 1 · θ = cμ − λ · times in the unit of 1/μ.
 * Sources: Erlang 1917; Cooper, Introduction to Queueing Theory, 2nd ed., 1981. The figures they are held to are in queue.test.ts.
 */

export type Queue = {
  readonly servers: number
  /** λ */
  readonly arrivals: number
  /** μ, of one server. */
  readonly service: number
}

/** Probability that all c servers are busy where nobody waits (Erlang B). @example blocking(10, 8) // 0.1217 */
export const blocking = (servers: number, offered: number): number => {
  let b = 1
  for (let k = 1; k <= servers; k++) b = (offered * b) / (k + offered * b)
  return b
}

const offeredTo = ({ arrivals, service, servers }: Queue): number => {
  const offered = arrivals / service
  if (offered >= servers) throw new RangeError(`no steady state: ${offered} servers of work for ${servers} servers`)
  return offered
}

/** Probability of waiting (Erlang C). @throws {RangeError} when the queue grows without end @example waiting({ servers: 10, arrivals: 8, service: 1 }) // 0.4092 */
export const waiting = (queue: Queue): number => {
  const b = blocking(queue.servers, offeredTo(queue))
  return b / (1 - (offeredTo(queue) / queue.servers) * (1 - b))
}

const drain = ({ servers, service, arrivals }: Queue): number => servers * service - arrivals

/** Quantile p of the wait; 0 while p is among those who don't wait. */
export const waitQuantile = (queue: Queue, p: number): number => Math.max(0, Math.log(waiting(queue) / (1 - p)) / drain(queue))

/** P(R > t) of the response time, wait and service together. */
export const responseTail = (queue: Queue, t: number): number => {
  const c = waiting(queue)
  const { service: mu } = queue
  const theta = drain(queue)
  if (Math.abs(theta - mu) < 1e-9 * mu) return Math.exp(-mu * t) * (1 + c * mu * t)
  return (1 - c) * Math.exp(-mu * t) + (c * (theta * Math.exp(-mu * t) - mu * Math.exp(-theta * t))) / (theta - mu)
}

/** The value above which a falling tail leaves 1 − p. */
const invert = (tail: (t: number) => number, p: number): number => {
  let [low, high] = [0, 1]
  while (tail(high) > 1 - p) high *= 2
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2
    if (tail(middle) > 1 - p) low = middle
    else high = middle
  }
  return high
}

export const responseQuantile = (queue: Queue, p: number): number => invert((t) => responseTail(queue, t), p)

/** A pool whose line is limited: of those who come while `places` wait already, each is turned away. */
export type BoundedQueue = Queue & { readonly places: number }

/** Probability of n in the system, n from 0 to c + places, by the balance of what comes and goes. Any load has a steady state. */
const statesOf = ({ servers, arrivals, service, places }: BoundedQueue): number[] => {
  const weights = [1]
  for (let n = 1; n <= servers + places; n++) weights.push(((weights[n - 1] as number) * arrivals) / (Math.min(n, servers) * service))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** Share of arrivals turned away, which see the system as time does (PASTA). */
export const turnedAway = (queue: BoundedQueue): number => statesOf(queue).at(-1) ?? 0

/** P(wait > t) of an arrival that was let in: with n before it, n − c + 1 services must end, at c servers' pace (an Erlang distribution). */
export const boundedWaitTail = (queue: BoundedQueue, t: number): number => {
  const { servers, service } = queue
  const states = statesOf(queue).slice(0, -1)
  const letIn = states.reduce((total, probability) => total + probability, 0)
  let tail = 0
  let term = Math.exp(-servers * service * t)
  let poisson = 0
  for (let before = 0; servers + before < states.length; before++) {
    poisson += term
    term *= (servers * service * t) / (before + 1)
    tail += ((states[servers + before] as number) / letIn) * poisson
  }
  return tail
}

export const boundedWaitQuantile = (queue: BoundedQueue, p: number): number =>
  boundedWaitTail(queue, 0) <= 1 - p ? 0 : invert((t) => boundedWaitTail(queue, t), p)

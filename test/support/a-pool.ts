/** A target whose breaking point is known: c connections, each busy for a while, with a queue of limited length in front. */
import type { Answer, Arrival } from './a-run.ts'

export type Pool = {
  readonly connections: number
  /** Milliseconds a connection is busy: its mean, drawn evenly between half and one and a half times that. */
  readonly busy: number
  /** Requests that may wait; one more is answered 503. @default no limit */
  readonly queue?: number
  /** Requests that wait longer fail so. @default 60 000 ms */
  readonly timeout?: number
  /** Everything stands still in these spans of seconds. */
  readonly freezes?: readonly (readonly [from: number, until: number])[]
}

/** Requests per second it can do. @example capacityOf({ connections: 8, busy: 20 }) // 400 */
export const capacityOf = ({ connections, busy }: Pool): number => (connections * 1000) / busy

/** For `aRun({ answer: aPool(…) })`, with a single endpoint: requests must come in the order they are due. */
export const aPool = ({ connections, busy, queue = Infinity, timeout = 60_000, freezes = [] }: Pool): ((arrival: Arrival) => Answer) => {
  const freeAt = Array.from({ length: connections }, () => 0)
  const begins: number[] = []
  return ({ t, random }) => {
    while ((begins[0] ?? Infinity) <= t) begins.shift()
    if (begins.length >= queue) return 'HTTP 503'
    const connection = freeAt.indexOf(Math.min(...freeAt))
    const frozen = freezes.find(([from, until]) => t >= from && t < until)?.[1] ?? 0
    const begin = Math.max(t, freeAt[connection] ?? 0, frozen)
    const end = begin + (busy * (0.5 + random())) / 1000
    freeAt[connection] = end
    begins.push(begin)
    return (end - t) * 1000 > timeout ? 'timeout' : (end - t) * 1000
  }
}

/**
 * What a steady load must find at a server that stands still for a while: the response time of every single arrival, in milliseconds.
 * Everything else is exact: arrivals in the middle of their slots, a constant service time, an answer that frees its place at once.
 */

export type Frozen = {
  readonly rate: number
  /** Seconds. */
  readonly duration: number
  /** Milliseconds. */
  readonly service: number
  /** Seconds since the start. */
  readonly freezes: readonly { readonly from: number; readonly until: number }[]
  /** When the first arrival is due, in gaps between arrivals. @default 0.5 */
  readonly first?: number
}

/** Requests that may be under way at once, and what becomes of one more. */
export type Places = { readonly most: number; readonly beyond: 'wait' | 'drop' }

export type Outcome = { readonly times: readonly number[]; readonly dropped: number }

/** When an answer ends to a request that was sent at `sent`: what a freeze overtakes is ready as it ends, what is sent in it is only begun then. */
const endOf = (sent: number, { service, freezes }: Frozen): number => {
  const frozen = freezes.find(({ from, until }) => sent + service > from * 1000 && sent < until * 1000)
  if (frozen === undefined) return sent + service
  const { from, until } = frozen
  return sent < from * 1000 ? Math.max(sent + service, until * 1000) : until * 1000 + service
}

/** Ascending response times from due to end, and how many arrivals found no place. */
export const frozenOutcome = (frozen: Frozen, { most, beyond }: Places = { most: Infinity, beyond: 'wait' }): Outcome => {
  const { rate, duration, first = 0.5 } = frozen
  const times: number[] = []
  const underWay: number[] = [] // ends, ascending: who was sent later never ends earlier
  let dropped = 0
  for (let n = 0; n < Math.round(rate * duration); n++) {
    const due = ((n + first) * 1000) / rate
    while (underWay.length > 0 && (underWay[0] as number) <= due) underWay.shift()
    if (underWay.length >= most && beyond === 'drop') {
      dropped += 1
      continue
    }
    const sent = underWay.length < most ? due : (underWay.shift() as number)
    const end = endOf(sent, frozen)
    underWay.push(end)
    times.push(end - due)
  }
  return { times: times.sort((a, b) => a - b), dropped }
}

/** Nearest rank (type 1). @param times ascending */
export const quantileOf = (times: readonly number[], p: number): number => times[Math.max(1, Math.ceil(p * times.length - 1e-9)) - 1] ?? Number.NaN

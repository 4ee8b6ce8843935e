/**
 * When statements took their time. A server counts them since its start, so every ten seconds the counts are looked at, without the
 * texts, and what came since the look before is kept of those that took most.
 */
import type { Seconds } from '../../scenarios/units.ts'
import type { Observation } from '../run.ts'
import type { Statement } from './statements.ts'

/** Counts of one statement. */
export type Counts = Pick<Statement, 'id' | 'calls' | 'total'>
type Stretch = NonNullable<Observation['history']>[number]

const every = 10 // seconds; a look reads the counts of all statements, thousands on a busy server
const most = 10 // statements kept of a look; those below took little of its time

export class StatementHistory {
  #before: { readonly at: Seconds; readonly moment: number; readonly counts: ReadonlyMap<string, Counts> } | undefined
  #looked: Seconds | undefined
  readonly #stretches = new Map<string, Stretch[]>()

  /** @param now milliseconds on a clock that never jumps */
  constructor(private readonly now: () => number = () => performance.now()) {}

  isDue(at: Seconds): boolean {
    return this.#looked === undefined || at - this.#looked >= every
  }

  /** What came since the last look, when nobody says what second it is. */
  end(last: readonly Counts[]): void {
    if (this.#before !== undefined) this.add(Math.round(this.#before.at + (this.now() - this.#before.moment) / 1000), last)
  }

  /** @param now undefined where the server did not say in time: the next look, no sooner than after any other, tells of both stretches */
  add(at: Seconds, now: readonly Counts[] | undefined): void {
    this.#looked = at
    if (now === undefined) return
    const before = this.#before
    this.#before = { at, moment: this.now(), counts: new Map(now.map((each) => [each.id, each])) }
    if (before === undefined || at <= before.at) return
    const grown = now.flatMap(({ id, calls, total }) => {
      const earlier = before.counts.get(id)
      // One that the server forgot in between, or had not seen before, counts from 0.
      const from = earlier === undefined || earlier.calls > calls ? { calls: 0, total: 0 } : earlier
      return calls > from.calls ? [{ id, calls: calls - from.calls, total: total - from.total }] : []
    })
    for (const { id, calls, total } of grown.toSorted((a, b) => b.total - a.total).slice(0, most)) {
      const stretches = this.#stretches.get(id) ?? []
      this.#stretches.set(id, stretches)
      stretches.push({ from: before.at, until: at, calls, total: Number(total.toPrecision(6)) })
    }
  }

  /** Undefined where it never was among those that took most. */
  of(id: string): Stretch[] | undefined {
    return this.#stretches.get(id)
  }
}

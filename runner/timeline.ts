/**
 * The seconds of a run as they are told, in as many parts and in whatever order. What a run keeps in memory grows with its length and not
 * with its requests: a second that changes no more is handed on (to the disk, to the total) and packed.
 *
 * Packed, a second takes at most 3 bytes for each bucket in use, 120 for each endpoint and outcome, and 60 for each check, journey, group
 * or metric; test/runner/timeline.test.ts holds it to that. Fifty endpoints with 20 requests a second each: 10 kB a second, 36 MB an hour.
 */
import { Packing } from './packing.ts'
import type { Seconds, TimelineSecond } from './run.ts'
import { emptySecond, type SecondPart, SecondSum, totalOf } from './second-sum.ts'

export { emptySecond, type SecondPart, totalOf }

/** The newest settled seconds stay as they are: rules that end a run look at up to 60 of them, twice a second. */
const recent = 90

export class Timeline implements Seconds {
  /** Seconds that are still told of, and the newest ones. */
  readonly #plain = new Map<number, SecondSum>()
  readonly #packing = new Packing()
  readonly #packed: (Uint8Array | undefined)[] = []
  /** What was told of packed seconds afterwards. */
  readonly #late = new Map<number, SecondPart[]>()
  #last = -1
  #settled = 0
  #packedBytes = 0

  /**
   * @param handOn gets each second that has settled, in order, and then what is told of it later; their sum is the whole run
   * @param keptPlain the newest settled seconds that are not packed yet
   */
  constructor(
    private readonly handOn: (part: SecondPart) => void = () => {},
    private readonly keptPlain = recent,
  ) {}

  add(part: SecondPart): void {
    const { second } = part
    this.#last = Math.max(this.#last, second)
    if (second < this.#packed.length) this.#late.set(second, [...(this.#late.get(second) ?? []), part])
    else {
      const sum = this.#plain.get(second) ?? new SecondSum(second)
      this.#plain.set(second, sum)
      sum.add(part)
    }
    if (second < this.#settled) this.handOn(part)
  }

  /** Seconds before this one are told of no more; what comes all the same is added to them, at some cost. */
  settle(until: number): void {
    for (; this.#settled < until; this.#settled++) {
      const sum = this.#plain.get(this.#settled)
      if (sum !== undefined) this.handOn(sum.total)
    }
    for (let second = this.#packed.length; second < Math.min(this.#settled - this.keptPlain, this.length); second++) this.#pack(second)
  }

  #pack(second: number): void {
    const bytes = this.#plain.has(second) ? this.#packing.pack(this.at(second)) : undefined
    this.#packed.push(bytes)
    this.#packedBytes += bytes?.length ?? 0
    this.#plain.delete(second)
  }

  /** What is known so far of one second. */
  at(second: number): TimelineSecond {
    const bytes = this.#packed[second]
    const kept = bytes === undefined ? this.#plain.get(second)?.total : (this.#packing.unpack(bytes) as TimelineSecond)
    const late = this.#late.get(second)
    if (late === undefined) return kept ?? emptySecond(second)
    return totalOf(kept === undefined ? late : [kept, ...late])
  }

  /** The latest second told of; -1 before the first. */
  get last(): number {
    return this.#last
  }

  get length(): number {
    return this.#last + 1
  }

  get packedBytes(): number {
    return this.#packedBytes
  }

  /** @param until may lie beyond the last second */
  slice(from: number, until: number): TimelineSecond[] {
    const length = Math.max(0, Math.min(until, this.length) - from)
    return Array.from({ length }, (_, index) => this.at(from + index))
  }

  *[Symbol.iterator](): Generator<TimelineSecond> {
    for (let second = 0; second < this.length; second++) yield this.at(second)
  }

  /** Every second from 0 to the last one, those without events included. */
  seconds(): TimelineSecond[] {
    return this.slice(0, this.length)
  }
}

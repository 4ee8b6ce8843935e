/** One stream of points (a metric with its attributes, from one process), and what came since it was last asked. */
import type { Seconds } from '../../../scenarios/units.ts'
import type { Buckets, Point } from './messages.ts'

/** What a stream tells of the time between two readings; `null` where that time can't be told: nothing before, or it began to count anew. */
export type Told =
  | { readonly kind: 'gauge' | 'level'; readonly value: number }
  | { readonly kind: 'rate'; readonly value: number | null }
  | { readonly kind: 'histogram'; readonly seconds: Seconds; readonly buckets: Buckets | null }

const sameBounds = (a: Buckets, b: Buckets): boolean =>
  a.counts.length === b.counts.length && a.bounds.length === b.bounds.length && a.bounds.every((bound, index) => bound === b.bounds[index])

/** Both together; buckets only where both have the same. */
export const added = (a: Buckets, b: Buckets): Buckets => ({
  count: a.count + b.count,
  sum: a.sum === null || b.sum === null ? null : a.sum + b.sum,
  ...(sameBounds(a, b) ? { bounds: a.bounds, counts: a.counts.map((count, index) => count + (b.counts[index] ?? 0)) } : { bounds: [], counts: [] }),
  min: a.min === null || b.min === null ? null : Math.min(a.min, b.min),
  max: a.max === null || b.max === null ? null : Math.max(a.max, b.max),
})

/** What was counted between two looks at what only grows; null when it began anew. Least and most are of the whole time, and so hold for this part too. */
const grown = (before: Buckets, now: Buckets): Buckets | null => {
  const counts = sameBounds(before, now) ? now.counts.map((count, index) => count - (before.counts[index] ?? 0)) : []
  if (now.count < before.count || counts.some((count) => count < 0)) return null
  const sum = now.sum === null || before.sum === null ? null : now.sum - before.sum
  return { count: now.count - before.count, sum, bounds: counts.length > 0 ? now.bounds : [], counts, min: now.min, max: now.max }
}

const nothing = { increase: 0, seconds: 0, buckets: undefined as Buckets | undefined, isUnknown: false }

export class Stream {
  #last: Point | undefined
  #since = { ...nothing }

  take(point: Point): void {
    const before = this.#last
    if (before !== undefined && point.time <= before.time) return // said twice
    this.#last = point
    const { content } = point
    if (content.kind === 'gauge' || (content.kind === 'sum' && !content.isMonotonic && !content.isDelta)) return
    const from = content.isDelta ? (point.start > 0 ? point.start : before?.time) : this.#isContinued(before, point) ? before?.time : undefined
    this.#grow(before, point, from)
  }

  /** What came since the last call; undefined when nothing did. */
  told(): Told | undefined {
    const point = this.#last
    if (point === undefined) return undefined
    const { increase, seconds, buckets, isUnknown } = this.#since
    this.#since = { ...nothing }
    const { content } = point
    if (content.kind === 'gauge') return { kind: 'gauge', value: content.value }
    if (content.kind === 'sum' && !content.isMonotonic && !content.isDelta) return { kind: 'level', value: content.value }
    const isKnown = !isUnknown && seconds > 0
    if (content.kind === 'sum') return { kind: 'rate', value: isKnown ? increase / seconds : null }
    return { kind: 'histogram', seconds, buckets: isKnown ? (buckets ?? null) : null }
  }

  /** A process that was started again counts from another moment. */
  #isContinued(before: Point | undefined, now: Point): boolean {
    return before !== undefined && before.start === now.start
  }

  /** @param from when what it counts began; undefined when that is not known */
  #grow(before: Point | undefined, { content, time }: Point, from: Seconds | undefined): void {
    const since = this.#since
    if (from === undefined || time <= from) {
      since.isUnknown = true
      return
    }
    since.seconds += time - from
    if (content.kind === 'sum') {
      const base = content.isDelta ? 0 : before?.content.kind === 'sum' ? before.content.value : Number.NaN
      if (!content.isDelta && !(content.value >= base)) since.isUnknown = true
      since.increase += content.value - base
    }
    if (content.kind === 'histogram') {
      const base = before?.content.kind === 'histogram' ? before.content.buckets : undefined
      const more = content.isDelta ? content.buckets : base === undefined ? null : grown(base, content.buckets)
      if (more === null) since.isUnknown = true
      else since.buckets = since.buckets === undefined ? more : added(since.buckets, more)
    }
  }
}

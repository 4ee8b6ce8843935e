/**
 * Takes a constant out of times that k6 has summed up already.
 *
 * k6 starts its clock when it starts to wake its virtual users, and its schedule when they are awake: every lag it shows is longer by that
 * time, the same for a whole run (0.2 ms with 20 users, 15 ms with 2,000). Inside k6 nobody knows it, virtual users share no memory; here
 * the smallest lag of the run tells it. Only buckets can be moved, not samples, so a moved value is uncertain by half the width of the
 * bucket it came from, 0.39 % of value + offset: 0.06 ms at an offset of 15 ms. Sum, minimum and maximum are moved exactly.
 */
import { bucketBounds, bucketOf, empty, type Histogram, type Milliseconds } from '../../stats/histogram.ts'

/** Middle of a bucket in milliseconds; k6 rounds up to whole microseconds. */
const middleOf = (index: number): Milliseconds => {
  const { low, high } = bucketBounds(index)
  return (low - 1 + high) / 2000
}

/** The histogram with `by` milliseconds taken from every value; what would fall below 0 becomes 0. */
export const lowered = (histogram: Histogram, by: Milliseconds): Histogram => {
  if (histogram.count === 0 || by <= 0) return histogram
  const [min, max] = [Math.max(0, histogram.min - by), Math.max(0, histogram.max - by)]
  const [first, last] = [bucketOf(min), bucketOf(max)]
  const counts = new Map<number, number>()
  for (let at = 0; at < histogram.buckets.length; at += 2) {
    const index = Math.min(last, Math.max(first, bucketOf(Math.max(0, middleOf(histogram.buckets[at] ?? 0) - by))))
    counts.set(index, (counts.get(index) ?? 0) + (histogram.buckets[at + 1] ?? 0))
  }
  const buckets = [...counts].sort((a, b) => a[0] - b[0]).flat()
  return { buckets, count: histogram.count, sum: Math.max(0, histogram.sum - by * histogram.count), min, max }
}

/**
 * The same where what is to be taken depends on the value: bucket by bucket, sum and ends included. The smallest and the largest value
 * are moved as themselves.
 */
export const loweredEach = (histogram: Histogram, byFor: (value: Milliseconds) => Milliseconds): Histogram => {
  if (histogram.count === 0) return histogram
  const counts = new Map<number, number>()
  let [sum, min, max] = [0, Number.POSITIVE_INFINITY, 0]
  for (let at = 0; at < histogram.buckets.length; at += 2) {
    const [index, count] = [histogram.buckets[at] ?? 0, histogram.buckets[at + 1] ?? 0]
    const value = Math.min(histogram.max, Math.max(histogram.min, middleOf(index)))
    const moved = Math.max(0, value - byFor(value))
    counts.set(bucketOf(moved), (counts.get(bucketOf(moved)) ?? 0) + count)
    sum += moved * count
    min = Math.min(min, moved)
    max = Math.max(max, moved)
  }
  for (const end of [histogram.min, histogram.max]) {
    const moved = Math.max(0, end - byFor(end))
    min = Math.min(min, moved)
    max = Math.max(max, moved)
  }
  return { buckets: [...counts].sort((a, b) => a[0] - b[0]).flat(), count: histogram.count, sum, min, max }
}

/** Without the values that are exactly 0: k6 writes 0 for what was never sent. */
export const withoutZeros = (histogram: Histogram): Histogram => {
  const [index, zeros] = histogram.buckets
  if (index !== 0 || zeros === undefined) return histogram
  if (zeros === histogram.count) return empty
  const buckets = histogram.buckets.slice(2)
  const { low } = bucketBounds(buckets[0] ?? 0)
  return { buckets, count: histogram.count - zeros, sum: histogram.sum, min: low / 1000, max: histogram.max }
}

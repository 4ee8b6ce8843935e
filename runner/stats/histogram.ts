/**
 * Log-linear histogram: HdrHistogram's layout with two significant digits, in whole microseconds; k6's own layout too.
 * Bucket i < 256 holds exactly i µs; above, 128 buckets per octave, each 0.39 to 0.78 % wide, so that a midpoint is
 * at most 0.39 % off. Merging adds counts and is exact in any order. Source: Tene, HdrHistogram, 2012.
 */

/** Milliseconds. */
export type Milliseconds = number

/** Sparse and immutable, as it is stored: `buckets` alternates index, count, index, count …, indices rising. */
export type Histogram = {
  readonly buckets: readonly number[]
  readonly count: number
  /** Milliseconds. */
  readonly sum: number
  /** Exact, in milliseconds; 0 when empty. */
  readonly min: Milliseconds
  /** Exact, in milliseconds; 0 when empty. */
  readonly max: Milliseconds
}

export const empty: Histogram = { buckets: [], count: 0, sum: 0, min: 0, max: 0 }

/** Bucket of a value in milliseconds ≥ 0; a fraction of a microsecond counts up. @example bucketOf(1.0002) // 506 */
export const bucketOf = (value: Milliseconds): number => {
  // Without the 1e-6 a value such as 0.256 ms, 256.00000000000006 µs in binary, would land one microsecond higher.
  const micros = Math.max(0, Math.ceil(value * 1000 - 1e-6))
  if (micros < 256) return micros
  if (micros <= 0x7fffffff) {
    const shift = 24 - Math.clz32(micros)
    return 128 * shift + (micros >>> shift)
  }
  const shift = Math.floor(Math.log2(micros)) - 7 // beyond 31 bits JavaScript's shifts would wrap round
  return 128 * shift + Math.floor(micros / 2 ** shift)
}

/** Lowest and highest whole microsecond of a bucket. @example bucketBounds(924) // { low: 9984, high: 10047 } */
export const bucketBounds = (index: number): { readonly low: number; readonly high: number } => {
  if (index < 256) return { low: index, high: index }
  const shift = Math.floor(index / 128) - 1
  const mantissa = index - 128 * shift
  return { low: mantissa * 2 ** shift, high: (mantissa + 1) * 2 ** shift - 1 }
}

/** Middle of a bucket in milliseconds. Without asking for its bounds, which takes four times as long, and models ask millions of times. */
export const midpoint = (index: number): Milliseconds => {
  if (index < 256) return index / 1000
  const shift = Math.floor(index / 128) - 1
  return ((2 * (index - 128 * shift) + 1) * 2 ** shift - 1) / 2000
}

/** One more than the highest bucket that a recorder fills: up to 2^42 µs, fifty days. */
export const mostBuckets = 4608

const lastBucket = 4607 // up to 2^42 µs, fifty days
const pageBits = 7 // 128 buckets, an octave

const pageOf = (value: Milliseconds): number => Math.min(bucketOf(value), lastBucket) >>> pageBits

/**
 * Collects values and hands them out as a {@link Histogram}. Dense inside, so that adding costs nanoseconds, but for those octaves only
 * in which a value has come: 1 kB each, where all of them would be 36 kB for each of a thousand endpoints.
 */
export class HistogramRecorder {
  readonly #pages: (Float64Array | undefined)[] = []
  #count = 0
  #sum = 0
  #min = Infinity
  #max = 0

  get count(): number {
    return this.#count
  }

  /** Values below 0, NaN and Infinity are refused by returning false: a clock error must not become a fast answer. */
  add(value: Milliseconds, times = 1): boolean {
    if (!(value >= 0 && value < Infinity)) return false
    const index = Math.min(bucketOf(value), lastBucket)
    const page = this.#pages[index >>> pageBits] ?? this.#newPage(index >>> pageBits)
    const at = index & (2 ** pageBits - 1)
    page[at] = (page[at] ?? 0) + times
    this.#count += times
    this.#sum += value * times
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
    return true
  }

  /** What was collected since the last call; the recorder is empty afterwards. */
  take(): Histogram {
    if (this.#count === 0) return empty
    const buckets: number[] = []
    const last = pageOf(this.#max)
    for (let number = pageOf(this.#min); number <= last; number++) {
      const page = this.#pages[number]
      if (page === undefined) continue
      for (let at = 0; at < page.length; at++) {
        const count = page[at] ?? 0
        if (count > 0) {
          buckets.push((number << pageBits) + at, count)
          page[at] = 0
        }
      }
    }
    const histogram = { buckets, count: this.#count, sum: this.#sum, min: this.#min, max: this.#max }
    this.#count = 0
    this.#sum = 0
    this.#min = Infinity
    this.#max = 0
    return histogram
  }

  #newPage(number: number): Float64Array {
    while (this.#pages.length < number) this.#pages.push(undefined) // without holes, which would make every look-up slower
    const page = new Float64Array(2 ** pageBits)
    this.#pages[number] = page
    return page
  }
}

/** Sum in whole thousandths of a millisecond: whole numbers add up exactly in any order, binary fractions do not. */
const thousandths = (sum: Milliseconds): number => Math.round(sum * 1000)

/**
 * Collects histograms and hands out their sum, the same to the last bit in any order; sums are kept to the microsecond.
 * Dense inside between the lowest and the highest bucket seen, so that adding costs nanoseconds; some 8 kB for times within a factor of 100.
 */
export class HistogramSum {
  /** The only one so far: most parts of a second are never added to. */
  #only: Histogram = empty
  /** Counts from bucket #low on; undefined until there are two histograms. */
  #counts: Float64Array | undefined
  #low = 0
  #count = 0
  #sum = 0
  #min = Infinity
  #max = 0

  add(histogram: Histogram): void {
    if (histogram.count === 0) return
    if (this.#counts !== undefined) this.#enter(histogram)
    else if (this.#only.count === 0) this.#only = histogram
    else {
      this.#enter(this.#only)
      this.#enter(histogram)
    }
  }

  #enter({ buckets, count, sum, min, max }: Histogram): void {
    const counts = this.#reaching(buckets[0] ?? 0, buckets.at(-2) ?? 0)
    const low = this.#low
    for (let at = 0; at < buckets.length; at += 2) {
      const index = (buckets[at] as number) - low
      counts[index] = (counts[index] as number) + (buckets[at + 1] as number)
    }
    this.#count += count
    this.#sum += thousandths(sum)
    this.#min = Math.min(this.#min, min)
    this.#max = Math.max(this.#max, max)
  }

  /** The counts, made to reach from bucket `first` to `last`; with some room, so that a slow drift does not copy them each time. */
  #reaching(first: number, last: number): Float64Array {
    const known = this.#counts
    if (known !== undefined && first >= this.#low && last < this.#low + known.length) return known
    const low = known === undefined ? first : Math.min(this.#low, Math.max(0, first - room))
    const end = known === undefined ? last + 1 : Math.max(this.#low + known.length, last + room)
    const wider = new Float64Array(end - low)
    if (known !== undefined) wider.set(known, this.#low - low)
    this.#low = low
    this.#counts = wider
    return wider
  }

  get total(): Histogram {
    if (this.#counts === undefined) return this.#only
    const buckets: number[] = []
    for (const [index, count] of this.#counts.entries()) if (count > 0) buckets.push(this.#low + index, count)
    return { buckets, count: this.#count, sum: this.#sum / 1000, min: this.#min, max: this.#max }
  }
}

const room = 64 // buckets: half an octave

/** Counts by bucket while a merge goes on, all 0 between merges: a fresh one for each would cost more than the merging. */
let counts = new Float64Array(8192)

const roomFor = (index: number): void => {
  if (index < counts.length) return
  const larger = new Float64Array(2 * index)
  larger.set(counts)
  counts = larger
}

/** Sum of histograms, the same to the last bit in any order; sums are kept to the microsecond. */
export const merge = (histograms: Iterable<Histogram>): Histogram => {
  let [count, sum, min, max] = [0, 0, Infinity, 0]
  let [lowest, highest] = [Infinity, -1]
  // Taken out first, because what they come from might merge something itself.
  for (const histogram of [...histograms]) {
    if (histogram.count === 0) continue
    const { buckets } = histogram
    const last = buckets.at(-2) ?? -1
    roomFor(last)
    for (let at = 0; at < buckets.length; at += 2) {
      const index = buckets[at] as number
      counts[index] = (counts[index] as number) + (buckets[at + 1] as number)
    }
    lowest = Math.min(lowest, buckets[0] ?? Infinity)
    highest = Math.max(highest, last)
    count += histogram.count
    sum += thousandths(histogram.sum)
    min = Math.min(min, histogram.min)
    max = Math.max(max, histogram.max)
  }
  if (count === 0) return empty
  const buckets: number[] = []
  for (let index = lowest; index <= highest; index++) {
    const inBucket = counts[index] as number
    if (inBucket === 0) continue
    buckets.push(index, inBucket)
    counts[index] = 0
  }
  return { buckets, count, sum: sum / 1000, min, max }
}

/** Histogram of plain values in milliseconds; for tests and for importing. */
export const histogramOf = (values: Iterable<Milliseconds>): Histogram => {
  const recorder = new HistogramRecorder()
  for (const value of values) recorder.add(value)
  return recorder.take()
}

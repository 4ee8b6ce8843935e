/**
 * Does memory leak, settle, or can't it be told? Blocks and their minima, because memory rises and falls between collections; Mann and
 * Kendall's test for a trend, Theil and Sen's slope with its interval. Only the longest stretch of an even load counts,
 * and of it only the time between two restarts of the process.
 */
import type { Run } from '../../runner/run.ts'
import { median } from '../../runner/stats/few.ts'
import type { Seconds } from '../../scenarios/units.ts'
import type { Reading, Resource } from '../attribution/resources.ts'
import { type Drift, driftOf, evenLoad, fewestBlocks, mostBlocks, type Stretch, significant } from './drift.ts'

/** Collections that a verdict on a small drift needs: two in each of twelve blocks. */
export const fewestCollections = 24
/** Seconds; in less a heap may only be warming up, however often it is collected. */
export const long = 600
/** Share of the limit by which a drift counts; the larger one where too little was seen to tell a leak from a heap that warms up. */
export const counts = { proven: 0.05, suspected: 0.2 } as const
const settles = 0.5 // slope of the last half, as a share of the whole
const restarts = 0.6 // what is left of the memory after one, at most
const falls = 0.25 // share of the range, the trend taken out, by which memory falls where it was collected

export type Growth = {
  readonly resource: Resource
  readonly piece: Stretch
  /** When the process began anew within the even load. */
  readonly restartedAt: Seconds | undefined
  readonly collections: number
  /** From the first block on to the level of the last ones. */
  readonly rose: number
  readonly level: number
  readonly state: 'leaks' | 'suspected' | 'settled' | 'refused' | 'still'
  readonly drift: Drift
}

const isWithin =
  ({ from, until }: Stretch) =>
  ({ at }: { readonly at: Seconds }): boolean =>
    at >= from && at < until

/** Moments at which there was far less memory than a reading before. What a collector frees at once is not the memory of the process. */
const restartsIn = ({ readings, what }: Resource, others: readonly Resource[]): Seconds[] => {
  const resident = what === 'heap' ? others.find((each) => each.what === 'memory') : undefined
  const seen = resident?.readings ?? (what === 'heap' ? [] : readings)
  return seen.flatMap(({ at, value }, index) => (index > 0 && value < restarts * (seen[index - 1]?.value ?? 0) ? [at] : []))
}

const longestPiece = (even: Stretch, cuts: readonly Seconds[]): Stretch => {
  const ends = [even.from, ...cuts.filter((at) => at > even.from && at < even.until), even.until]
  const pieces = ends.slice(1).map((until, index) => ({ from: ends[index] as Seconds, until }))
  return pieces.reduce((longest, piece) => (piece.until - piece.from > longest.until - longest.from ? piece : longest))
}

const rangeOf = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), -Infinity) - values.reduce((a, b) => Math.min(a, b), Infinity)

/** Falls from a peak to a trough that can be seen. */
const fallsIn = (readings: readonly Reading[], slope: number): number => {
  const values = readings.map(({ at, value }) => value - slope * at)
  const least = falls * rangeOf(values)
  let [peak, trough, found, isFalling] = [-Infinity, Infinity, 0, false]
  for (const value of values) {
    peak = isFalling ? peak : Math.max(peak, value)
    trough = isFalling ? Math.min(trough, value) : trough
    if (!isFalling && value < peak - least) [isFalling, trough, found] = [true, value, found + 1]
    else if (isFalling && value > trough + least) [isFalling, peak] = [false, value]
  }
  return found
}

/** As the collector itself counts them, where a probe asks it; no resource, so it is among the run's series only. */
const countedIn = (run: Run, service: string, piece: Stretch): number | undefined => {
  const series = run.probes.find(({ name }) => name === `${service}.full_collections`)
  return series?.at.reduce((sum, at, index) => sum + (isWithin(piece)({ at }) ? (series.values[index] ?? 0) : 0), 0)
}

const stateOf = (drift: Drift, rose: number, resource: Resource, first: number, isProof: boolean): Growth['state'] => {
  // Where no limit is known, what there was at first is the measure, and a small share of that says little.
  const proven = resource.limit === null ? counts.suspected * first : counts.proven * resource.limit
  const least = drift.low * drift.length * drift.values.length
  const isRising = drift.z >= significant && drift.halves[1] >= settles * drift.slope && drift.low > 0
  if (isRising && least >= proven) {
    if (isProof) return 'leaks'
    return resource.limit !== null && least >= counts.suspected * resource.limit ? 'suspected' : 'refused'
  }
  const stillRises = drift.halves[1] * drift.length * (drift.values.length / 2)
  return rose >= proven && Math.abs(stillRises) < settles * rose ? 'settled' : 'still'
}

const growthOf = (resource: Resource, all: readonly Resource[], run: Run): Growth | undefined => {
  const others = all.filter(({ service }) => service === resource.service)
  const last = resource.readings.at(-1)
  if (last === undefined) return undefined
  const load = evenLoad(run)
  // A process that is gone left readings up to its end.
  const even = { from: load.from, until: Math.min(load.until, last.at + 1) }
  if (even.until <= even.from) return undefined
  const cuts = restartsIn(resource, others)
  const piece = longestPiece(even, cuts)
  const readings = resource.readings.filter(isWithin(piece))
  const rough = driftOf(readings, piece, 'least')
  if (rough === undefined) return undefined
  const collections = countedIn(run, resource.service, piece) ?? fallsIn(readings, rough.slope)
  const drift = driftOf(readings, piece, 'least', Math.max(fewestBlocks, Math.min(mostBlocks, Math.floor(collections / 2)))) ?? rough
  const { values } = drift
  const first = values[0] as number
  const level = median(values.slice(-Math.ceil(values.length / 3)))
  const rose = level - first
  const isProof = collections >= fewestCollections && piece.until - piece.from >= long
  const state = stateOf(drift, rose, resource, first, isProof)
  return {
    resource,
    piece,
    restartedAt: cuts.find((at) => at === piece.from || at === piece.until),
    collections,
    rose,
    level: values.at(-1) as number,
    state,
    drift,
  }
}

/** Of each memory and heap that was watched long enough, those nearest to their limit first. */
export const memoryGrowths = (run: Run, resources: readonly Resource[]): Growth[] =>
  resources
    .filter(({ what, unit }) => unit === 'bytes' && /^(memory|heap\w*)$/.test(what))
    .flatMap((resource) => growthOf(resource, resources, run) ?? [])
    .toSorted((a, b) => (a.resource.limit ?? Infinity) - (b.resource.limit ?? Infinity))

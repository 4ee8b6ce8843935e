/**
 * Memory that grows while the load stays, told from memory that settles. Blocks and their minima, because memory rises and falls between
 * collections; Mann and Kendall's test for a trend, Theil and Sen's slope with its interval (science.md, soak).
 */
import type { Run } from '../../runner/run.ts'
import { mannKendall, theilSen } from '../../runner/stats/trend.ts'
import type { Reading, Resource } from '../attribution/resources.ts'
import { reading } from '../attribution/words.ts'
import { count, figure, percent } from '../figure.ts'
import type { Diagnosis } from './illness.ts'

const blocks = 12
const shortestBlock = 3 // seconds
const significant = 2.326 // z of a one-sided p of 0.01
/** Share of the limit by which a drift counts: for a soak, and for a run so short that a heap may only be warming up. */
const drifts = { long: 0.05, short: 0.2 } as const
const long = 600 // seconds
const settles = 0.5 // slope of the last half, as a share of the whole

type Growth = { readonly level: number; readonly slope: number; readonly low: number; readonly high: number /** Per second. */ }

/** Load changes memory by right: only the longest stretch of an even load is looked at. */
const evenLoad = ({ shape, durationSeconds, warmUp }: Run): { readonly from: number; readonly until: number } => {
  let start = 0
  let longest = { from: 0, until: 0 }
  for (const segment of shape.segments) {
    const isHeld = segment.kind === 'linear' && segment.from === segment.to
    const span = { from: Math.max(start, warmUp.seconds), until: Math.min(start + segment.duration, warmUp.seconds + durationSeconds) }
    if (isHeld && span.until - span.from > longest.until - longest.from) longest = span
    start += segment.duration
  }
  return longest
}

const minimaOf = (
  readings: readonly Reading[],
  { from, until }: { readonly from: number; readonly until: number },
): { readonly minima: readonly number[]; readonly length: number } => {
  const length = (until - from) / blocks
  const minima = Array.from({ length: blocks }, (_, block) =>
    readings.filter(({ at }) => at >= from + block * length && at < from + (block + 1) * length).reduce((least, { value }) => Math.min(least, value), Infinity),
  )
  return { minima, length }
}

const growthOf = (resource: Resource, run: Run): Growth | undefined => {
  const even = evenLoad(run)
  const last = resource.readings.at(-1)
  // A process that is gone left readings up to its end.
  const alive = { from: even.from, until: Math.min(even.until, last === undefined ? 0 : last.at + 1) }
  const { minima, length } = minimaOf(resource.readings, alive)
  if (length < shortestBlock || minima.some((value) => !Number.isFinite(value))) return undefined
  if (mannKendall(minima).z < significant) return undefined
  const whole = theilSen(minima)
  if (theilSen(minima.slice(blocks / 2)).slope < settles * whole.slope) return undefined
  const share = (resource.limit === null ? (minima[0] ?? 0) : resource.limit) * (run.durationSeconds >= long ? drifts.long : drifts.short)
  if (whole.low * blocks < share) return undefined
  return { level: minima.at(-1) ?? 0, slope: whole.slope / length, low: whole.low / length, high: whole.high / length }
}

const span = (seconds: number): string =>
  seconds < 90 ? `${count(Math.round(seconds))} s` : seconds < 5400 ? `${figure(seconds / 60, '', 2)} min` : `${figure(seconds / 3600, '', 2)} h`

const exhaustion = ({ level, slope, low, high }: Growth, limit: number | null): string =>
  limit === null
    ? 'When it is used up is unknown, because its limit is not known.'
    : level >= limit
      ? 'Its limit is reached.'
      : `At that pace its limit of ${reading(limit, 'bytes')} is reached in ${span((limit - level) / slope)}, between ${span((limit - level) / high)} and ${low <= 0 ? 'no end' : span((limit - level) / low)}.`

export const memoryLeak: Diagnosis = (seen) => {
  const growing = seen.resources
    .filter(({ what, unit }) => unit === 'bytes' && /^(memory|heap\w*)$/.test(what))
    .flatMap((resource) => {
      const growth = growthOf(resource, seen.run)
      return growth === undefined ? [] : [{ resource, growth }]
    })
    .toSorted((a, b) => (a.resource.limit ?? Infinity) - (b.resource.limit ?? Infinity))
  const [first, second] = growing
  if (first === undefined) return undefined
  const { resource, growth } = first
  const requests = seen.run.load.completed / Math.max(1, seen.run.durationSeconds)
  return {
    illness: 'memory-leak',
    name: second === undefined ? 'Memory grows (a leak is suspected)' : 'Memory leak',
    evidence: [
      `${resource.name} grew by ${reading(growth.slope * 60, 'bytes')} a minute [${reading(growth.low * 60, 'bytes')}, ${reading(growth.high * 60, 'bytes')}] under an even load, ${reading(growth.slope / Math.max(0.001, requests), 'bytes')} a request; it did not settle.`,
      exhaustion(growth, resource.limit),
      second === undefined
        ? 'Nothing else that was watched grows with it, so this is one sign and no proof.'
        : `${second.resource.name} grows with it, by ${reading(second.growth.slope * 60, 'bytes')} a minute.`,
      ...(seen.run.durationSeconds < long
        ? [
            `The run lasted ${span(seen.run.durationSeconds)}, too short to see collections come and go; a drift of ${percent(drifts.short)} of the limit was asked for in their place. A soak tells it surely.`,
          ]
        : []),
    ],
    remedy: [
      'Compare two heap snapshots, one before and one after load: node --heapsnapshot-signal=SIGUSR2, then look at what is new and kept.',
      'Look at caches without a bound, listeners that are added for each request, and arrays or maps at module level.',
    ],
    confirm: `perf run soak --target ${seen.run.target.url} --duration 1h   # ${resource.name} levels off`,
  }
}

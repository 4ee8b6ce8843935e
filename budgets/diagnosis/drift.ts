/** A trend of what a resource holds, told from blocks of readings: their minima or medians, since readings next to each other are alike. */
import type { Run } from '../../runner/run.ts'
import { median } from '../../runner/stats/few.ts'
import { mannKendall, theilSen } from '../../runner/stats/trend.ts'
import type { Seconds } from '../../scenarios/units.ts'
import type { Reading } from '../attribution/resources.ts'
import { reading, span } from '../attribution/words.ts'

export type Stretch = { readonly from: Seconds; readonly until: Seconds }

export type Drift = {
  /** Of the blocks, in order. */
  readonly values: readonly number[]
  /** Per second, with 95 % limits. */
  readonly slope: number
  readonly low: number
  readonly high: number
  /** Mann and Kendall's z. */
  readonly z: number
  /** Slopes of the two halves, per second. */
  readonly halves: readonly [first: number, last: number]
  readonly length: Seconds
}

export const fewestBlocks = 12
export const mostBlocks = 24
const shortestBlock = 3 // seconds
/** z of a one-sided p of 0.01. */
export const significant = 2.326

const of = { least: (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity), middle: median } as const

/** Undefined where a block would be too short, or is without a reading. @param shortest seconds */
export const driftOf = (
  readings: readonly Reading[],
  { from, until }: Stretch,
  value: keyof typeof of,
  blocks = fewestBlocks,
  shortest = shortestBlock,
): Drift | undefined => {
  const length = (until - from) / blocks
  if (length < shortest) return undefined
  const parts = Array.from({ length: blocks }, (): number[] => [])
  for (const { at, value: each } of readings) if (at >= from && at < until) parts[Math.min(blocks - 1, Math.floor((at - from) / length))]?.push(each)
  if (parts.some((part) => part.length === 0)) return undefined
  const values = parts.map(of[value])
  const half = Math.floor(blocks / 2)
  const { slope, low, high } = theilSen(values)
  const perSecond = (part: readonly number[]): number => theilSen(part).slope / length
  return {
    values,
    slope: slope / length,
    low: low / length,
    high: high / length,
    z: mannKendall(values).z,
    halves: [perSecond(values.slice(0, half)), perSecond(values.slice(-half))],
    length,
  }
}

/** Stretches of an even load: load changes what is held by right. */
export const evenStretches = ({ shape, durationSeconds, warmUp }: Run): readonly Stretch[] => {
  let start = 0
  return shape.segments.flatMap((segment) => {
    const from = Math.max(start, warmUp.seconds)
    start += segment.duration
    const until = Math.min(start, warmUp.seconds + durationSeconds)
    return segment.kind === 'linear' && segment.from === segment.to && until > from ? [{ from, until }] : []
  })
}

/** The longest of them. */
export const evenLoad = (run: Run): Stretch =>
  evenStretches(run).reduce((longest, each) => (each.until - each.from > longest.until - longest.from ? each : longest), { from: 0, until: 0 })

/** When a limit is reached at that pace, as a range. @param level now */
export const exhaustion = (level: number, { slope, low, high }: Drift, limit: number | null, unit: string): string =>
  limit === null
    ? 'When it is used up is unknown, because its limit is not known.'
    : level >= limit
      ? 'Its limit is reached.'
      : `At that pace its limit of ${reading(limit, unit)} is reached in ${span((limit - level) / slope)}, between ${span((limit - level) / high)} and ${low <= 0 ? 'no end' : span((limit - level) / low)}.`

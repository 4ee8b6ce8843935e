/** A trend of what a resource holds, told from blocks of readings: their minima or medians, since readings next to each other are alike. */
import type { Run } from '../../runner/run.ts'
import { median } from '../../runner/stats/few.ts'
import { mannKendall, theilSen } from '../../runner/stats/trend.ts'
import type { Seconds } from '../../scenarios/units.ts'
import type { Reading } from '../attribution/resources.ts'

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

/** Undefined where a block would be shorter than 3 s, or is without a reading. */
export const driftOf = (readings: readonly Reading[], { from, until }: Stretch, value: keyof typeof of, blocks = fewestBlocks): Drift | undefined => {
  const length = (until - from) / blocks
  if (length < shortestBlock) return undefined
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

/** The longest stretch of an even load: load changes what is held by right. */
export const evenLoad = ({ shape, durationSeconds, warmUp }: Run): Stretch => {
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

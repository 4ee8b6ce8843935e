/** Whether a series has come to rest: the slope of its last half, from medians of blocks. Source: science of trends in trend.ts; error rates in stats.md. */
import { type Declined, declined, median } from './few.ts'
import { theilSen } from './trend.ts'

const shortest = 600 // seconds; a slope over less is mostly noise
const blocks = 12
const tolerated = 0.02 // of the level per 10 min

/** Change per 10 min as a share of the level, with its 95 % limits. */
export type Drift = { readonly slope: number; readonly low: number; readonly high: number; readonly isDrifting: boolean }

/**
 * Drift at the end of a series of one value a second: the Theil-Sen slope of the medians of 12 blocks of its last half.
 * It is drifting when the slope's interval excludes 0 by more than 2 % of the level per 10 min.
 *
 * @example driftOf(oneP50PerSecond) // { slope: 0.03, low: 0.024, high: 0.037, isDrifting: true }
 */
export const driftOf = (values: readonly number[]): Drift | Declined => {
  if (values.length < shortest) return declined(`drift unknown, because ${values.length} s were measured and ${shortest} s are needed`)
  const half = values.slice(Math.floor(values.length / 2))
  const length = Math.floor(half.length / blocks)
  const medians = Array.from({ length: blocks }, (_, block) => median(half.slice(block * length, (block + 1) * length)))
  const level = median(medians)
  if (!(level > 0)) return declined('drift unknown, because the level is 0 and a share of it says nothing')
  const share = (perBlock: number): number => (perBlock * 600) / length / level
  const { slope, low, high } = theilSen(medians)
  return { slope: share(slope), low: share(low), high: share(high), isDrifting: share(low) > tolerated || share(high) < -tolerated }
}

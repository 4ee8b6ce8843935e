/** What counts in buckets allow to say of a quantile. */
import type { Buckets } from './messages.ts'

export type Bounds = { readonly atLeast: number | null; readonly atMost: number | null }

/**
 * The bucket that holds the quantile: between its bounds it may lie anywhere. The open ends are closed by the least and the most
 * value where those are told; measured values are no less than 0 (OpenTelemetry's histograms take no others).
 * @example quantileBounds({ count: 10, counts: [9, 1, 0], bounds: [5, 10], … }, 0.95) // { atLeast: 5, atMost: 10 }
 */
export const quantileBounds = ({ count, counts, bounds, min, max }: Buckets, share: number): Bounds => {
  if (count === 0 || counts.length !== bounds.length + 1) return { atLeast: null, atMost: null }
  const rank = share * count
  let seen = 0
  const index = counts.findIndex((each) => {
    seen += each
    return seen >= rank
  })
  if (index < 0) return { atLeast: null, atMost: null }
  const [below, above] = [bounds[index - 1], bounds[index]]
  return {
    atLeast: Math.max(below ?? 0, min ?? 0),
    atMost: above === undefined ? max : max === null ? above : Math.min(above, max),
  }
}

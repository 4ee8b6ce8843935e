/** Intervals of a run's percentiles, from its own seconds: how sure this run is of its figures. It says nothing about the next run. */
import type { Run } from './run.ts'
import { blockBootstrap, type Interval, SampledSeconds } from './stats/block-bootstrap.ts'
import { type Declined, declined } from './stats/few.ts'

export { type Declined, type Interval, SampledSeconds }

const enough = 200 // seconds; below, there are too few blocks anyway, and that is the plainer reason

/** Blocks are drawn in each other's place, so most of them must have been measured under one load. */
const changingLoad = ({ shape, timeline, warmUp }: Run): Declined | undefined => {
  if (timeline.length < enough) return undefined
  const end = warmUp.seconds + timeline.length
  let [start, longest] = [0, 0]
  for (const segment of shape.segments) {
    const isHeld = segment.kind === 'linear' && segment.from === segment.to
    if (isHeld) longest = Math.max(longest, Math.min(start + segment.duration, end) - Math.max(start, warmUp.seconds))
    start += segment.duration
  }
  if (2 * longest >= timeline.length) return undefined
  return declined(
    `interval unknown, because the load changed by plan: the longest stretch at one rate is ${Math.floor(longest)} of ${timeline.length} s, and half is needed`,
  )
}

/** @param run what follows its warm-up @param sampled the samples of its seconds */
export const intervalsWithin = (run: Run, sampled: SampledSeconds, percentiles: readonly number[]): readonly Interval[] | Declined =>
  changingLoad(run) ?? blockBootstrap(sampled, percentiles, run.provenance.seed)

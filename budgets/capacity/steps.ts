/** A rising load cut into steps, and each step into halves: the pieces that are judged one after the other. */
import type { Run } from '../../runner/run.ts'
import { durationOf, type Segment, type Shape, totalArrivals } from '../../scenarios/shape.ts'
import type { PerSecond, Seconds } from '../../scenarios/units.ts'

/** Whole seconds [from, until) of one step. A stair has one rate, a slice of a ramp goes from `low` to `high`. */
export type Half = { readonly step: number; readonly low: number; readonly high: number; readonly from: Seconds; readonly until: Seconds }

const sliceLength = 5 // seconds of a ramp that are judged together; the same as the shortest stair of a breakpoint test
const mostSlices = 20
const fewestArrivals = 20 // in a step: with fewer, one slow answer is a tenth of a half

type Step = { readonly low: number; readonly high: number; readonly from: Seconds; readonly until: Seconds }

const stepsIn = (segment: Segment, start: Seconds): Step[] => {
  // Only what rises or holds leads to a breakpoint; what happens on the way down belongs to the load before it.
  if (segment.kind === 'decay' || segment.to < segment.from) return []
  const { from, to, duration } = segment
  if (from === to) return [{ low: from, high: to, from: start, until: start + duration }]
  const slices = Math.max(1, Math.min(mostSlices, Math.floor(duration / sliceLength)))
  const rateAt = (slice: number): number => from + ((to - from) * slice) / slices
  return Array.from({ length: slices }, (_, slice) => ({
    low: rateAt(slice),
    high: rateAt(slice + 1),
    from: start + (duration * slice) / slices,
    until: start + (duration * (slice + 1)) / slices,
  }))
}

/** Halves of all steps that can be judged, in order. @example halvesOf(staircase of 2 × 5 s).length // 4 */
export const halvesOf = (shape: Shape): Half[] => {
  let start = 0
  const steps = shape.segments.flatMap((segment) => {
    const found = stepsIn(segment, start)
    start += segment.duration
    return found
  })
  return steps.flatMap(({ low, high, ...span }, step) => {
    const [from, until] = [Math.max(0, Math.ceil(span.from - 1e-6)), Math.floor(Math.min(span.until, durationOf(shape)) + 1e-6)]
    if (until - from < 2 || totalArrivals(shape, from, until) < fewestArrivals) return []
    const middle = Math.floor((from + until) / 2)
    return [
      { step, low, high, from, until: middle },
      { step, low, high, from: middle, until },
    ]
  })
}

/** End of the seconds in which load was made in full; the second in which a stop came is not one of them. */
export const offeredUntil = ({ timeline, ending }: Pick<Run, 'timeline' | 'ending'>): Seconds => {
  let last = timeline.length - 1
  while (last >= 0 && timeline.at(last)?.planned === 0) last -= 1
  return ending.state === 'completed' ? last + 1 : Math.max(0, last)
}

/** Halves of the steps that were offered to their end, in order. */
export const offeredHalves = (run: Run): Half[] => {
  const until = offeredUntil(run)
  const halves = halvesOf(shapeOf(run))
  return halves.filter(({ step }) => halves.every((half) => half.step !== step || half.until <= until))
}

/** The shape a run has kept, with its rates marked as rates again. */
export const shapeOf = ({ shape }: Pick<Run, 'shape'>): Shape => ({
  ...shape,
  segments: shape.segments.map(
    (segment): Segment =>
      segment.kind === 'linear'
        ? { ...segment, from: segment.from as PerSecond, to: segment.to as PerSecond }
        : { ...segment, from: segment.from as PerSecond, floor: segment.floor as PerSecond },
  ),
})

/** Instances in service and those on their way, as a policy's wishes change them. */
import type { MetricPoint, Moment, ScalingStep } from './policy.ts'

type Instances = Pick<Moment, 'running' | 'pending' | 'lastOut' | 'lastIn'>

type Starting = { readonly at: number; readonly count: number }

/** @param startUp s from asking for one until it is in service */
export const openInstances = (first: number, startUp: number) => {
  const steps: ScalingStep[] = []
  let starting: readonly Starting[] = []
  let running = first
  let [lastOut, lastIn]: (ScalingStep | undefined)[] = []
  const pending = (): number => starting.reduce((sum, { count }) => sum + count, 0)
  const there = (): Instances => ({ running, pending: pending(), ...(lastOut && { lastOut }), ...(lastIn && { lastIn }) })
  // Asked for every second, and seldom another one.
  let state = there()
  /** Those that were asked for last are given up first. */
  const giveUp = (count: number): void => {
    let left = count
    starting = starting.toReversed().flatMap(({ at, count: there }) => {
      const gone = Math.min(left, there)
      left -= gone
      return gone === there ? [] : [{ at, count: there - gone }]
    })
    starting = starting.toReversed()
    running -= left
  }
  return {
    steps: steps as readonly ScalingStep[],
    state: (): Instances => state,
    /** The same as a policy is told it. */
    moment: (now: number, points: readonly MetricPoint[]): Moment => {
      const { running, pending } = state
      // Written out, since a copy of an object by its members takes longer than all the rest of a second.
      if (lastOut === undefined) return lastIn === undefined ? { now, points, running, pending } : { now, points, running, pending, lastIn }
      return lastIn === undefined ? { now, points, running, pending, lastOut } : { now, points, running, pending, lastOut, lastIn }
    },
    /** Those that are ready by now. */
    join: (now: number): void => {
      if (starting.length === 0 || !starting.some(({ at }) => at <= now)) return
      running += starting.filter(({ at }) => at <= now).reduce((sum, { count }) => sum + count, 0)
      starting = starting.filter(({ at }) => at > now)
      state = there()
    },
    ask: (now: number, wanted: number | undefined): void => {
      const from = running + state.pending
      if (wanted === undefined || wanted === from) return
      const step = { at: now, from, to: wanted }
      steps.push(step)
      if (wanted > from) {
        // A second is the finest there is: one that is ready within its first half serves in all of it.
        starting = [...starting, { at: now + Math.round(startUp), count: wanted - from }]
        lastOut = step
      } else {
        giveUp(from - wanted)
        lastIn = step
      }
      state = there()
    },
  }
}

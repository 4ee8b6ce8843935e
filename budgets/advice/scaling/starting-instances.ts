/** Instances in service and those on their way, as a policy's wishes change them. */
import type { Moment, ScalingStep } from './policy.ts'

type Starting = { readonly at: number; readonly count: number }

/** @param startUp s from asking for one until it is in service */
export const openInstances = (first: number, startUp: number) => {
  const steps: ScalingStep[] = []
  let starting: readonly Starting[] = []
  let running = first
  let [lastOut, lastIn]: (ScalingStep | undefined)[] = []
  const pending = (): number => starting.reduce((sum, { count }) => sum + count, 0)
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
    state: (): Pick<Moment, 'running' | 'pending' | 'lastOut' | 'lastIn'> => ({
      running,
      pending: pending(),
      ...(lastOut && { lastOut }),
      ...(lastIn && { lastIn }),
    }),
    /** Those that are ready by now. */
    join: (now: number): void => {
      if (starting.length === 0) return
      running += starting.filter(({ at }) => at <= now).reduce((sum, { count }) => sum + count, 0)
      starting = starting.filter(({ at }) => at > now)
    },
    ask: (now: number, wanted: number | undefined): void => {
      const there = running + pending()
      if (wanted === undefined || wanted === there) return
      const step = { at: now, from: there, to: wanted }
      steps.push(step)
      if (wanted > there) {
        // A second is the finest there is: one that is ready within its first half serves in all of it.
        starting = [...starting, { at: now + Math.round(startUp), count: wanted - there }]
        lastOut = step
        return
      }
      giveUp(there - wanted)
      lastIn = step
    },
  }
}

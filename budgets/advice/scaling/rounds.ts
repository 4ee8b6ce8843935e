/** Why target tracking of CPU climbs in rounds: CPU can't show more than 100 %, so each round multiplies the instances by 100 ÷ T at most. */
import { figure, percent } from '../../figure.ts'
import type { Lag } from './lag.ts'

type Climb = {
  readonly instances: number
  /** Times what they take at the target, > 0. */
  readonly factor: number
  /** T as a ratio of CPU, below 1. */
  readonly target: number
}

/**
 * Rounds until a load is absorbed and CPU is at its target again. In the limit of many instances 1 where r·T ≤ 1, else ⌈ln rT ÷ ln 1/T⌉ + 1;
 * few are rounded up to whole ones, which can save a round.
 * @example roundsToAbsorb({ instances: 10, factor: 5, target: 0.7 }) // 5
 */
export const roundsToAbsorb = ({ instances, factor, target }: Climb): number => {
  const enough = instances * factor * target
  let [there, rounds] = [instances, 1]
  while (there < enough - 1e-9 * enough) {
    there = Math.max(there + 1, Math.ceil(there / target - 1e-9))
    rounds += 1
  }
  return rounds
}

/**
 * Undefined where one round brings enough of them.
 * @param lag of the first round @param publication s until a point is seen
 */
export const roundsSentence = (climb: Climb, lag: Lag, startUp: number, publication: number): string | undefined => {
  const short = roundsToAbsorb(climb) - 1 // the last one begins when there are enough already
  if (short < 2) return undefined
  // The next round goes by a point that the instances of the one before are in.
  const least = lag.least + (short - 1) * (startUp + publication)
  return `CPU can't show more than 100 %, so with a target of ${percent(climb.target, 2)} it takes ${short} rounds and ${figure(least, '')} s at least until there are enough instances; requests per instance show all of the rise at once.`
}

/** Policies as they are deployed, as the simulator plays them: those that it plays, and why it does not play the others. */
import type { DeployedPolicy } from '../../../runner/deployments/deployment.ts'
import type { ScalingPolicy } from '../scaling/policy.ts'
import type { PlayedMetric, Unplayed } from './played-metric.ts'

export type Threshold = PlayedMetric & {
  readonly threshold: number
  /** That it takes in a row. */
  readonly points: number
  /** As an alarm has them. */
  readonly isRead: boolean
  /** By target tracking of ECS, which asks for instances in proportion; absent: by something else. */
  readonly isTracked?: boolean
  /** s for which it must have wished for more. */
  readonly window?: number
}

export type PlayedPolicy = {
  readonly policy: ScalingPolicy
  /** Above which value of each of its metrics it goes out, in the simulator's units; empty: it never does. */
  readonly out: readonly Threshold[]
}

export type Played = {
  readonly policies: readonly PlayedPolicy[]
  /** Of each that can't be played, why: whole sentences. */
  readonly unplayed: readonly string[]
  /** Of each that never acts, why. */
  readonly idle: readonly string[]
  /** What is left out of those that are played. */
  readonly notes: readonly string[]
}

export const nothing: Played = { policies: [], unplayed: [], idle: [], notes: [] }
export const unplayed = ({ name }: DeployedPolicy, { without }: Unplayed): Played => ({
  ...nothing,
  unplayed: [`Policy ${name} is not played, because ${without}.`],
})
export const idle = ({ name }: DeployedPolicy, because: string): Played => ({ ...nothing, idle: [`Policy ${name} does nothing, because ${because}.`] })

export const together = (all: readonly Played[]): Played => ({
  policies: all.flatMap(({ policies }) => policies),
  unplayed: all.flatMap((each) => each.unplayed),
  idle: all.flatMap((each) => each.idle),
  notes: all.flatMap((each) => each.notes),
})

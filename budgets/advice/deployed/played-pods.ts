/** An autoscaler of Kubernetes as it is deployed, as the simulator plays it: all of its metrics together, with the behavior that is set. */
import type { DeployedPolicy } from '../../../runner/deployments/deployment.ts'
import { podAutoscaling } from '../scaling/horizontal-pod-autoscaler.ts'
import { keda } from '../scaling/keda.ts'
import type { PodBehavior } from '../scaling/pod-behavior.ts'
import type { Bounds, ScalingPolicy } from '../scaling/policy.ts'
import { idle, nothing, type Played } from './played.ts'
import type { Units, Unplayed } from './played-metric.ts'
import { behaviorFrom } from './pod-behavior-from.ts'
import { type PlayedGoal, podGoal } from './pod-metric.ts'

/** What its controller was told by flags can't be read. */
const assumed = 'What it does by itself is played as Kubernetes documents it: a look every 15 s, nothing within 10 % of the target, 300 s before pods go.'

const isGoal = (goal: PlayedGoal | Unplayed): goal is PlayedGoal => 'metric' in goal

const policyOf = (
  [first, ...also]: readonly [PlayedGoal, ...PlayedGoal[]],
  behavior: PodBehavior,
  bounds: Bounds,
  { type, pods }: DeployedPolicy,
): ScalingPolicy => {
  const options = { ...first, ...bounds, also, behavior }
  const { polling, cooldown } = pods ?? {}
  return type === 'keda'
    ? keda({ ...options, ...(polling !== undefined && { polling }), ...(cooldown !== undefined && { cooldown }) })
    : podAutoscaling(options)
}

/** @param policies the metrics of one autoscaler */
export const playedPods = (policies: readonly DeployedPolicy[], bounds: Bounds, units: Units): Played => {
  const [autoscaler] = policies
  if (autoscaler === undefined) return nothing
  const { stopped, pace } = autoscaler.pods ?? {}
  if (stopped !== undefined) return idle(autoscaler, stopped)
  const behavior = behaviorFrom(pace)
  if (behavior.out.select === 'none') return idle(autoscaler, 'its behavior lets it add no pods (selectPolicy Disabled)')
  const { tolerance, window } = behavior.out
  const all = policies.map((policy) => ({ policy, goal: podGoal(policy, tolerance, units) }))
  const unplayed = all.flatMap(({ policy, goal }) => (isGoal(goal) ? [] : [`${policy.metric} of ${policy.name} is not played, because ${goal.without}.`]))
  const goals = all.flatMap(({ goal }) => (isGoal(goal) ? [goal] : []))
  const [first, ...others] = goals
  if (first === undefined) return { ...nothing, unplayed }
  const out = goals.map(({ metric, share, target }) => ({ metric, share, threshold: target, points: 1, isRead: false, window }))
  const notes = [...new Set(goals.flatMap(({ note }) => note ?? []))]
  return { ...nothing, unplayed, notes: [...notes, assumed], policies: [{ policy: policyOf([first, ...others], behavior, bounds, autoscaler), out }] }
}

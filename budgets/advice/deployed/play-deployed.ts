/** What the autoscaler as it is deployed makes of the expected load: the same traffic and objective as what is recommended is found by. */
import type { Deployment } from '../../../runner/deployments/deployment.ts'
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { countOf } from '../../figure.ts'
import { type Candidate, hoursWith } from '../scaling/candidates.ts'
import { type Lag, lagOf, type StartUp } from '../scaling/lag.ts'
import type { KnownNeed } from '../scaling/need.ts'
import { onOneClock } from '../scaling/one-clock.ts'
import { pinned } from '../scaling/pinned.ts'
import { type Bounds, type ScalingPolicy, within } from '../scaling/policy.ts'
import { roundsSentence } from '../scaling/rounds.ts'
import { scheduledBounds } from '../scaling/scheduled-bounds.ts'
import { severalPolicies } from '../scaling/several-policies.ts'
import { type Simulation, simulate, violatedShare } from '../scaling/simulate.ts'
import { aroundTheHeight, trafficOf, usualCalm } from '../scaling/traffic.ts'
import type { Played, PlayedPolicy, Threshold } from './played.ts'
import type { Units } from './played-metric.ts'
import { playedPolicies } from './played-policy.ts'
import { scheduledActions } from './scheduled-actions.ts'

export type DeployedPlay = Pick<Candidate, 'simulation' | 'violated' | 'monthlyHours' | 'monthlyCost'> & {
  readonly declined: false
  /** Arrivals per second that one instance serves. */
  readonly capacity: number
  /** From the rise until there is more capacity; undefined: nothing ever adds any. */
  readonly lag: Lag | undefined
  /** Whole sentences. */
  readonly caveats: readonly string[]
}

type Quickest = { readonly policy: ScalingPolicy; readonly threshold: Threshold }

type Setting = {
  readonly policy: ScalingPolicy
  readonly instances: number
  readonly quickest?: Quickest | undefined
  /** Absent: the number stays. */
  readonly isScaled?: boolean
  /** CPU is tracked, and nothing else asks for more. */
  readonly isByCpuAlone?: boolean
  readonly caveats: readonly string[]
}

const asItIs = ({ instances: { desired } }: Deployment, because: string): Setting | Declined =>
  desired === 0
    ? declined(`${because}, and no instance is wanted: nobody would be served. A launch needs one at least. Start it, then read it again.`)
    : { policy: pinned(desired), instances: desired, caveats: [`${because}, so it is played with the ${countOf(desired, 'instance')} that there are.`] }

/** Instances between rises: so many that no policy asks for more; where nothing takes any away, those that there are, too. */
const steadyOf = (policies: readonly PlayedPolicy[], { instances }: Deployment, bounds: Bounds, { traffic, capacity }: KnownNeed): number => {
  const kept = policies.flatMap(({ out }) => out.map(({ metric, threshold }) => traffic.base / (metric === 'requests' ? threshold : capacity * threshold)))
  const isKept = policies.some(({ policy }) => policy.scalesIn)
  return within(bounds, Math.max(0, ...kept.map((each) => Math.ceil(each - 1e-9)), ...(isKept ? [] : [instances.desired])))
}

/** What would ask for more first. */
const quickest = (policies: readonly PlayedPolicy[]): Quickest | undefined => {
  const all = policies.flatMap(({ policy, out }) => out.map((threshold) => ({ policy, threshold })))
  const needs = ({ policy, threshold: { points, window = 0 } }: Quickest): number => policy.period * points + window
  return all.toSorted((a, b) => needs(a) - needs(b))[0]
}

const caveatsOf = ({ suspended }: Deployment, { unplayed, idle, notes }: Played, scalesIn: boolean): string[] => [
  ...idle,
  ...notes,
  ...unplayed.map((each) => `${each} It can only add instances, so waits may be shorter and cost more.`),
  ...(suspended?.in ? ['Scaling in is suspended.'] : []),
  ...(scalesIn ? [] : ['Nothing takes instances away, so what a rise has added is paid for until somebody does; that is not in the cost.']),
]

const settingOf = (deployment: Deployment, need: KnownNeed, units: Units): Setting | Declined => {
  const { instances, policies, suspended } = deployment
  const { minimum, maximum } = instances
  if (policies.length === 0 || minimum === undefined || maximum === undefined)
    return asItIs(deployment, deployment.schedules.length === 0 ? 'Nothing scales it' : 'Nothing but a schedule scales it')
  if (suspended?.out) return asItIs(deployment, 'Scaling out is suspended')
  const bounds = { minimum, maximum }
  const played = playedPolicies(policies, bounds, units)
  const acting = suspended?.in ? played.policies.map((each) => ({ ...each, policy: { ...each.policy, scalesIn: false } })) : played.policies
  const [first, ...others] = onOneClock(acting.map(({ policy }) => policy))
  if (first === undefined)
    return played.unplayed.length > 0 ? declined(played.unplayed.join(' ')) : asItIs(deployment, `${played.idle.join(' ')} Nothing scales it`)
  const policy = severalPolicies([first, ...others])
  const began = steadyOf(acting, deployment, bounds, need)
  return {
    policy,
    instances: began,
    quickest: quickest(acting),
    isScaled: true,
    isByCpuAlone: acting.every(({ out }) => out.every(({ metric, isTracked }) => isTracked === true && metric === 'use')),
    caveats: caveatsOf(deployment, played, policy.scalesIn),
  }
}

/** From three moments of a metric period; the worst counts. */
const worstOf = (
  offered: readonly number[],
  { policy, instances }: Setting,
  need: KnownNeed,
): { readonly simulation: Simulation; readonly violated: number } => {
  const { capacity, startUp, serviceTime = 0, lines = 'per-instance', longestWait } = need
  const fleetAt = (phase: number) => ({ instances, capacity, startUp, lines, phase, serviceTime })
  const played = [0, 1, 2].map((third) => {
    const fleet = fleetAt(Math.floor((third * policy.period) / 3))
    return { fleet, violated: violatedShare(offered, fleet, policy, longestWait) }
  })
  const { fleet, violated } = played.reduce((worst, each) => (each.violated > worst.violated ? each : worst))
  return { simulation: simulate(offered, fleet, policy), violated }
}

const lagIn = ({ quickest: first }: Setting, startUp: StartUp): Lag | undefined => {
  if (first === undefined) return undefined
  const { policy, threshold } = first
  return lagOf({ ...policy, ...threshold }, startUp, threshold.isRead ? 'read' : 'documented')
}

/** Why it comes so late, where CPU is all that it goes by. */
const climbOf = ({ instances, quickest: first, isByCpuAlone }: Setting, need: KnownNeed, startUp: StartUp, units: Units, lag: Lag | undefined): string[] => {
  const { capacity, traffic, offered } = need
  const { useAtCapacity: cpu = 1 } = units
  if (!isByCpuAlone || first === undefined || lag === undefined || offered !== undefined || cpu > 1) return []
  // A maximum that is too low ends the climb before there are enough.
  if (first.policy.bounds.maximum * capacity < traffic.peak) return []
  const { threshold } = first.threshold
  const factor = traffic.peak / (instances * capacity * threshold)
  const climb = { instances, factor, target: threshold * cpu }
  const because = roundsSentence(climb, lag, startUp.seconds, first.policy.publication)
  return because === undefined ? [] : [because]
}

/** With what is scheduled for the time of the rise. @param from seconds of the epoch at which what is played begins */
const withSchedules = (
  setting: Setting,
  { schedules, instances: { minimum, maximum } }: Deployment,
  from: number | undefined,
  { length }: readonly number[],
): Setting => {
  if (schedules.length === 0 || minimum === undefined || maximum === undefined) return setting
  const { actions, caveats } = scheduledActions(schedules, { minimum, maximum }, from, length)
  const inForce = actions.findLast(({ from }) => from <= 0)
  return {
    ...setting,
    ...(actions.length > 0 && { policy: scheduledBounds(setting.policy, actions), isByCpuAlone: false }),
    ...(inForce && { instances: within(inForce, setting.instances) }),
    caveats: [...setting.caveats, ...caveats],
  }
}

/** @param need of an instance as it is deployed @param startUp where its seconds come from */
export const playDeployed = (deployment: Deployment, need: KnownNeed, startUp: StartUp, units: Units): DeployedPlay | Declined => {
  const unscheduled = settingOf(deployment, need, units)
  if ('declined' in unscheduled) return unscheduled
  const whole = need.offered ?? trafficOf(need.traffic)
  const offered = aroundTheHeight(whole)
  // A series that was given, and a part of a long one, have no moment.
  const isDated = need.offered === undefined && offered === whole
  const setting = withSchedules(unscheduled, deployment, need.begins === undefined ? undefined : isDated ? need.begins - usualCalm : Number.NaN, offered)
  const { instances, caveats, isScaled } = setting
  const { simulation, violated } = worstOf(offered, setting, need)
  const monthlyHours = hoursWith(instances, simulation, need.risesAMonth)
  const lag = lagIn(setting, startUp)
  return {
    declined: false,
    capacity: need.capacity,
    simulation,
    violated,
    monthlyHours,
    ...(need.price && { monthlyCost: { amount: monthlyHours * need.price.hourly, currency: need.price.currency } }),
    lag,
    caveats: [...climbOf(setting, need, startUp, units, lag), ...(isScaled ? [`It begins with ${countOf(instances, 'instance')}.`] : []), ...caveats],
  }
}

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
import { severalPolicies } from '../scaling/several-policies.ts'
import { type Simulation, simulate, violatedShare } from '../scaling/simulate.ts'
import { aroundTheHeight, trafficOf } from '../scaling/traffic.ts'
import type { Played, PlayedPolicy, Threshold } from './played.ts'
import type { Units } from './played-metric.ts'
import { playedPolicies } from './played-policy.ts'

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

type Setting = { readonly policy: ScalingPolicy; readonly instances: number; readonly quickest?: Quickest | undefined; readonly caveats: readonly string[] }

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

const caveatsOf = ({ schedules, suspended }: Deployment, { unplayed, idle, notes }: Played, scalesIn: boolean): string[] => [
  ...idle,
  ...notes,
  ...unplayed.map((each) => `${each} It can only add instances, so waits may be shorter and cost more.`),
  ...(suspended?.in ? ['Scaling in is suspended.'] : []),
  ...(scalesIn ? [] : ['Nothing takes instances away, so what a rise has added is paid for until somebody does; that is not in the cost.']),
  ...(schedules.length === 0 ? [] : [`${countOf(schedules.length, 'scheduled action')} may set other bounds at the time; played are those of now.`]),
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
    caveats: [`It begins with ${countOf(began, 'instance')}.`, ...caveatsOf(deployment, played, policy.scalesIn)],
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

/** @param need of an instance as it is deployed @param startUp where its seconds come from */
export const playDeployed = (deployment: Deployment, need: KnownNeed, startUp: StartUp, units: Units): DeployedPlay | Declined => {
  const setting = settingOf(deployment, need, units)
  if ('declined' in setting) return setting
  const { instances, caveats } = setting
  const { simulation, violated } = worstOf(aroundTheHeight(need.offered ?? trafficOf(need.traffic)), setting, need)
  const monthlyHours = hoursWith(instances, simulation, need.risesAMonth)
  return {
    declined: false,
    capacity: need.capacity,
    simulation,
    violated,
    monthlyHours,
    ...(need.price && { monthlyCost: { amount: monthlyHours * need.price.hourly, currency: need.price.currency } }),
    lag: lagIn(setting, startUp),
    caveats,
  }
}

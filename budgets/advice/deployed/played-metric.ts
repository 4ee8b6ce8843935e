/** What a deployed policy watches, in the simulator's words and units, or why the simulator can't play it. */
import type { AlarmMetric, DeployedAlarm } from '../../../runner/deployments/alarm.ts'
import type { DeployedPolicy, Deployment } from '../../../runner/deployments/deployment.ts'
import { percent } from '../../figure.ts'
import type { ScalingMetric } from '../scaling/policy.ts'

/** `share`: a value of the platform × this is a value of the simulator. */
export type PlayedMetric = { readonly metric: ScalingMetric; readonly share: number }

/** The end of a sentence that begins with why something can't be played. */
export type Unplayed = { readonly without: string }

export type Units = {
  readonly deployment: Pick<Deployment, 'name' | 'resourceLabel' | 'requests' | 'size'>
  /** Share of what an instance reserves of CPU that it uses at what it can serve, 0–1; undefined: not watched. */
  readonly useAtCapacity: number | undefined
  /** The same in cores. */
  readonly coresAtCapacity?: number | undefined
  /** Whether CPU moves with the load. */
  readonly isCpuGuide: boolean
  /** Arrivals are journeys; what a balancer counts are their requests. */
  readonly requestsPerArrival: number
}

const minute = 60
const asPercent = 0.01

/** CPU that goes with the load. @param atCapacity undefined: not watched */
export const cpuGuide = (atCapacity: number | undefined, { isCpuGuide }: Units): number | Unplayed => {
  if (atCapacity === undefined)
    return { without: 'no probe watched CPU in these runs, and what it is at a rate must be known (a process or cgroup probe tells it)' }
  return isCpuGuide ? atCapacity : { without: 'its CPU did not follow the load' }
}

const cpuIn = (units: Units): PlayedMetric | Unplayed => {
  const use = cpuGuide(units.useAtCapacity, units)
  return typeof use === 'number' ? { metric: 'use', share: asPercent / use } : use
}

const isOfService = ({ dimensions }: AlarmMetric, { deployment: { name } }: Units): boolean =>
  name.kind === 'ecs' && dimensions.ClusterName === name.cluster && dimensions.ServiceName === name.service

/** One metric of CloudWatch. @param period s over which it is summed up */
const metricOf = (watched: AlarmMetric, period: number, units: Units): PlayedMetric | Unplayed => {
  const { namespace, name, statistic, dimensions } = watched
  if (namespace === 'AWS/ECS' && name === 'CPUUtilization') {
    if (!isOfService(watched, units)) return { without: `it watches another service (${Object.values(dimensions).join('/')})` }
    // In the simulator instances are alike, and in the service the busiest one is busier than their mean.
    return statistic === 'Average' ? cpuIn(units) : { without: `it takes the ${statistic} of CPU, and instances are played as if all were alike` }
  }
  if (namespace === 'AWS/ApplicationELB' && name === 'RequestCountPerTarget' && statistic === 'Sum') {
    const group = dimensions.TargetGroup
    if (units.deployment.resourceLabel !== undefined && (group === undefined || !units.deployment.resourceLabel.endsWith(group)))
      return { without: `it watches another target group (${group})` }
    return { metric: 'requests', share: 1 / (period * units.requestsPerArrival) }
  }
  return { without: `what ${name} (${statistic}) will be under this load is not known` }
}

export const alarmMetric = ({ watched, period = minute }: DeployedAlarm, units: Units): PlayedMetric | Unplayed =>
  watched.kind === 'metric'
    ? metricOf(watched, period, units)
    : { without: `it watches ${watched.kind === 'composite' ? 'other alarms' : watched.kind === 'band' ? 'a band that CloudWatch learns' : 'an expression'}` }

/** Of a policy that names its metric itself: one of those that ECS knows. */
export const policyMetric = ({ metric }: Pick<DeployedPolicy, 'metric'>, units: Units): PlayedMetric | Unplayed => {
  if (/^ECSServiceAverageCPUUtilization(HighResolution)?$/.test(metric)) return cpuIn(units)
  if (metric === 'ALBRequestCountPerTarget') return { metric: 'requests', share: 1 / (minute * units.requestsPerArrival) }
  return { without: metric === 'an expression' ? 'it watches an expression' : `what ${metric} will be under this load is not known` }
}

/** What a threshold says that lies beyond all that is played. */
export const beyondPlayed = ({ metric, share }: PlayedMetric, threshold: number, { useAtCapacity = 1 }: Units): string | undefined =>
  metric === 'use' && threshold * share >= 1
    ? `CPU was ${percent(useAtCapacity)} at the rate that one instance holds, and what it is beyond that is not played`
    : undefined

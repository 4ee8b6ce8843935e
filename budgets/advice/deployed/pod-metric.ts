/** What a metric of an autoscaler of Kubernetes is in the simulator's words and units, or why the simulator can't play it. */
import type { DeployedPods, DeployedPolicy } from '../../../runner/deployments/deployment.ts'
import { figure, percent } from '../../figure.ts'
import type { PodGoal } from '../scaling/horizontal-pod-autoscaler.ts'
import { cpuGuide, type PlayedMetric, type Units, type Unplayed } from './played-metric.ts'

/** In the simulator's units. */
export type PlayedGoal = PodGoal & PlayedMetric & { readonly note?: string | undefined }

/** As `perf advise --as hpa` writes it; of any other name only its adapter knows what it counts. */
const requestsOfPods = 'http_requests_per_second'
const hundredth = 0.01
const millicore = 0.001

/** Cores that a full use is a share of: of one container, or of all that last as long as the pod. */
const requested = ({ container }: DeployedPods, { requests, size }: Units['deployment']): number | Unplayed => {
  if (requests === undefined) return size?.vcpu ?? { without: 'what its pods request of CPU was not read, and its target is a share of that' }
  const asked = container === undefined ? requests.containers : requests.containers.filter(({ name }) => name === container)
  if (container !== undefined && asked.length === 0) return { without: `there is no container ${container} in its pods` }
  const vcpu = container === undefined ? requests.vcpu : asked[0]?.vcpu
  if (vcpu !== undefined && vcpu > 0) return vcpu
  const without = asked.filter((each) => each.vcpu === undefined).map(({ name }) => name)
  return {
    without: `its target is a share of the CPU that is requested, and ${without.length === 1 ? `container ${without[0]} requests` : `containers ${without.join(', ')} request`} none (set resources.requests.cpu: without it Kubernetes can't tell the use either)`,
  }
}

/** Of several containers the runs may have watched one. */
const noteOn = ({ container }: DeployedPods, { requests }: Units['deployment']): string | undefined => {
  if (requests === undefined || requests.containers.length < 2) return undefined
  return container === undefined
    ? 'CPU of its other containers is not in it, unless the runs watched the whole pod.'
    : `The CPU that the runs watched is taken for that of container ${container}.`
}

/** @param tolerance beyond which it goes out */
const cpuGoal = (target: number, pods: DeployedPods, tolerance: number, units: Units): PlayedGoal | Unplayed => {
  const cores = cpuGuide(units.coresAtCapacity, units)
  if (typeof cores !== 'number') return cores
  const isPercent = pods.unit === 'percent'
  const whole = isPercent ? requested(pods, units.deployment) : 1
  if (typeof whole !== 'number') return whole
  const share = (isPercent ? hundredth * whole : 1) / cores
  if (target * share * (1 + tolerance) >= 1) {
    const most = isPercent ? `${percent(cores / whole)} of what is requested` : `${figure(cores, '')} cores`
    return { without: `CPU was ${most} at the rate that one pod holds, and what it is beyond that is not played` }
  }
  return { metric: 'use', target: target * share, share, grain: isPercent ? share : millicore * share, note: noteOn(pods, units.deployment) }
}

export const podGoal = ({ metric, target, pods }: DeployedPolicy, tolerance: number, units: Units): PlayedGoal | Unplayed => {
  if (target === undefined || pods === undefined) return { without: 'its target is not known' }
  if (metric === 'cpu' && (pods.unit === 'percent' || pods.unit === 'cores')) return cpuGoal(target, pods, tolerance, units)
  if (metric === requestsOfPods && pods.unit === 'each' && pods.at === undefined) {
    const share = 1 / units.requestsPerArrival
    return { metric: 'requests', target: target * share, share, note: `${requestsOfPods} is taken for the requests that a pod gets, as its name says.` }
  }
  return { without: 'what it will be under this load is not known' }
}

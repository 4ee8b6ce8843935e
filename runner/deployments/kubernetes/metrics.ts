/** A metric of a HorizontalPodAutoscaler in the words of deployments: what is watched, the target, and what that is a figure of. */
import type { V2MetricSpec, V2MetricTarget } from '@kubernetes/client-node'
import type { DeployedPods, DeployedPolicy } from '../deployment.ts'
import { quantityOf } from './quantity.ts'

export type WatchedMetric = Pick<DeployedPolicy, 'metric' | 'target'> & { readonly pods: Pick<DeployedPods, 'unit' | 'container' | 'at'> }

/** Of what its own system measures in cores or bytes; of anything else it is the adapter's matter. */
const ownUnit = (resource: string): DeployedPods['unit'] => (resource === 'cpu' ? 'cores' : resource === 'memory' ? 'bytes' : 'each')

const aimOf = ({ type, averageUtilization, averageValue, value }: V2MetricTarget, each: DeployedPods['unit']) => {
  const target = averageUtilization ?? quantityOf(averageValue) ?? quantityOf(value)
  const unit: DeployedPods['unit'] = type === 'Utilization' ? 'percent' : type === 'Value' ? 'all' : each
  return { unit, ...(target !== undefined && { target }) }
}

const watched = (metric: string, { target, unit }: ReturnType<typeof aimOf>, more: Pick<DeployedPods, 'container' | 'at'> = {}): WatchedMetric => ({
  metric,
  ...(target !== undefined && { target }),
  pods: { unit, ...more },
})

export const watchedMetric = ({ type, resource, containerResource, pods, object, external }: V2MetricSpec): WatchedMetric => {
  if (resource !== undefined) return watched(resource.name, aimOf(resource.target, ownUnit(resource.name)))
  if (containerResource !== undefined)
    return watched(containerResource.name, aimOf(containerResource.target, ownUnit(containerResource.name)), { container: containerResource.container })
  if (object !== undefined)
    return watched(object.metric.name, aimOf(object.target, 'each'), { at: `${object.describedObject.kind} ${object.describedObject.name}` })
  const other = pods ?? external
  return other === undefined
    ? { metric: type, pods: { unit: 'each' } }
    : watched(other.metric.name, aimOf(other.target, 'each'), external === undefined ? {} : { at: 'an external source' })
}

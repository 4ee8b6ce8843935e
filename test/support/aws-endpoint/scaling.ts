/** Application Auto Scaling as it is read: targets, policies, schedules, activities. */
import type { Action } from './endpoint.ts'
import { AwsFault } from './fault.ts'
import { pageOf } from './page.ts'
import type { Members } from './protocols.ts'

const refusal = 'ValidationException'

/** Pages of up to 50; policies, of which a page holds 10. */
const bounds = { most: 50, usual: 50, refusal }
const boundsOfPolicies = { most: 10, usual: 10, refusal }

const isAsked = (
  { ServiceNamespace, ResourceId, ResourceIds, ScalableDimension }: Members,
  item: { readonly ServiceNamespace: string | undefined; readonly ResourceId: string | undefined; readonly ScalableDimension?: string | undefined },
): boolean => {
  if (ServiceNamespace === undefined) throw new AwsFault(refusal, "Value null at 'serviceNamespace' must not be null")
  return (
    item.ServiceNamespace === ServiceNamespace &&
    (ResourceId === undefined || item.ResourceId === ResourceId) &&
    (ResourceIds === undefined || ResourceIds.includes(item.ResourceId)) &&
    (ScalableDimension === undefined || item.ScalableDimension === ScalableDimension)
  )
}

export const scalingActions: Readonly<Record<string, Action>> = {
  'application-autoscaling:DescribeScalableTargets': (input, world) => {
    const all = world.targets.filter((target) => isAsked(input, target))
    const { items, next } = pageOf(all, world, bounds, input.MaxResults, input.NextToken)
    return { ScalableTargets: items, NextToken: next }
  },

  'application-autoscaling:DescribeScalingPolicies': (input, world) => {
    const all = world.policies.filter((policy) => isAsked(input, policy))
    const { items, next } = pageOf(all, world, boundsOfPolicies, input.MaxResults, input.NextToken)
    return { ScalingPolicies: items, NextToken: next }
  },

  'application-autoscaling:DescribeScheduledActions': (input, world) => {
    const all = world.schedules.filter((schedule) => isAsked(input, schedule))
    const { items, next } = pageOf(all, world, bounds, input.MaxResults, input.NextToken)
    return { ScheduledActions: items, NextToken: next }
  },

  'application-autoscaling:DescribeScalingActivities': (input, world) => {
    const all = world.activities.filter((activity) => isAsked(input, activity))
    const { items, next } = pageOf(all, world, bounds, input.MaxResults, input.NextToken)
    return { ScalingActivities: items, NextToken: next }
  },
}

/** Elastic Load Balancing v2: groups of targets, which name the balancer in front of them, and their health. */
import type { Action } from './endpoint.ts'
import { AwsFault } from './fault.ts'
import { pageOf } from './page.ts'

const bounds = { most: 400, usual: 400, refusal: 'ValidationError' }

export const balancingActions: Readonly<Record<string, Action>> = {
  'elasticloadbalancing:DescribeTargetGroups': ({ TargetGroupArns, Marker }, world) => {
    const found = world.groups.filter(({ TargetGroupArn = '' }) => TargetGroupArns === undefined || TargetGroupArns.includes(TargetGroupArn))
    if (found.length < (TargetGroupArns?.length ?? 0)) throw new AwsFault('TargetGroupNotFoundException', 'One or more target groups not found')
    const { items, next } = pageOf(found, world, bounds, undefined, Marker)
    return { TargetGroups: items, NextMarker: next }
  },

  'elasticloadbalancing:DescribeTargetHealth': ({ TargetGroupArn }, world) => {
    if (!world.groups.some((group) => group.TargetGroupArn === TargetGroupArn))
      throw new AwsFault('TargetGroupNotFoundException', 'One or more target groups not found')
    return { TargetHealthDescriptions: world.health.get(TargetGroupArn) ?? [] }
  },
}

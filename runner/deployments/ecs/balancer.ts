/** The load balancer in front: what request counts are labelled with, how healthy the targets are, and how long a new one waits for its health check. */
import type { TargetGroup, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { Balancer } from '../../aws/ready-metrics.ts'
import { asking } from '../../aws/refusal.ts'
import type { Deployment } from '../deployment.ts'
import type { Place } from './place.ts'

/** @example endOf('arn:aws:elasticloadbalancing:eu-central-1:1:targetgroup/web/6d0e') // 'targetgroup/web/6d0e' */
const endOf = (arn: string): string => arn.split(':').at(-1) ?? ''

/** @throws {AwsError} */
export const groupsAt = async (arns: readonly string[], { aws, signal }: Place): Promise<TargetGroup[]> => {
  const { library, client } = await aws.open('balancing')
  const command = new library.DescribeTargetGroupsCommand({ TargetGroupArns: [...arns] })
  const asked = { action: 'elasticloadbalancing:DescribeTargetGroups', resource: '*' }
  const { TargetGroups = [] } = await asking(asked, () => client.send(command, { abortSignal: signal }))
  return TargetGroups
}

/** @throws {AwsError} */
export const healthAt = async (group: string, { aws, signal }: Place): Promise<TargetHealthDescription[]> => {
  const { library, client } = await aws.open('balancing')
  const command = new library.DescribeTargetHealthCommand({ TargetGroupArn: group })
  const asked = { action: 'elasticloadbalancing:DescribeTargetHealth', resource: '*' }
  const { TargetHealthDescriptions = [] } = await asking(asked, () => client.send(command, { abortSignal: signal }))
  return TargetHealthDescriptions
}

/** Undefined in front of other kinds (network, gateway), which count no requests. */
export const balancerOf = (groups: readonly TargetGroup[]): Balancer | undefined => {
  for (const { TargetGroupArn = '', LoadBalancerArns = [] } of groups) {
    const application = LoadBalancerArns.map(endOf).find((end) => end.startsWith('loadbalancer/app/'))
    if (application !== undefined) return { loadBalancer: application.replace('loadbalancer/', ''), targetGroup: endOf(TargetGroupArn) }
  }
  return undefined
}

export const labelOf = ({ loadBalancer, targetGroup }: Balancer): string => `${loadBalancer}/${targetGroup}`

/** A target that is new needs one success; the threshold of healthy answers is for those that come back. */
export const afterStartOf = (groups: readonly TargetGroup[]): Deployment['afterStart'] => {
  const intervals = groups.map(({ HealthCheckIntervalSeconds = 30 }) => HealthCheckIntervalSeconds)
  if (intervals.length === 0) return undefined
  const seconds = Math.max(...intervals)
  return { seconds, because: 'one health check of the load balancer, whose moment AWS does not tell' }
}

export const healthCaveatsOf = (targets: readonly TargetHealthDescription[]): string[] => {
  const ill = targets.filter(({ TargetHealth }) => TargetHealth?.State === 'unhealthy' || TargetHealth?.State === 'unavailable')
  const [first] = ill
  if (first === undefined) return []
  const { Reason = 'no reason is told', Description } = first.TargetHealth ?? {}
  return [
    `${ill.length} of ${targets.length} targets are not healthy now (${Reason}${Description === undefined ? '' : `: ${Description.replace(/\.$/, '')}`}). They serve nothing, and count as instances. Look at their health check before advice is followed.`,
  ]
}

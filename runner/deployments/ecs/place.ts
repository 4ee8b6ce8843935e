/** Where a service of ECS is, and how it is asked for: everything that reading it needs. */
import type { AwsClients } from '../../aws/clients.ts'
import type { Identity } from '../../aws/identity.ts'

export type Place = Identity & {
  readonly aws: AwsClients
  readonly cluster: string
  readonly service: string
  readonly signal: AbortSignal
  /** Cuts off a write, too, of which nobody knows then whether it was made. */
  readonly hurry?: AbortSignal
}

/** Of this region and account; the partition is that of whoever asks (aws, aws-cn, aws-us-gov). */
export const arnOf = ({ arn, region, account }: Pick<Place, 'arn' | 'region' | 'account'>, resource: string): string =>
  `arn:${arn.split(':')[1] || 'aws'}:ecs:${region}:${account}:${resource}`

/** As Application Auto Scaling names it. */
export const scalableOf = ({ cluster, service }: Pick<Place, 'cluster' | 'service'>) =>
  ({ ServiceNamespace: 'ecs', ResourceId: `service/${cluster}/${service}`, ScalableDimension: 'ecs:service:DesiredCount' }) as const

/** What is in the account that the endpoint answers for. Types are the SDK's own, so that a misspelt member does not compile. */
import type { ScalableTarget, ScalingActivity, ScalingPolicy, ScheduledAction } from '@aws-sdk/client-application-auto-scaling'
import type { CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch'
import type { Service, Task, TaskDefinition } from '@aws-sdk/client-ecs'
import type { TargetGroup, TargetHealthDescription } from '@aws-sdk/client-elastic-load-balancing-v2'

/** A metric of CloudWatch; `at` in milliseconds since 1970, the beginning of a period. */
export type MetricPoints = {
  readonly namespace: string
  readonly metric: string
  /** `name=value` in any order. */
  readonly dimensions: readonly string[]
  /** By statistic: Average, Sum, p95, … */
  readonly points: Readonly<Record<string, readonly (readonly [at: number, value: number])[]>>
}

export type World = {
  readonly account: string
  readonly region: string
  /** Of whoever signs, until a role is taken on. */
  arn: string
  /** By the role's ARN: the access key that its sessions have. */
  readonly roles: Map<string, string>
  readonly clusters: Set<string>
  services: Service[]
  taskDefinitions: TaskDefinition[]
  /** What becomes of roll-outs that UpdateService begins, as soon as somebody looks. */
  rollOuts: 'end' | 'hang' | 'fail' | 'go back'
  tasks: Task[]
  targets: ScalableTarget[]
  policies: ScalingPolicy[]
  schedules: ScheduledAction[]
  activities: ScalingActivity[]
  groups: TargetGroup[]
  /** By the ARN of the group. */
  health: Map<string, TargetHealthDescription[]>
  metrics: MetricPoints[]
  alarms: MetricAlarm[]
  compositeAlarms: CompositeAlarm[]
  /** Documents of the price list, as they are, by region code. */
  prices: { readonly regionCode: string; readonly document: object }[]
  /** Most items of any page; undefined: as many as AWS allows. */
  pageSize?: number
  /** Most points of a metric in one answer of GetMetricData; the rest is PartialData, and on the next page. */
  pointsPerPage?: number
}

export const arnOf = ({ region, account }: Pick<World, 'region' | 'account'>, service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${account}:${resource}`

/** An account with nothing in it. */
export const anEmptyWorld = (): World => ({
  account: '123456789012',
  region: 'eu-central-1',
  arn: 'arn:aws:iam::123456789012:user/reader',
  roles: new Map(),
  clusters: new Set(),
  services: [],
  taskDefinitions: [],
  rollOuts: 'end',
  tasks: [],
  targets: [],
  policies: [],
  schedules: [],
  activities: [],
  groups: [],
  health: new Map(),
  metrics: [],
  alarms: [],
  compositeAlarms: [],
  prices: [],
})

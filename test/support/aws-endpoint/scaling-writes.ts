/** Application Auto Scaling as it is changed, with what AWS refuses: bounds the wrong way round, rules without a target, two of one metric. */
import type { ScalingPolicy, ScheduledAction } from '@aws-sdk/client-application-auto-scaling'
import type { Action } from './endpoint.ts'
import { AwsFault } from './fault.ts'
import type { Members } from './protocols.ts'
import { arnOf, type World } from './world.ts'

const refuse = (words: string): never => {
  throw new AwsFault('ValidationException', words)
}

const isSame = (a: Members, b: Members): boolean =>
  a.ServiceNamespace === b.ServiceNamespace && a.ResourceId === b.ResourceId && a.ScalableDimension === b.ScalableDimension

const keyOf = ({ ServiceNamespace, ResourceId, ScalableDimension }: Members) => ({ ServiceNamespace, ResourceId, ScalableDimension })

const requireTarget = (input: Members, world: World): void => {
  if (!world.targets.some((target) => isSame(target, input)))
    throw new AwsFault(
      'ObjectNotFoundException',
      `No scalable target registered for service namespace: ${input.ServiceNamespace}, resource ID: ${input.ResourceId}`,
    )
}

const metrics = ['ECSServiceAverageCPUUtilization', 'ECSServiceAverageMemoryUtilization', 'ALBRequestCountPerTarget']

const metricOf = ({ TargetTrackingScalingPolicyConfiguration: tracking }: Members): string | undefined =>
  tracking?.PredefinedMetricSpecification?.PredefinedMetricType

const checkTracking = (input: Members, world: World): void => {
  const { TargetValue, PredefinedMetricSpecification: predefined } = input.TargetTrackingScalingPolicyConfiguration ?? {}
  if (!(TargetValue > 0)) refuse('TargetValue must be greater than 0')
  if (predefined === undefined) return
  if (!metrics.includes(predefined.PredefinedMetricType)) refuse(`Unknown predefined metric type ${predefined.PredefinedMetricType}`)
  const needsLabel = predefined.PredefinedMetricType === 'ALBRequestCountPerTarget'
  if (needsLabel !== (predefined.ResourceLabel !== undefined)) refuse('A resource label belongs to ALBRequestCountPerTarget, and to nothing else')
  const rival = world.policies.find(
    (policy) => isSame(policy, input) && policy.PolicyName !== input.PolicyName && metricOf(policy) === predefined.PredefinedMetricType,
  )
  if (rival !== undefined) refuse('Only one TargetTrackingScaling policy for a given metric specification is allowed.')
}

export const scalingWrites: Readonly<Record<string, Action>> = {
  'application-autoscaling:RegisterScalableTarget': (input, world) => {
    const old = world.targets.find((target) => isSame(target, input))
    const MinCapacity = input.MinCapacity ?? old?.MinCapacity
    const MaxCapacity = input.MaxCapacity ?? old?.MaxCapacity
    if (MinCapacity === undefined || MaxCapacity === undefined) refuse('MinCapacity and MaxCapacity are required for a new scalable target')
    if (MinCapacity > MaxCapacity) refuse('Minimum capacity cannot be greater than maximum capacity')
    const target = { RoleARN: arnOf(world, 'iam', 'role/aws-service-role'), CreationTime: new Date(0), ...old, ...keyOf(input), MinCapacity, MaxCapacity }
    world.targets = [...world.targets.filter((each) => each !== old), target as (typeof world.targets)[number]]
    // As soon as bounds are set, the number of tasks is brought between them.
    world.services = world.services.map((service) =>
      input.ResourceId === `service/${service.clusterArn?.split('/').at(-1)}/${service.serviceName}`
        ? { ...service, desiredCount: Math.min(MaxCapacity, Math.max(MinCapacity, service.desiredCount ?? 0)) }
        : service,
    )
    return {}
  },

  'application-autoscaling:DeregisterScalableTarget': (input, world) => {
    requireTarget(input, world)
    world.targets = world.targets.filter((each) => !isSame(each, input))
    world.policies = world.policies.filter((each) => !isSame(each, input))
    world.schedules = world.schedules.filter((each) => !isSame(each, input))
    return {}
  },

  'application-autoscaling:PutScalingPolicy': (input, world) => {
    requireTarget(input, world)
    if (input.PolicyType === 'TargetTrackingScaling') checkTracking(input, world)
    const { TargetTrackingScalingPolicyConfiguration: tracking, StepScalingPolicyConfiguration: step } = input
    const PolicyARN = arnOf(world, 'autoscaling', `scalingPolicy:1:resource/ecs/${input.ResourceId}:policyName/${input.PolicyName}`)
    const policy = {
      ...keyOf(input),
      PolicyName: input.PolicyName,
      PolicyType: input.PolicyType,
      PolicyARN,
      // AWS tells this default, whether or not it was sent.
      ...(tracking && { TargetTrackingScalingPolicyConfiguration: { DisableScaleIn: false, ...tracking } }),
      ...(step && { StepScalingPolicyConfiguration: step }),
      CreationTime: new Date(0),
    }
    const rest = world.policies.filter((each) => !(isSame(each, input) && each.PolicyName === input.PolicyName))
    world.policies = [...rest, policy as ScalingPolicy]
    return { PolicyARN }
  },

  'application-autoscaling:DeleteScalingPolicy': (input, world) => {
    const rest = world.policies.filter((each) => !(isSame(each, input) && each.PolicyName === input.PolicyName))
    if (rest.length === world.policies.length) throw new AwsFault('ObjectNotFoundException', `No scaling policy found: ${input.PolicyName}`)
    world.policies = rest
    return {}
  },

  'application-autoscaling:PutScheduledAction': (input, world) => {
    requireTarget(input, world)
    if (!/^(at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\)|cron\((\S+ ){5}\S+\)|rate\(\d+ \w+\))$/.test(input.Schedule ?? ''))
      refuse(`Invalid schedule ${input.Schedule}`)
    const { MinCapacity, MaxCapacity } = input.ScalableTargetAction ?? {}
    if (MinCapacity !== undefined && MaxCapacity !== undefined && MinCapacity > MaxCapacity) refuse('Minimum capacity cannot be greater than maximum capacity')
    const { ScheduledActionName, Schedule, Timezone, StartTime, EndTime, ScalableTargetAction } = input
    const moment = (seconds: number | undefined): Date | undefined => (seconds === undefined ? undefined : new Date(seconds * 1000))
    const ScheduledActionARN = arnOf(world, 'autoscaling', `scheduledAction:1:resource/ecs/${input.ResourceId}:scheduledActionName/${ScheduledActionName}`)
    const schedule = {
      ...keyOf(input),
      ScheduledActionName,
      ScheduledActionARN,
      Schedule,
      Timezone,
      ScalableTargetAction,
      StartTime: moment(StartTime),
      EndTime: moment(EndTime),
      CreationTime: new Date(0),
    }
    const rest = world.schedules.filter((each) => !(isSame(each, input) && each.ScheduledActionName === ScheduledActionName))
    world.schedules = [...rest, schedule as ScheduledAction]
    return {}
  },

  'application-autoscaling:DeleteScheduledAction': (input, world) => {
    const rest = world.schedules.filter((each) => !(isSame(each, input) && each.ScheduledActionName === input.ScheduledActionName))
    if (rest.length === world.schedules.length) throw new AwsFault('ObjectNotFoundException', `No scheduled action found: ${input.ScheduledActionName}`)
    world.schedules = rest
    return {}
  },
}

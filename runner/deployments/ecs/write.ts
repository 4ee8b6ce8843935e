/** The writes to ECS and Application Auto Scaling, each named by the action and resource that a policy must allow. */
import type { PutScalingPolicyCommandInput } from '@aws-sdk/client-application-auto-scaling'
import { type Asked, asking } from '../../aws/refusal.ts'
import { arnOf, type Place, scalableOf } from './place.ts'
import { resized } from './resized.ts'
import type { PolicySettings, ScheduleSettings, TaskSize } from './settings.ts'

const scaling = (action: string): Asked => ({ action: `application-autoscaling:${action}`, resource: '*' })

export const setBounds = async (place: Place, minimum: number, maximum: number): Promise<void> => {
  const { library, client } = await place.aws.open('scaling')
  // What is left out keeps its value: the role, and what is suspended.
  const command = new library.RegisterScalableTargetCommand({ ...scalableOf(place), MinCapacity: minimum, MaxCapacity: maximum })
  await asking(scaling('RegisterScalableTarget'), () => client.send(command, { abortSignal: place.signal }))
}

export const deregister = async (place: Place): Promise<void> => {
  const { library, client } = await place.aws.open('scaling')
  const command = new library.DeregisterScalableTargetCommand(scalableOf(place))
  await asking(scaling('DeregisterScalableTarget'), () => client.send(command, { abortSignal: place.signal }))
}

const members: Readonly<Record<string, string>> = {
  TargetTrackingScaling: 'TargetTrackingScalingPolicyConfiguration',
  StepScaling: 'StepScalingPolicyConfiguration',
  PredictiveScaling: 'PredictiveScalingPolicyConfiguration',
}

export const putPolicy = async (place: Place, name: string, { type, configuration }: PolicySettings): Promise<void> => {
  const { library, client } = await place.aws.open('scaling')
  // Which member it is depends on the type, as AWS has told it.
  const input = { ...scalableOf(place), PolicyName: name, PolicyType: type, [members[type] ?? '']: configuration } as PutScalingPolicyCommandInput
  await asking(scaling('PutScalingPolicy'), () => client.send(new library.PutScalingPolicyCommand(input), { abortSignal: place.signal }))
}

export const deletePolicy = async (place: Place, name: string): Promise<void> => {
  const { library, client } = await place.aws.open('scaling')
  const command = new library.DeleteScalingPolicyCommand({ ...scalableOf(place), PolicyName: name })
  await asking(scaling('DeleteScalingPolicy'), () => client.send(command, { abortSignal: place.signal }))
}

export const putSchedule = async (place: Place, name: string, schedule: ScheduleSettings): Promise<void> => {
  const { expression, timezone, starts, ends, minimum, maximum } = schedule
  const { library, client } = await place.aws.open('scaling')
  const command = new library.PutScheduledActionCommand({
    ...scalableOf(place),
    ScheduledActionName: name,
    Schedule: expression,
    ...(timezone !== undefined && { Timezone: timezone }),
    ...(starts !== undefined && { StartTime: new Date(starts) }),
    ...(ends !== undefined && { EndTime: new Date(ends) }),
    ScalableTargetAction: { ...(minimum !== undefined && { MinCapacity: minimum }), ...(maximum !== undefined && { MaxCapacity: maximum }) },
  })
  await asking(scaling('PutScheduledAction'), () => client.send(command, { abortSignal: place.signal }))
}

export const deleteSchedule = async (place: Place, name: string): Promise<void> => {
  const { library, client } = await place.aws.open('scaling')
  const command = new library.DeleteScheduledActionCommand({ ...scalableOf(place), ScheduledActionName: name })
  await asking(scaling('DeleteScheduledAction'), () => client.send(command, { abortSignal: place.signal }))
}

/** A new revision of the definition, of another size. @returns its ARN @throws {DeploymentError} when its containers need more */
export const defineSize = async (place: Place, definition: string, size: TaskSize): Promise<string> => {
  const { library, client } = await place.aws.open('ecs')
  const described = new library.DescribeTaskDefinitionCommand({ taskDefinition: definition, include: ['TAGS'] })
  const asked = { action: 'ecs:DescribeTaskDefinition', resource: '*' }
  const { taskDefinition = {}, tags = [] } = await asking(asked, () => client.send(described, { abortSignal: place.signal }))
  const command = new library.RegisterTaskDefinitionCommand(resized(taskDefinition, tags, size))
  const answer = await asking({ action: 'ecs:RegisterTaskDefinition', resource: '*' }, () => client.send(command, { abortSignal: place.signal }))
  return answer.taskDefinition?.taskDefinitionArn ?? ''
}

export const useDefinition = async (place: Place, definition: string): Promise<void> => {
  const { aws, cluster, service, signal } = place
  const { library, client } = await aws.open('ecs')
  const command = new library.UpdateServiceCommand({ cluster, service, taskDefinition: definition })
  const asked = { action: 'ecs:UpdateService', resource: arnOf(place, `service/${cluster}/${service}`) }
  await asking(asked, () => client.send(command, { abortSignal: signal }))
}

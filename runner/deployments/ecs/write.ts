/**
 * The writes to ECS and Application Auto Scaling, each named by the action and resource that a policy must allow. One that was begun is
 * waited for when somebody interrupts: cut off, nobody would know whether it was made.
 */
import type { PutScalingPolicyCommandInput } from '@aws-sdk/client-application-auto-scaling'
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs'
import { type Asked, type AwsError, asking } from '../../aws/refusal.ts'
import { arnOf, type Place, scalableOf } from './place.ts'
import type { PolicySettings, ScheduleSettings } from './settings.ts'

const scaling = (action: string): Asked => ({ action: `application-autoscaling:${action}`, resource: '*' })

const cutOff = ({ hurry }: Place): { abortSignal?: AbortSignal } => (hurry === undefined ? {} : { abortSignal: hurry })

/** What is gone already is as it should be: somebody else removed it, or the answer to a first try was lost. */
const removing = async (action: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await asking(scaling(action), work)
  } catch (error) {
    const { name } = ((error as AwsError).cause ?? {}) as { readonly name?: string }
    if (name !== 'ObjectNotFoundException') throw error
  }
}

export const setBounds = async (place: Place, minimum: number, maximum: number): Promise<void> => {
  const { library, client } = await place.aws.open('scaling')
  // What is left out keeps its value: the role, and what is suspended.
  const command = new library.RegisterScalableTargetCommand({ ...scalableOf(place), MinCapacity: minimum, MaxCapacity: maximum })
  await asking(scaling('RegisterScalableTarget'), () => client.send(command, cutOff(place)))
}

export const deregister = async (place: Place): Promise<void> => {
  const { library, client } = await place.aws.open('scaling')
  const command = new library.DeregisterScalableTargetCommand(scalableOf(place))
  await removing('DeregisterScalableTarget', () => client.send(command, cutOff(place)))
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
  await asking(scaling('PutScalingPolicy'), () => client.send(new library.PutScalingPolicyCommand(input), cutOff(place)))
}

export const deletePolicy = async (place: Place, name: string): Promise<void> => {
  const { library, client } = await place.aws.open('scaling')
  const command = new library.DeleteScalingPolicyCommand({ ...scalableOf(place), PolicyName: name })
  await removing('DeleteScalingPolicy', () => client.send(command, cutOff(place)))
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
  await asking(scaling('PutScheduledAction'), () => client.send(command, cutOff(place)))
}

export const deleteSchedule = async (place: Place, name: string): Promise<void> => {
  const { library, client } = await place.aws.open('scaling')
  const command = new library.DeleteScheduledActionCommand({ ...scalableOf(place), ScheduledActionName: name })
  await removing('DeleteScheduledAction', () => client.send(command, cutOff(place)))
}

/** @returns the ARN of the new revision */
export const defineSize = async (place: Place, revision: RegisterTaskDefinitionCommandInput): Promise<string> => {
  const { library, client } = await place.aws.open('ecs')
  const command = new library.RegisterTaskDefinitionCommand(revision)
  const answer = await asking({ action: 'ecs:RegisterTaskDefinition', resource: '*' }, () => client.send(command, cutOff(place)))
  return answer.taskDefinition?.taskDefinitionArn ?? ''
}

/** Tasks and services that use it go on; nothing new is started from it. */
export const retireDefinition = async (place: Place, definition: string): Promise<void> => {
  const { library, client } = await place.aws.open('ecs')
  const command = new library.DeregisterTaskDefinitionCommand({ taskDefinition: definition })
  await asking({ action: 'ecs:DeregisterTaskDefinition', resource: '*' }, () => client.send(command, cutOff(place)))
}

const update = async (place: Place, what: { readonly taskDefinition: string } | { readonly desiredCount: number }): Promise<void> => {
  const { aws, cluster, service } = place
  const { library, client } = await aws.open('ecs')
  const command = new library.UpdateServiceCommand({ cluster, service, ...what })
  const asked = { action: 'ecs:UpdateService', resource: arnOf(place, `service/${cluster}/${service}`) }
  await asking(asked, () => client.send(command, cutOff(place)))
}

export const useDefinition = (place: Place, definition: string): Promise<void> => update(place, { taskDefinition: definition })

export const setDesired = (place: Place, count: number): Promise<void> => update(place, { desiredCount: count })

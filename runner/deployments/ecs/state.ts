/** A service before it is changed: the settings that a change may touch, and what decides whether it may. */
import type { Service, Tag, TaskDefinition } from '@aws-sdk/client-ecs'
import { asking } from '../../aws/refusal.ts'
import type { Place } from './place.ts'
import { policiesAt, schedulesAt, targetAt } from './scaling.ts'
import { definitionNameOf, serviceAt } from './service.ts'
import { policySettingsOf, type Settings, scheduleSettingsOf } from './settings.ts'

export type Defined = { readonly definition: TaskDefinition; readonly tags: readonly Tag[] }

export type Seen = {
  readonly settings: Settings
  readonly service: Service
  /** Of scaling: out, in, by schedule. */
  readonly suspended: readonly string[]
}

export type State = Seen & Defined

const byName = <Item, Value>(items: readonly Item[], nameOf: (item: Item) => string | undefined, settingsOf: (item: Item) => Value): Record<string, Value> =>
  Object.fromEntries(items.map((item) => [nameOf(item) ?? '', settingsOf(item)]))

/** @throws {DeploymentError} when there is no such service @throws {AwsError} */
export const settingsAt = async (place: Place): Promise<Seen> => {
  const [service, target, policies, schedules] = await Promise.all([serviceAt(place), targetAt(place), policiesAt(place), schedulesAt(place)])
  const { DynamicScalingOutSuspended: out, DynamicScalingInSuspended: inward, ScheduledScalingSuspended: scheduled } = target?.SuspendedState ?? {}
  return {
    service,
    suspended: [...(out ? ['out'] : []), ...(inward ? ['in'] : []), ...(scheduled ? ['by schedule'] : [])],
    settings: {
      bounds: target === undefined ? null : { minimum: target.MinCapacity ?? 0, maximum: target.MaxCapacity ?? 0 },
      policies: byName(policies, ({ PolicyName }) => PolicyName, policySettingsOf),
      schedules: byName(schedules, ({ ScheduledActionName }) => ScheduledActionName, scheduleSettingsOf),
      definition: definitionNameOf(service),
    },
  }
}

/** @param name an ARN, or of a family: its newest revision that is active @throws {AwsError} */
export const definedAt = async ({ aws, signal }: Place, name: string): Promise<Defined> => {
  const { library, client } = await aws.open('ecs')
  const command = new library.DescribeTaskDefinitionCommand({ taskDefinition: name, include: ['TAGS'] })
  const asked = { action: 'ecs:DescribeTaskDefinition', resource: '*' }
  const { taskDefinition = {}, tags = [] } = await asking(asked, () => client.send(command, { abortSignal: signal }))
  return { definition: taskDefinition, tags }
}

/** @throws {DeploymentError} when there is no such service @throws {AwsError} */
export const stateAt = async (place: Place): Promise<State> => {
  const seen = await settingsAt(place)
  return { ...seen, ...(await definedAt(place, seen.settings.definition)) }
}

/** When what serves was last rolled out: a run from before it measured something else. Undefined where ECS does not tell. */
export const rolledOutAt = ({ deployments = [] }: Service): Date | undefined => deployments.find(({ status }) => status === 'PRIMARY')?.createdAt

export const isRollingOut = ({ deployments = [] }: Service): boolean =>
  deployments.length > 1 || deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS')

export const isOnFargate = ({ launchType, capacityProviderStrategy = [] }: Service): boolean =>
  launchType === 'FARGATE' ||
  (capacityProviderStrategy.length > 0 && capacityProviderStrategy.every(({ capacityProvider }) => capacityProvider?.startsWith('FARGATE')))

/** A service before it is changed: the settings that a change may touch, and what decides whether it may. */
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs'
import type { Place } from './place.ts'
import { policiesAt, schedulesAt, targetAt } from './scaling.ts'
import { definitionNameOf, definitionOf, serviceAt } from './service.ts'
import { policySettingsOf, type Settings, scheduleSettingsOf } from './settings.ts'

export type State = { readonly settings: Settings; readonly service: Service; readonly definition: TaskDefinition }

const byName = <Item, Value>(items: readonly Item[], nameOf: (item: Item) => string | undefined, settingsOf: (item: Item) => Value): Record<string, Value> =>
  Object.fromEntries(items.map((item) => [nameOf(item) ?? '', settingsOf(item)]))

/** @throws {DeploymentError} when there is no such service @throws {AwsError} */
export const settingsAt = async (place: Place): Promise<{ readonly settings: Settings; readonly service: Service }> => {
  const [service, target, policies, schedules] = await Promise.all([serviceAt(place), targetAt(place), policiesAt(place), schedulesAt(place)])
  return {
    service,
    settings: {
      bounds: target === undefined ? null : { minimum: target.MinCapacity ?? 0, maximum: target.MaxCapacity ?? 0 },
      policies: byName(policies, ({ PolicyName }) => PolicyName, policySettingsOf),
      schedules: byName(schedules, ({ ScheduledActionName }) => ScheduledActionName, scheduleSettingsOf),
      definition: definitionNameOf(service),
    },
  }
}

/** @throws {DeploymentError} when there is no such service @throws {AwsError} */
export const stateAt = async (place: Place): Promise<State> => {
  const { settings, service } = await settingsAt(place)
  return { settings, service, definition: await definitionOf(service, place) }
}

/** When what serves was last rolled out: a run from before it measured something else. Undefined where ECS does not tell. */
export const rolledOutAt = ({ deployments = [] }: Service): Date | undefined => deployments.find(({ status }) => status === 'PRIMARY')?.createdAt

export const isRollingOut = ({ deployments = [] }: Service): boolean =>
  deployments.length > 1 || deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS')

/** The service itself and the definition of its tasks. */
import type { Service, TaskDefinition } from '@aws-sdk/client-ecs'
import { asking } from '../../aws/refusal.ts'
import { DeploymentError } from '../../errors/deployment-error.ts'
import { arnOf, type Place } from './place.ts'

/** Names that a sentence can hold. */
const most = 20

/** Names of the cluster's services; empty when they may not be listed: it is only for a hint. */
const namesIn = async ({ aws, cluster, signal }: Place): Promise<readonly string[]> => {
  const { library, client } = await aws.open('ecs')
  const names: string[] = []
  try {
    for await (const { serviceArns = [] } of library.paginateListServices({ client, pageSize: 100 }, { cluster }, { abortSignal: signal }))
      names.push(...serviceArns.map((arn) => arn.split('/').at(-1) ?? arn))
  } catch {
    return []
  }
  return names.sort()
}

const absent = async (place: Place): Promise<DeploymentError> => {
  const names = await namesIn(place)
  const others =
    names.length === 0
      ? 'A service is known by its name, cluster, account and region together'
      : `There ${names.length === 1 ? 'is' : 'are'} ${names.slice(0, most).join(', ')}${names.length > most ? ` and ${names.length - most} more` : ''}`
  return new DeploymentError(
    `Cluster ${place.cluster} has no service "${place.service}" (account ${place.account}, ${place.region}). ${others}. Correct --ecs, --region or --profile.`,
  )
}

/** @throws {DeploymentError} when there is none @throws {AwsError} */
export const serviceAt = async (place: Place): Promise<Service> => {
  const { aws, cluster, service: name, signal } = place
  const { library, client } = await aws.open('ecs')
  const command = new library.DescribeServicesCommand({ cluster, services: [name], include: ['TAGS'] })
  const asked = { action: 'ecs:DescribeServices', resource: arnOf(place, `service/${cluster}/${name}`) }
  const { services = [] } = await asking(asked, () => client.send(command, { abortSignal: signal }))
  // One that was deleted is still told of for a while.
  const service = services.find(({ status }) => status !== 'INACTIVE')
  if (service === undefined) throw await absent(place)
  return service
}

/** Under an outside deployment controller the definition is that of the primary task set. */
export const definitionNameOf = ({ taskDefinition, taskSets = [] }: Service): string =>
  taskDefinition ?? taskSets.find(({ status }) => status === 'PRIMARY')?.taskDefinition ?? ''

/** @throws {AwsError} */
export const definitionOf = async (service: Service, { aws, signal }: Place): Promise<TaskDefinition> => {
  const { library, client } = await aws.open('ecs')
  const command = new library.DescribeTaskDefinitionCommand({ taskDefinition: definitionNameOf(service) })
  const { taskDefinition = {} } = await asking({ action: 'ecs:DescribeTaskDefinition', resource: '*' }, () => client.send(command, { abortSignal: signal }))
  return taskDefinition
}

export const caveatsOf = ({ deployments = [], schedulingStrategy, launchType, capacityProviderStrategy = [] }: Service): string[] => {
  const providers = capacityProviderStrategy.map(({ capacityProvider = '' }) => capacityProvider)
  const isOnFargate = launchType === 'FARGATE' || (providers.length > 0 && providers.every((name) => name.startsWith('FARGATE')))
  return [
    ...(deployments.some(({ rolloutState }) => rolloutState === 'IN_PROGRESS')
      ? ['A roll-out is under way, so what is read may be of two revisions, and target tracking does not scale in meanwhile. Read again when it is over.']
      : []),
    ...(schedulingStrategy === 'DAEMON'
      ? ['The service runs one task on each machine (DAEMON), so its number follows the machines. No autoscaler of tasks applies to it; scale the machines.']
      : []),
    ...(providers.includes('FARGATE_SPOT')
      ? ['Some tasks run on Fargate Spot, which takes them away with two minutes of notice. Count on the others alone for the minimum.']
      : []),
    ...(isOnFargate
      ? []
      : [
          'The tasks do not run on Fargate: a start-up does not hold the time that a new machine takes when the others are full, and the size need not be one of Fargate. Look at the capacity provider too.',
        ]),
  ]
}

/** The service's tasks, those that still run and those that stopped within about an hour, and how long they took to start. */
import type { Task } from '@aws-sdk/client-ecs'
import { asking } from '../../aws/refusal.ts'
import { arnOf, type Place } from './place.ts'

/** More are refused in one request. */
const perRequest = 100
/** Tasks that are looked at: enough for a quantile, and 10 requests. */
const most = 1000

const namesOf = async (place: Place, desiredStatus: 'RUNNING' | 'STOPPED'): Promise<string[]> => {
  const { aws, cluster, service, signal } = place
  const { library, client } = await aws.open('ecs')
  const names: string[] = []
  const pages = library.paginateListTasks({ client, pageSize: perRequest }, { cluster, serviceName: service, desiredStatus }, { abortSignal: signal })
  await asking({ action: 'ecs:ListTasks', resource: arnOf(place, `cluster/${cluster}`) }, async () => {
    for await (const { taskArns = [] } of pages) {
      names.push(...taskArns)
      if (names.length >= most) break
    }
  })
  return names
}

/** @throws {AwsError} */
export const tasksAt = async (place: Place): Promise<Task[]> => {
  const { aws, cluster, signal } = place
  const names = (await Promise.all([namesOf(place, 'RUNNING'), namesOf(place, 'STOPPED')])).flat().slice(0, most)
  const { library, client } = await aws.open('ecs')
  const found: Task[] = []
  for (let start = 0; start < names.length; start += perRequest) {
    const command = new library.DescribeTasksCommand({ cluster, tasks: names.slice(start, start + perRequest) })
    const asked = { action: 'ecs:DescribeTasks', resource: arnOf(place, `task/${cluster}/*`) }
    const { tasks = [] } = await asking(asked, () => client.send(command, { abortSignal: signal }))
    found.push(...tasks)
  }
  return found
}

const secondsBetween = (from: Date | undefined, until: Date | undefined): number | undefined =>
  from === undefined || until === undefined ? undefined : Math.round((until.getTime() - from.getTime()) / 100) / 10

const isKnown = (seconds: number | undefined): seconds is number => seconds !== undefined

export type Starts = { readonly startUps: readonly number[]; readonly pulls: readonly number[]; readonly caveats: readonly string[] }

const caveatsOf = (tasks: readonly Task[], started: readonly Task[], isOld: boolean): string[] => {
  const failed = tasks.filter(({ stopCode }) => stopCode === 'TaskFailedToStart')
  return [
    ...(started.length === 0
      ? [
          `Start-up times are unknown: of ${tasks.length} tasks that ECS still knows none tells both createdAt and startedAt. Stopped ones are forgotten after about an hour. Scale out by one and read again, or give --start-up.`,
        ]
      : []),
    ...(isOld
      ? ['Start-up times are of earlier revisions of the task definition, because none of the present one is known. Read again after the next roll-out.']
      : []),
    ...(failed.length === 0
      ? []
      : [
          `${failed.length} of ${tasks.length} tasks never started (TaskFailedToStart: ${failed[0]?.stoppedReason ?? 'no reason is told'}). One that does not start does not serve, whatever asks for it. Look at the service's events.`,
        ]),
  ]
}

/** createdAt → startedAt, in seconds. @param definition of which tasks count, as long as there is one of it */
export const startsOf = (tasks: readonly Task[], definition: string): Starts => {
  const started = tasks.filter(({ createdAt, startedAt }) => createdAt !== undefined && startedAt !== undefined)
  const present = started.filter(({ taskDefinitionArn }) => taskDefinitionArn === definition)
  const counted = present.length === 0 ? started : present
  return {
    startUps: counted.map(({ createdAt, startedAt }) => secondsBetween(createdAt, startedAt)).filter(isKnown),
    pulls: counted.map(({ pullStartedAt, pullStoppedAt }) => secondsBetween(pullStartedAt, pullStoppedAt)).filter(isKnown),
    caveats: caveatsOf(tasks, started, started.length > 0 && present.length === 0),
  }
}

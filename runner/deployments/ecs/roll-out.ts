/** Waits until the tasks of a revision serve, or it is known that they will not: then with the reason why they stopped. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Deployment, Service, Task } from '@aws-sdk/client-ecs'
import { DeploymentError } from '../../errors/deployment-error.ts'
import type { Place } from './place.ts'
import { serviceAt } from './service.ts'
import { isRollingOut } from './state.ts'
import { revisionName } from './step-words.ts'
import { tasksAt } from './tasks.ts'

/** Milliseconds between looks at a roll-out, which grow to the second; and those in which it must be over. */
export type Patience = { readonly between: readonly [first: number, last: number]; readonly atMost: number }

const usualPatience: Patience = { between: [1_000, 15_000], atMost: 30 * 60_000 }

const isOf =
  (definition: string) =>
  (named: string | undefined): boolean =>
    named !== undefined && revisionName(named) === revisionName(definition)

/** Tasks that may fail before nothing good is expected: as many as the circuit breaker of ECS allows, for services that have none. */
const tolerated = (desired: number): number => Math.min(200, Math.max(3, Math.ceil(desired / 2)))

const hasBreaker = ({ deploymentConfiguration }: Service): boolean => deploymentConfiguration?.deploymentCircuitBreaker?.enable === true

const causeOf = ({ stoppedReason, containers = [] }: Task): string => {
  const ended = containers
    .filter(({ exitCode, reason }) => (exitCode !== undefined && exitCode !== 0) || reason !== undefined)
    .map(({ name, exitCode, reason }) => `container ${name}: ${[exitCode !== undefined && `exit code ${exitCode}`, reason].filter(Boolean).join(', ')}`)
  return [stoppedReason ?? 'no reason is told', ...ended].join('; ')
}

/** Why the last task of the revision that stopped did so; undefined where none did, or it may not be read. */
const stopOf = async (place: Place, definition: string): Promise<string | undefined> => {
  const tasks = await tasksAt(place).catch((): Task[] => [])
  const stopped = tasks.filter(({ taskDefinitionArn, lastStatus }) => isOf(definition)(taskDefinitionArn) && lastStatus === 'STOPPED')
  const [last] = stopped.sort((a, b) => (b.stoppedAt?.getTime() ?? 0) - (a.stoppedAt?.getTime() ?? 0))
  return last && causeOf(last)
}

/** Milliseconds for which what is read may still be from before the roll-out. */
const stale = 30_000

type Look = { readonly service: Service; readonly own: Deployment | undefined; readonly isUsed: boolean }

const lookAt = async (place: Place, definition: string): Promise<Look> => {
  const service = await serviceAt(place)
  const own = service.deployments?.find(({ taskDefinition }) => isOf(definition)(taskDefinition))
  return { service, own, isUsed: isOf(definition)(service.taskDefinition) }
}

/** Why it has come to nothing; undefined while it may still come to something. @param isFresh whether the roll-out was seen, or must be to be seen by now */
const failureOf = ({ service, own, isUsed }: Look, definition: string, isFresh: boolean): string | undefined => {
  if (own?.rolloutState === 'FAILED') return `the roll-out failed (${own.rolloutStateReason ?? 'no reason is told'})`
  if (!isUsed)
    return isFresh
      ? `the service uses ${revisionName(service.taskDefinition ?? 'another revision')} in place of ${revisionName(definition)}: ECS went back, or somebody else changed it`
      : undefined
  const failed = own?.failedTasks ?? 0
  if (!hasBreaker(service) && failed >= tolerated(own?.desiredCount ?? service.desiredCount ?? 0))
    return `${failed} tasks of ${revisionName(definition)} failed to start, and ECS goes on trying: the service has no circuit breaker`
  return undefined
}

/** @example progressOf(look, 'web:8') // '2 of 5 tasks of web:8 run, 1 failed' */
const progressOf = ({ service, own }: Look, definition: string): string => {
  const failed = own?.failedTasks ?? 0
  return `${own?.runningCount ?? 0} of ${own?.desiredCount ?? service.desiredCount ?? 0} tasks of ${revisionName(definition)} run${failed === 0 ? '' : `, ${failed} failed`}`
}

/** @param tell is told how far it is, whenever that changes @throws {DeploymentError} the middle of a sentence: it failed, or was not over in time */
export const awaitRollOut = async (
  place: Place,
  definition: string,
  tell: (progress: string) => void,
  { between: [first, last], atMost }: Patience = usualPatience,
): Promise<void> => {
  const began = Date.now()
  let [wasSeen, told] = [false, '']
  for (let wait = first; ; wait = Math.min(last, 2 * wait)) {
    const look = await lookAt(place, definition)
    const waited = Date.now() - began
    const failure = failureOf(look, definition, wasSeen || waited >= stale)
    wasSeen ||= look.isUsed
    if (failure === undefined && look.isUsed && !isRollingOut(look.service)) return
    if (failure !== undefined || waited >= atMost) {
      const stop = await stopOf(place, definition)
      const words = failure ?? `the roll-out was not over after ${Math.round(atMost / 60_000)} min: ${progressOf(look, definition)}`
      throw new DeploymentError(stop === undefined ? words : `${words}. Its last task stopped: ${stop}`)
    }
    const progress = progressOf(look, definition)
    if (progress !== told) tell(progress)
    told = progress
    await pause(wait, undefined, { signal: place.signal })
  }
}

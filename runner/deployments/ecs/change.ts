/** Carries out the steps of a change, one after the other, and knows at each moment what was written. */
import { setTimeout as pause } from 'node:timers/promises'
import { AwsError } from '../../aws/refusal.ts'
import { DeploymentError } from '../../errors/deployment-error.ts'
import type { Place } from './place.ts'
import { serviceAt } from './service.ts'
import { isRollingOut } from './state.ts'
import { isWrite, type Step, stepWords } from './steps.ts'
import { defineSize, deletePolicy, deleteSchedule, deregister, putPolicy, putSchedule, setBounds, useDefinition } from './write.ts'

/** Milliseconds between looks at a roll-out, which grow to the second; and those in which it must be over. */
export type Patience = { readonly between: readonly [first: number, last: number]; readonly atMost: number }

const usual: Patience = { between: [1_000, 15_000], atMost: 30 * 60_000 }

const rolledOut = async (place: Place, { between: [first, last], atMost }: Patience): Promise<void> => {
  const until = Date.now() + atMost
  for (let wait = first; ; wait = Math.min(last, 2 * wait)) {
    const service = await serviceAt(place)
    const failed = service.deployments?.find(({ rolloutState }) => rolloutState === 'FAILED')
    if (failed !== undefined) throw new DeploymentError(`the roll-out failed (${failed.rolloutStateReason ?? 'no reason is told'})`)
    if (!isRollingOut(service)) return
    if (Date.now() >= until) throw new DeploymentError(`the roll-out was not over after ${Math.round(atMost / 60_000)} min`)
    await pause(wait, undefined, { signal: place.signal })
  }
}

/** @returns the definition that was made, for whoever uses it next */
const carryOut = async (step: Step, place: Place, definition: string, patience: Patience): Promise<string> => {
  switch (step.kind) {
    case 'set bounds':
      await setBounds(place, step.minimum, step.maximum)
      break
    case 'put policy':
      await putPolicy(place, step.name, step.policy)
      break
    case 'delete policy':
      await deletePolicy(place, step.name)
      break
    case 'put schedule':
      await putSchedule(place, step.name, step.schedule)
      break
    case 'delete schedule':
      await deleteSchedule(place, step.name)
      break
    case 'define size':
      return defineSize(place, definition, step.size)
    case 'use definition':
      await useDefinition(place, step.definition ?? definition)
      break
    case 'await roll-out':
      await rolledOut(place, patience)
      break
    case 'deregister':
      await deregister(place)
  }
  return definition
}

const listed = (steps: readonly Step[]): string => (steps.length === 0 ? 'nothing' : steps.map(stepWords).join(', '))

export type Given = {
  /** In use before the change. */
  readonly definition: string
  /** The command that puts back what was there. */
  readonly rollback: string
  /** That allows all of it, for whoever may not. */
  readonly policy: string
  /** Are told of each step. */
  readonly begins: (step: Step) => void
  readonly done: (step: Step) => void
  readonly patience?: Patience
}

/** Whether it was refused; without an answer, or with one that is no refusal, it may have been taken all the same. */
const wasRefused = (error: unknown): boolean => {
  if (!(error instanceof AwsError)) return error instanceof DeploymentError
  const { httpStatusCode = 0 } = (error.cause as { readonly $metadata?: { readonly httpStatusCode?: number } } | undefined)?.$metadata ?? {}
  return httpStatusCode >= 400 && httpStatusCode < 500
}

const halfWay = (error: unknown, steps: readonly Step[], at: number, { rollback, policy }: Given): DeploymentError => {
  const [written, open] = [steps.slice(0, at).filter(isWrite), steps.slice(at).filter(isWrite)]
  const step = steps[at] as Step
  const mayBe = isWrite(step) && !wasRefused(error)
  const next = written.length === 0 && !mayBe ? 'Nothing has to be put back.' : `What was there before comes back with: ${rollback}`
  const rights = error instanceof AwsError && error.isDenied ? `\nAll of it can be written with this policy:\n${policy}` : ''
  return new DeploymentError(
    `The change stopped at ${stepWords(step)}: ${(error as Error).message.replace(/\.$/, '')}. Written: ${listed(written)}. ${mayBe ? `Perhaps written: ${stepWords(step)}. ` : ''}Not written: ${listed(mayBe ? open.slice(1) : open)}. ${next}${rights}`,
    { cause: error },
  )
}

/**
 * @returns the definition in use after it
 * @throws {DeploymentError} with what was written and what was not
 */
export const change = async (place: Place, steps: readonly Step[], given: Given): Promise<string> => {
  let used = given.definition
  for (const [at, step] of steps.entries()) {
    given.begins(step)
    try {
      used = await carryOut(step, place, used, given.patience ?? usual)
    } catch (error) {
      throw halfWay(error, steps, at, given)
    }
    given.done(step)
  }
  return used
}

/** Carries out the steps of a change, one after the other, and knows at each moment what was written. */
import { AwsError } from '../../aws/refusal.ts'
import { DeploymentError } from '../../errors/deployment-error.ts'
import type { Place } from './place.ts'
import { awaitRollOut, type Patience } from './roll-out.ts'
import type { Settings } from './settings.ts'
import { isWrite, stepWords } from './step-words.ts'
import { type Step, settingsAfter } from './steps.ts'
import {
  defineSize,
  deletePolicy,
  deleteSchedule,
  deregister,
  putPolicy,
  putSchedule,
  retireDefinition,
  setBounds,
  setDesired,
  useDefinition,
} from './write.ts'

export type Given = {
  readonly before: Settings
  /** What to do next, when it stopped: a sentence. `isWritten`: whether anything was, or may have been. */
  readonly next: (isWritten: boolean) => string
  /** That allows all of it, for whoever may not. */
  readonly policy: string
  /** Are told of each step. */
  readonly begins: (step: Step) => void
  readonly done: (step: Step) => void
  /** Is told how far a roll-out is. */
  readonly progress: (text: string) => void
  /** Is told of a revision as soon as it exists, so that it can be found again whatever comes. */
  readonly registered: (definition: string) => Promise<void>
  /** A revision that could not be deregistered, which hurts nothing. */
  readonly leaves: (definition: string, error: Error) => void
  /** Throws when what is there is not what was written: others had time to change it while a roll-out was waited for. */
  readonly checkUnchanged: (expected: Settings) => Promise<void>
  readonly patience?: Patience
}

/** What a step needs beside itself; `used`: the definition in use, or registered to be. */
type Scene = { readonly place: Place; readonly used: string; readonly given: Given }

type Act<Kind extends Step['kind']> = (step: Extract<Step, { readonly kind: Kind }>, scene: Scene) => Promise<void> | Promise<string>

/** @returns the definition for whoever uses it next, where that is another one now */
const acts: { readonly [Kind in Step['kind']]: Act<Kind> } = {
  'set bounds': ({ minimum, maximum }, { place }) => setBounds(place, minimum, maximum),
  'set desired': ({ count }, { place }) => setDesired(place, count),
  'put policy': ({ name, policy }, { place }) => putPolicy(place, name, policy),
  'delete policy': ({ name }, { place }) => deletePolicy(place, name),
  'put schedule': ({ name, schedule }, { place }) => putSchedule(place, name, schedule),
  'delete schedule': ({ name }, { place }) => deleteSchedule(place, name),
  deregister: (_, { place }) => deregister(place),
  'define size': async ({ revision }, { place, given }) => {
    const definition = await defineSize(place, revision)
    await given.registered(definition)
    return definition
  },
  'use definition': async ({ definition }, { place, used }) => {
    await useDefinition(place, definition ?? used)
    return definition ?? used
  },
  'await roll-out': (_, { place, used, given }) => awaitRollOut(place, used, given.progress, given.patience),
  'retire definition': ({ definition }, { place, given }) => retireDefinition(place, definition).catch((error: Error) => given.leaves(definition, error)),
}

const carryOut = <Kind extends Step['kind']>(step: Extract<Step, { readonly kind: Kind }>, scene: Scene): Promise<void> | Promise<string> =>
  (acts[step.kind as Kind] as Act<Kind>)(step, scene)

const listed = (steps: readonly Step[]): string => (steps.length === 0 ? 'nothing' : steps.map(stepWords).join(', '))

/** Whether it was refused; without an answer, or with one that is no refusal, it may have been taken all the same. */
const wasRefused = (error: unknown): boolean => {
  if (!(error instanceof AwsError)) return error instanceof DeploymentError
  const { httpStatusCode = 0 } = (error.cause as { readonly $metadata?: { readonly httpStatusCode?: number } } | undefined)?.$metadata ?? {}
  return httpStatusCode >= 400 && httpStatusCode < 500
}

const wasCutOff = (error: unknown): boolean =>
  !(error instanceof AwsError) ? !(error instanceof DeploymentError) : (error.cause as { readonly name?: string } | undefined)?.name === 'AbortError'

const halfWay = (error: unknown, steps: readonly Step[], at: number, isInterrupted: boolean, { next, policy }: Given): DeploymentError => {
  const [written, open] = [steps.slice(0, at).filter(isWrite), steps.slice(at).filter(isWrite)]
  const step = steps[at] as Step
  const mayBe = isWrite(step) && !wasRefused(error)
  const why = isInterrupted && wasCutOff(error) ? 'it was interrupted' : (error as Error).message.replace(/\.$/, '')
  const rights = error instanceof AwsError && error.isDenied ? [`All of it can be written with this policy:\n${policy}`] : []
  const lines = [
    `The change stopped at ${stepWords(step)}: ${why}.`,
    `Written: ${listed(written)}.`,
    ...(mayBe ? [`Perhaps written: ${stepWords(step)}.`] : []),
    `Not written: ${listed(mayBe ? open.slice(1) : open)}.`,
    next(written.length > 0 || mayBe),
    ...rights,
  ]
  return new DeploymentError(lines.join('\n'), { cause: error })
}

/**
 * @returns the definition in use after it
 * @throws {DeploymentError} with what was written and what was not
 */
export const change = async (place: Place, steps: readonly Step[], given: Given): Promise<string> => {
  let [used, expected] = [given.before.definition, given.before]
  for (const [at, step] of steps.entries()) {
    try {
      if (place.signal.aborted) throw new DeploymentError('it was interrupted')
      if (steps[at - 1]?.kind === 'await roll-out') await given.checkUnchanged(expected)
      given.begins(step)
      used = (await carryOut(step, { place, used, given })) ?? used
      expected = settingsAfter(expected, step, used)
    } catch (error) {
      throw halfWay(error, steps, at, place.signal.aborted, given)
    }
    given.done(step)
  }
  return used
}

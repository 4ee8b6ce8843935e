/** Shows what would change, asks, keeps what was there, changes it, and reads it back: alike for applying and for rolling back. */
import { rm } from 'node:fs/promises'
import { relative } from 'node:path'
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs'
import { changeLines, differenceLines, differenceText } from '../../reports/changes.ts'
import { proseOn } from '../../reports/wrap.ts'
import { change } from '../deployments/ecs/change.ts'
import { besideDifferences, differencesOf } from '../deployments/ecs/differences.ts'
import type { OpenedService } from '../deployments/ecs/opened.ts'
import { type Rollback, rollbackFormat, saveRollback, updateRollback } from '../deployments/ecs/rollback-file.ts'
import type { Settings } from '../deployments/ecs/settings.ts'
import { type State, settingsAt } from '../deployments/ecs/state.ts'
import { isWrite, revisionName, stepWords } from '../deployments/ecs/step-words.ts'
import { type Beside, stepsBetween } from '../deployments/ecs/steps.ts'
import { writingPolicy } from '../deployments/ecs/writing-policy.ts'
import { DeploymentError } from '../errors/deployment-error.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'
import { ask, type ChangeFlags, checkAlone, checkUnchanged } from './change-consent.ts'
import type { CostTold } from './change-cost.ts'
import { type EarlierChanges, settle } from './earlier-changes.ts'

export type Intent = {
  readonly title: string
  readonly state: State
  readonly wanted: Settings
  readonly beside: Beside
  readonly cost: CostTold
  readonly notes: readonly string[]
  /** Runs that the recommendation rests on. */
  readonly runs: readonly string[]
  /** Where the rollback file goes, and what is there of earlier changes. */
  readonly out: string
  readonly earlier: EarlierChanges
  /** The file that is put back; undefined: advice is applied. */
  readonly undoes: string | undefined
}

const sizeOf = (revision: RegisterTaskDefinitionCommandInput | undefined): Pick<Rollback, 'size'> =>
  revision === undefined ? {} : { size: { cpu: Number(revision.cpu), memory: Number(revision.memory) } }

const keepBefore = (opened: OpenedService, { state, wanted, beside: { revision }, runs, undoes }: Intent, io: Io): Rollback => {
  const { account, region, cluster, service } = opened.place
  return {
    format: rollbackFormat,
    savedAt: io.now().toISOString(),
    account,
    region,
    cluster,
    service,
    ...(undoes !== undefined && { undoes }),
    runs: [...runs],
    before: state.settings,
    after: wanted,
    ...sizeOf(revision),
    desired: state.service.desiredCount ?? 0,
  }
}

const policyFor = ({ place }: OpenedService, { state, wanted, beside: { revision, desired, retired } }: Intent): string => {
  const { definition, tags, settings } = state
  const isRolledOut = revision !== undefined || retired !== undefined || wanted.definition !== settings.definition
  const roles = [definition.taskRoleArn, definition.executionRoleArn].filter((role) => role !== undefined)
  return writingPolicy(place, { roles: isRolledOut ? roles : undefined, hasTags: tags.length > 0, isDesiredSet: desired !== undefined })
}

const verify = async (opened: OpenedService, wanted: Settings, next: string): Promise<void> => {
  const { settings } = await opened.read(settingsAt, `All was written, and whether it holds is not known. ${next}`)
  const left = differencesOf(settings, wanted)
  if (left.length > 0)
    throw new DeploymentError(
      `All was written, and read back it differs:\n${differenceLines(left).join('\n')}\n(what is there → what was written.) Somebody or something else may change it, too. Look there. ${next}`,
    )
}

/** @returns 0, also where nothing has to be changed @throws {SafetyError} when it was not agreed to @throws {DeploymentError} when it stopped half-way, or did not hold */
export const changeService = async (opened: OpenedService, intent: Intent, flags: ChangeFlags, io: Io): Promise<ExitCode> => {
  const { state, wanted, beside, title, cost, notes, out, earlier, undoes } = intent
  const say = (lines: readonly string[]): void => {
    io.stdout.write(`${proseOn(lines, io.columns)}\n`)
  }
  const steps = stepsBetween(state.settings, wanted, beside)
  if (steps.length === 0) {
    say([...opened.detour, title, 'Nothing has to be changed: every value is as it should be.', ...notes])
    if (flags.dryRun !== true) await settle(earlier.open, io)
    return 0
  }
  const differences = [...differencesOf(state.settings, wanted), ...besideDifferences(state.definition, beside)]
  say([...opened.detour, ...changeLines({ title, differences, cost: cost.cost, notes: [...cost.notes, ...notes] })])
  if (flags.dryRun === true) return 0
  const { where } = opened
  await ask(where, flags, io)
  let kept = keepBefore(opened, intent, io)
  const file = await saveRollback(out, kept)
  try {
    await checkAlone(file, earlier, out, opened)
    checkUnchanged(state.settings, (await opened.read(settingsAt)).settings, where)
  } catch (error) {
    await rm(file, { force: true })
    throw error
  }
  const shown = relative(io.cwd, file)
  const back = `What was there before comes back with: perf apply --rollback ${shown}`
  const rest = undoes === undefined ? back : `The rest is put back with: perf apply --rollback ${undoes}`
  say([`What was there is kept in ${shown}.`])
  const definition = await change(opened.place, steps, {
    before: state.settings,
    next: (isWritten) => (undoes === undefined && !isWritten ? 'Nothing has to be put back.' : rest),
    policy: policyFor(opened, intent),
    begins: (step) => {
      if (!isWrite(step)) say(['The roll-out is waited for: tasks go when those that replace them serve.'])
    },
    done: (step) => say([`✓ ${stepWords(step)}`]),
    progress: (text) => say([`  ${text}`]),
    registered: async (registered) => {
      kept = { ...kept, registered }
      await updateRollback(file, kept)
    },
    leaves: (left, error) => say([`${revisionName(left)} stays registered, and nothing uses it: ${error.message}. ${retireWords(left, opened)}`]),
    checkUnchanged: async (expected) => {
      const meanwhile = differencesOf(expected, (await opened.read(settingsAt)).settings)
      if (meanwhile.length > 0)
        throw new DeploymentError(`somebody else has changed the service during the roll-out (${meanwhile.map(differenceText).join('; ')})`)
    },
  })
  await verify(opened, { ...wanted, definition: beside.revision === undefined ? wanted.definition : definition }, rest)
  await settle([...earlier.open, { file, rollback: kept }], io)
  say([`Read back: every value is as written.${undoes === undefined ? ` To put back what was before: perf apply --rollback ${shown}` : ''}`])
  return 0
}

/** How somebody deregisters a revision by hand. */
export const retireWords = (definition: string, { place: { region } }: OpenedService): string =>
  `Deregister it with: aws ecs deregister-task-definition --task-definition ${revisionName(definition)} --region ${region}`

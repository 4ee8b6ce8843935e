/** Shows what would change, asks, keeps what was there, changes it, and reads it back: alike for applying and for rolling back. */
import { relative } from 'node:path'

import type { CostChange } from '../../budgets/advice/apply/cost.ts'
import { changeLines, differenceLines, differenceText } from '../../reports/changes.ts'
import { proseOn } from '../../reports/wrap.ts'
import { change } from '../deployments/ecs/change.ts'
import { differencesOf } from '../deployments/ecs/differences.ts'
import type { OpenedService } from '../deployments/ecs/opened.ts'
import { rollbackFormat, saveRollback } from '../deployments/ecs/rollback-file.ts'
import type { Settings, TaskSize } from '../deployments/ecs/settings.ts'
import { type State, settingsAt } from '../deployments/ecs/state.ts'
import { isWrite, stepsBetween, stepWords } from '../deployments/ecs/steps.ts'
import { writingPolicy } from '../deployments/ecs/writing-policy.ts'
import { DeploymentError } from '../errors/deployment-error.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { SafetyError } from '../errors/safety-error.ts'
import type { Io } from '../io.ts'

export type ChangeFlags = { readonly yes?: boolean; readonly dryRun?: boolean }

export type Intent = {
  readonly title: string
  readonly state: State
  readonly wanted: Settings
  readonly size: TaskSize | undefined
  readonly cost: CostChange | undefined
  readonly notes: readonly string[]
  /** Runs that the recommendation rests on. */
  readonly runs: readonly string[]
  /** Where the rollback file goes. */
  readonly out: string
}

const ask = async (where: string, { yes }: ChangeFlags, io: Io): Promise<void> => {
  if (yes === true) return
  if (!io.isInputTerminal)
    throw new SafetyError(
      `${where} was not changed: nobody confirmed it, and there is no terminal to ask at. A change of what is deployed needs a yes. Add --yes.`,
    )
  if (!(await io.confirm(`Change ${where} so?`)))
    throw new SafetyError(`${where} was not changed: it was declined. Nothing was written. Start again when it may be.`)
}

/** Between the picture and the yes somebody else may have changed it. */
const checkUnchanged = (shown: Settings, now: Settings, where: string): void => {
  const meanwhile = differencesOf(shown, now)
  if (meanwhile.length > 0)
    throw new SafetyError(
      `${where} was not changed: somebody else has changed it since it was shown (${meanwhile.map(differenceText).join('; ')}). A yes is for what was shown. Start again.`,
    )
}

const rolesOf = ({ definition: { taskRoleArn, executionRoleArn } }: State): string[] => [taskRoleArn, executionRoleArn].filter((role) => role !== undefined)

const verify = async (opened: OpenedService, wanted: Settings, rollback: string): Promise<void> => {
  const { settings } = await opened.read(settingsAt)
  const left = differencesOf(settings, wanted)
  if (left.length > 0)
    throw new DeploymentError(
      `All was written, and read back it differs:\n${differenceLines(left).join('\n')}\n(what is there → what was written.) Somebody or something else may change it, too. Look there, or put back what was before with: ${rollback}`,
    )
}

/** @returns 0, also where nothing has to be changed @throws {SafetyError} when it was not agreed to @throws {DeploymentError} when it stopped half-way, or did not hold */
export const changeService = async (opened: OpenedService, intent: Intent, flags: ChangeFlags, io: Io): Promise<ExitCode> => {
  const { state, wanted, size, title, cost, notes } = intent
  const { place } = opened
  const { account, region, cluster, service } = place
  const where = `ECS service ${cluster}/${service} (account ${account}, ${region})`
  const say = (lines: readonly string[]): void => {
    io.stdout.write(`${proseOn(lines, io.columns)}\n`)
  }
  const steps = stepsBetween(state.settings, wanted, size)
  if (steps.length === 0) {
    say([title, 'Nothing has to be changed: every value is as it should be.', ...notes])
    return 0
  }
  const resizing =
    size === undefined
      ? []
      : [
          {
            of: '',
            name: 'size',
            before: `${state.definition.cpu} CPU units, ${state.definition.memory} MiB`,
            after: `${size.cpu} CPU units, ${size.memory} MiB`,
          },
        ]
  say(changeLines({ title, differences: [...differencesOf(state.settings, wanted), ...resizing], cost, notes }))
  if (flags.dryRun === true) return 0
  await ask(where, flags, io)
  checkUnchanged(state.settings, (await opened.read(settingsAt)).settings, where)
  const file = await saveRollback(intent.out, {
    format: rollbackFormat,
    savedAt: io.now().toISOString(),
    account,
    region,
    cluster,
    service,
    runs: [...intent.runs],
    before: state.settings,
    desired: state.service.desiredCount ?? 0,
  })
  const shown = relative(io.cwd, file)
  const rollback = `perf apply --rollback ${shown}`
  say([`What was there is kept in ${shown}.`])
  const definition = await change(place, steps, {
    definition: state.settings.definition,
    rollback,
    policy: writingPolicy(place, size === undefined && wanted.definition === state.settings.definition ? undefined : rolesOf(state)),
    begins: (step) => {
      if (!isWrite(step)) say(['The roll-out is waited for: tasks of the old size go when those of the new one serve.'])
    },
    done: (step) => say([`✓ ${stepWords(step)}`]),
  })
  await verify(opened, { ...wanted, definition: size === undefined ? wanted.definition : definition }, rollback)
  say([`Read back: every value is as written. To put back what was before: ${rollback}`])
  return 0
}

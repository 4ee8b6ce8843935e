/** `perf apply --rollback FILE`: puts back what a change of perf's made of a service, and leaves what others have changed since. */
import { relative, resolve } from 'node:path'
import { warningsOf } from '../../budgets/advice/apply/warnings.ts'
import { desiredBack } from '../deployments/ecs/desired-back.ts'
import { OpenedService, type Signals } from '../deployments/ecs/opened.ts'
import { taskSizeOf } from '../deployments/ecs/resized.ts'
import { revisionsLeft } from '../deployments/ecs/revisions-left.ts'
import { readRollback } from '../deployments/ecs/rollback-file.ts'
import { definedAt, stateAt } from '../deployments/ecs/state.ts'
import { revisionName } from '../deployments/ecs/step-words.ts'
import { type Undone, undone } from '../deployments/ecs/undone.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { SafetyError } from '../errors/safety-error.ts'
import type { Io } from '../io.ts'
import type { ApplyFlags } from './apply-flags.ts'
import { accountOf, requireAccount } from './aws-account.ts'
import { costOfChange } from './change-cost.ts'
import { requirePlace } from './change-place.ts'
import { changeService, retireWords } from './change-service.ts'
import { earlierChanges } from './earlier-changes.ts'
import { outOf } from './saved-runs.ts'

const othersNotes = ({ kept, lost, overwritten }: Undone): string[] => [
  ...(kept.length === 0 ? [] : [`Stays as others have made it since: ${kept.join(', ')}.`]),
  ...(lost.length === 0 ? [] : [`Others have made ${lost.join(', ')} since, which goes too: nothing scaled the service before, and rules need what does.`]),
  ...(overwritten.length === 0 ? [] : [`Was changed again since, by others or by a scheduled action, and goes back all the same: ${overwritten.join(', ')}.`]),
]

const requireActive = async (opened: OpenedService, definition: string): Promise<Awaited<ReturnType<typeof definedAt>>> => {
  const defined = await opened.read((place) => definedAt(place, definition))
  if (defined.definition.status === 'INACTIVE')
    throw new SafetyError(
      `Nothing was changed. ${revisionName(definition)} was deregistered, and ECS gives no service a revision that was. Register what it holds again, and write the new ARN in its place in the file. (What perf apply --size brought comes back by applying it again.)`,
    )
  return defined
}

/** @throws {SafetyError} for another account, or without a yes @throws {DeploymentError} when it stopped half-way */
export const rollBack = async (file: string, flags: ApplyFlags, io: Io, signals: Signals): Promise<ExitCode> => {
  const out = outOf(flags, io)
  const path = resolve(io.cwd, file)
  const rollback = await readRollback(path, out, relative(io.cwd, path))
  const { cluster, service, region, account, savedAt } = rollback
  requirePlace(rollback, flags, `${relative(io.cwd, path)}`)
  const opened = await OpenedService.open({ ...accountOf(flags, region), cluster, service }, signals)
  try {
    requireAccount(opened.place, flags.account ?? account)
    requireAccount(opened.place, account)
    const state = await opened.read(stateAt)
    const back = undone(state.settings, rollback)
    const { settings: wanted } = back
    const isOther = wanted.definition !== state.settings.definition
    const size = isOther ? taskSizeOf((await requireActive(opened, wanted.definition)).definition) : undefined
    const { retired, possible } = await opened.read((place) => revisionsLeft(place, rollback, wanted.definition))
    const now = state.service.desiredCount ?? 0
    const desired = desiredBack(now, wanted, rollback, opened.place)
    const cost = await costOfChange(state, wanted, size, flags, io)
    const all = await earlierChanges(opened.place, out)
    return await changeService(
      opened,
      {
        title: `Put back ECS service ${cluster}/${service} in account ${account}, region ${region}, as ${opened.place.arn}, to what it had at ${savedAt}:`,
        state,
        wanted,
        beside: { desired: desired.set, retired },
        cost,
        notes: [
          ...othersNotes(back),
          ...desired.notes,
          ...warningsOf({ now: state.settings, wanted, desired: desired.set?.wanted ?? now, suspended: state.suspended, owner: undefined, runs: [] }),
          ...possible.map(
            (each) => `${revisionName(each)} has the size that was to be registered, and may have been: nobody heard the answer. ${retireWords(each, opened)}`,
          ),
        ],
        runs: rollback.runs,
        out,
        // Those before it are what somebody may still want to go back to.
        earlier: { all: all.all, open: all.open.filter((each) => each.rollback.savedAt >= savedAt) },
        undoes: relative(io.cwd, path),
      },
      flags,
      io,
    )
  } finally {
    await opened.close()
  }
}

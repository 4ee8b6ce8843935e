/** Who agrees to a change, and whether it is still the one that was agreed to. */
import { differenceText } from '../../reports/changes.ts'
import { differencesOf } from '../deployments/ecs/differences.ts'
import type { OpenedService } from '../deployments/ecs/opened.ts'
import type { Settings } from '../deployments/ecs/settings.ts'
import { SafetyError } from '../errors/safety-error.ts'
import type { Io } from '../io.ts'
import { type EarlierChanges, earlierChanges } from './earlier-changes.ts'

export type ChangeFlags = { readonly yes?: boolean; readonly dryRun?: boolean }

export const ask = async (where: string, { yes }: ChangeFlags, io: Io): Promise<void> => {
  if (yes === true) return
  if (!io.isInputTerminal)
    throw new SafetyError(
      `${where} was not changed: nobody confirmed it, and there is no terminal to ask at. A change of what is deployed needs a yes. Add --yes.`,
    )
  if (!(await io.confirm(`Change ${where} so?`)))
    throw new SafetyError(`${where} was not changed: it was declined. Nothing was written. Start again when it may be.`)
}

/** Between the picture and the yes somebody else may have changed it. */
export const checkUnchanged = (shown: Settings, now: Settings, where: string): void => {
  const meanwhile = differencesOf(shown, now)
  if (meanwhile.length > 0)
    throw new SafetyError(
      `${where} was not changed: somebody else has changed it since it was shown (${meanwhile.map(differenceText).join('; ')}). A yes is for what was shown. Start again.`,
    )
}

/** Two that see the same service at the same time would both write: each has kept its file by now, so at least one sees the other. */
export const checkAlone = async (file: string, earlier: EarlierChanges, out: string, opened: OpenedService): Promise<void> => {
  const known = new Set([file, ...earlier.all.map((each) => each.file)])
  const { open } = await earlierChanges(opened.place, out)
  if (open.some((each) => !known.has(each.file)))
    throw new SafetyError(
      `${opened.where} was not changed: another perf apply changes it at this moment. One change is made at a time. Start again when it is done.`,
    )
}

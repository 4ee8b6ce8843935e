/** The budgets that a saved run was judged by. */
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Budget } from '../../budgets/budget.ts'
import { readBudgets, readDefaultBudgets } from '../../budgets/read.ts'

/** The budgets a run was judged by stay with it; without them, as for a run from elsewhere, the shipped ones serve. */
export const budgetsOf = async (folder: string, named: readonly string[] | undefined, cwd: string): Promise<readonly Budget[]> => {
  if (named !== undefined) return readBudgets(named.map((file) => resolve(cwd, file)))
  const text = await readFile(join(folder, 'config.effective.json'), 'utf8').catch(() => undefined)
  const kept = text === undefined ? undefined : (JSON.parse(text) as { resolvedBudgets?: readonly Budget[] }).resolvedBudgets
  return kept ?? readDefaultBudgets()
}

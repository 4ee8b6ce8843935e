/** `perf validate`: reads the configuration, the scenario and the budgets as a run would, and sends nothing. */
import { relative } from 'node:path'
import { readBudgets, readDefaultBudgets } from '../../budgets/read.ts'
import { count, duration, rate } from '../../reports/format.ts'
import { durationOf, peakRate, plannedArrivals } from '../../scenarios/shape.ts'
import { readConfig } from '../config.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'
import { type RunFlags, settle } from '../settings.ts'
import { workFor } from './what-to-run.ts'

export const validate = async (flags: RunFlags, io: Io): Promise<ExitCode> => {
  const { file, config } = await readConfig(io.cwd, flags.config)
  const settings = settle(undefined, flags, io.env, config, io.cwd)
  const budgets = settings.budgets.length > 0 ? await readBudgets(settings.budgets) : await readDefaultBudgets()
  const work = await workFor(settings, settings.target === undefined, io.cwd)
  const { shape } = work.facts
  const lines = [
    `configuration  ${file === undefined ? 'none; defaults serve' : relative(io.cwd, file)}`,
    `scenario       ${work.file ?? 'the built-in one'}: ${work.journeys.map(({ name, weight }) => `${name} (weight ${weight})`).join(', ')}`,
    `shape          ${shape === undefined ? "the test type's own" : `${shape.name}: ${count(plannedArrivals(shape, settings.seed ?? 0))} arrivals in ${duration(durationOf(shape))}, at most ${rate(peakRate(shape))}`}`,
    ...(work.feeds.length > 0 ? [`data           ${work.feeds.map(({ path, rows }) => `${path} (${count(rows.length)} rows)`).join(', ')}`] : []),
    `budgets        ${budgets.map(({ name }) => name).join(', ')}`,
  ]
  io.stdout.write(`${lines.join('\n')}\n`)
  return 0
}

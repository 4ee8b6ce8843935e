/** `perf validate`: reads the configuration, the scenario and the budgets as a run would, and sends nothing. */
import { relative } from 'node:path'
import { isMetricName } from '../../budgets/metric.ts'
import { readBudgets, readDefaultBudgets, readScalingTriggers } from '../../budgets/read.ts'
import { probesInRole, refuseUnwatched, type WatchedProbe } from '../../budgets/roles.ts'
import { count, duration, rate } from '../../reports/format.ts'
import { durationOf, peakRate, plannedArrivals } from '../../scenarios/shape.ts'
import { readConfig } from '../config.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'
import type { Target } from '../plan.ts'
import { makeProbes } from '../probes/index.ts'
import type { RunFlags } from '../run-flags.ts'
import { settle } from '../settings.ts'
import { probesIn } from './prepare.ts'
import { workFor } from './what-to-run.ts'

/** Nothing is sent there. */
const nowhere: Target = { url: 'http://127.0.0.1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] }

/** Which scaling triggers something would tell of, and which not. */
const triggersLine = async (probes: readonly WatchedProbe[]): Promise<string> => {
  const triggers = (await readScalingTriggers()).map(({ name, metric }) => ({ name, isOurs: isMetricName(metric), probes: probesInRole(metric, probes) }))
  const told = triggers.flatMap(({ name, isOurs, probes: by }) => (by.length > 0 ? [`${name} (${by.join(', ')})`] : isOurs ? [name] : []))
  const untold = triggers.flatMap(({ name, isOurs, probes: by }) => (by.length > 0 || isOurs ? [] : [name]))
  return `triggers       ${told.join(', ')}${untold.length > 0 ? `; no configured probe tells ${untold.join(', ')}` : ''}`
}

export const validate = async (flags: RunFlags, io: Io): Promise<ExitCode> => {
  const { file, config } = await readConfig(io.cwd, flags.config)
  const settings = settle(undefined, flags, io.env, config, io.cwd)
  const budgets = settings.budgets.length > 0 ? await readBudgets(settings.budgets) : await readDefaultBudgets()
  const probes = probesIn(settings)
  refuseUnwatched(budgets, probes)
  await makeProbes(settings.probes, { target: nowhere }) // reads their options, and asks nobody
  const work = await workFor(settings, settings.target === undefined, io.cwd)
  const { shape } = work.facts
  const lines = [
    `configuration  ${file === undefined ? 'none; defaults serve' : relative(io.cwd, file)}`,
    `scenario       ${work.file ?? 'the built-in one'}: ${work.journeys.map(({ name, weight }) => `${name} (weight ${weight})`).join(', ')}`,
    `shape          ${shape === undefined ? "the test type's own" : `${shape.name}: ${count(plannedArrivals(shape, settings.seed ?? 0))} arrivals in ${duration(durationOf(shape))}, at most ${rate(peakRate(shape))}`}`,
    ...(work.feeds.length > 0 ? [`data           ${work.feeds.map(({ path, rows }) => `${path} (${count(rows.length)} rows)`).join(', ')}`] : []),
    ...(probes.length > 0 ? [`probes         ${probes.map(({ name, kind }) => (name === kind ? name : `${name} (${kind})`)).join(', ')}`] : []),
    `budgets        ${budgets.map(({ name }) => name).join(', ')}`,
    await triggersLine(probes),
  ]
  io.stdout.write(`${lines.join('\n')}\n`)
  return 0
}

/**
 * Names that mean what a probe watches and not what it is called: `database.connections.saturation` is that of every database. Shipped
 * budgets and scaling triggers use them, because they can't know how somebody names a probe.
 */

import { UsageError } from '../runner/errors/usage-error.ts'
import type { Run } from '../runner/run.ts'
import type { Budget } from './budget.ts'
import { listed } from './errors/listed.ts'
import { isMetricName } from './metric.ts'
import { readingsOf, seriesNames } from './readings.ts'

export type WatchedProbe = { readonly name: string; readonly kind: string | null }

/** Whose memory is meant to be full, such as a cache's, is not among those of `memory`. */
const machines = ['process', 'cgroup', 'host']
const kindsOf: Readonly<Record<string, readonly string[]>> = {
  database: ['postgres', 'mysql', 'mariadb'],
  queue: ['rabbitmq', 'sqs'],
  cpu: machines,
  memory: machines,
}

/** @example roleOf('database.query_time') // { role: 'database', what: 'query_time' } @example roleOf('cpu.saturation') // { role: 'cpu', what: 'cpu.saturation' } */
const roleOf = (metric: string): { readonly role: string; readonly what: string } | undefined => {
  const dot = metric.indexOf('.')
  const role = metric.slice(0, Math.max(0, dot))
  if (!Object.hasOwn(kindsOf, role)) return undefined
  return { role, what: kindsOf[role] === machines ? metric : metric.slice(dot + 1) }
}

/** Names of the probes that tell such a metric; empty also where it names no role. */
export const probesInRole = (metric: string, probes: readonly WatchedProbe[]): string[] => {
  const found = roleOf(metric)
  return found === undefined ? [] : probes.flatMap(({ name, kind }) => (kind !== null && kindsOf[found.role]?.includes(kind) ? [name] : []))
}

const queryTime = 'query_time'

/** The series of this run that a metric means: itself, or in the place of a role those of its probes. */
export const metricsMeant = (run: Run, metric: string): readonly string[] => {
  const found = roleOf(metric)
  if (found === undefined || readingsOf(run, metric) !== undefined) return [metric]
  const known = new Set([...seriesNames(run), ...(run.observations ?? []).flatMap(({ kind, probe }) => (kind === queryTime ? [`${probe}.${queryTime}`] : []))])
  const suffix = found.what.endsWith('.saturation') ? '.saturation' : ''
  const what = found.what.slice(0, found.what.length - suffix.length)
  const meant = probesInRole(metric, run.watched ?? []).flatMap((probe) =>
    [...known].filter((name) => {
      const rest = name.startsWith(`${probe}.`) && name.endsWith(suffix) ? name.slice(probe.length + 1, name.length - suffix.length) : ''
      return rest === what || (suffix === '' && rest.endsWith('.saturation') ? false : rest.startsWith(`${what}.`)) // depth.orders, depth.mails
    }),
  )
  return meant.length === 0 ? [metric] : meant
}

/** One budget for each of the series that it means. */
export const budgetsMeant = (run: Run, budget: Budget): Budget[] => {
  const meant = metricsMeant(run, budget.metric)
  if (meant.length === 1) return [{ ...budget, metric: meant[0] ?? budget.metric }]
  return meant.map((metric) => ({ ...budget, metric, name: `${budget.name} (${metric})` }))
}

/** Watched without a configuration: the generator, and a target on this machine; a scenario may bring a browser. */
const always: readonly WatchedProbe[] = [
  { name: 'target', kind: 'process' },
  { name: 'generator', kind: null },
  { name: 'browser', kind: null },
]

/**
 * Series have a dot in their name, and a scenario's metrics have none, so a probe that is missing can be told before any load.
 * @throws {UsageError} for a budget on a series of a probe that is not configured
 */
export const refuseUnwatched = (budgets: readonly Budget[], configured: readonly WatchedProbe[]): void => {
  const probes = [...configured, ...always.filter(({ name }) => !configured.some((probe) => probe.name === name))]
  const names = probes.map(({ name }) => name)
  for (const { metric, name, file, level, whenMeasured } of budgets) {
    if (level === 'off' || whenMeasured || isMetricName(metric) || !metric.includes('.')) continue
    if (names.some((probe) => metric.startsWith(`${probe}.`)) || probesInRole(metric, probes).length > 0) continue
    const role = roleOf(metric)
    const expected = role === undefined ? 'no probe is called so' : `no probe of kind ${listed(kindsOf[role.role] ?? [])} is configured`
    throw new UsageError(
      `Budget "${name}" in ${file} names the series "${metric}", and ${expected}. Probes are ${listed(names, 20)}. Correct the name, add the probe to the configuration, or add "when_measured": true to the budget.`,
    )
  }
}

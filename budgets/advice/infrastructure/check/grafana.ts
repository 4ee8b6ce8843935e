/**
 * A dashboard and provisioned alerts against schemas of our own, because Grafana publishes types and no program to ask. A test holds what is
 * written to those types (test/support/grafana-types.ts); the names of a rule in a file are those that its API exports.
 */
import { parse } from 'yaml'
import { z } from 'zod'

const position = z.strictObject({ x: z.int().min(0).max(23), y: z.int().min(0), w: z.int().min(1).max(24), h: z.int().min(1) })
const step = z.strictObject({ color: z.string(), value: z.number().nullable() })
const panel = z.looseObject({
  id: z.int().min(1),
  type: z.enum(['timeseries', 'text']),
  title: z.string().min(1),
  gridPos: position,
  targets: z.array(z.looseObject({ refId: z.string(), expr: z.string().min(1) })).optional(),
  fieldConfig: z
    .looseObject({ defaults: z.looseObject({ unit: z.string(), thresholds: z.strictObject({ mode: z.literal('absolute'), steps: z.array(step).min(1) }) }) })
    .optional(),
})
const dashboard = z.looseObject({
  uid: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'letters, digits, - and _, 40 at most'),
  title: z.string().min(1),
  schemaVersion: z.int(),
  templating: z.looseObject({ list: z.array(z.looseObject({ name: z.string(), type: z.string() })) }),
  panels: z.array(panel).min(1),
})

const words = z.record(z.string(), z.string())
const query = z.strictObject({
  refId: z.string(),
  datasourceUid: z.string().min(1),
  relativeTimeRange: z.strictObject({ from: z.int().min(1), to: z.int().min(0) }).optional(),
  model: z.looseObject({ refId: z.string() }),
})
const rule = z.strictObject({
  uid: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'letters, digits, - and _, 40 at most'),
  title: z.string().min(1).max(190),
  condition: z.string(),
  for: z.string().regex(/^\d+[smh]$/, 'a length of time'),
  noDataState: z.enum(['OK', 'Alerting', 'NoData', 'KeepLast']),
  execErrState: z.enum(['OK', 'Alerting', 'Error', 'KeepLast']),
  labels: words,
  annotations: words,
  data: z.array(query).min(1),
})
const group = z.strictObject({ orgId: z.int(), name: z.string().min(1).max(190), folder: z.string().min(1), interval: z.string(), rules: z.array(rule).min(1) })
const provisioning = z.strictObject({ apiVersion: z.literal(1), groups: z.array(group).min(1) })

const twice = (what: string, values: readonly (string | number)[]): string[] =>
  values.filter((value, at) => values.indexOf(value) !== at).map((value) => `${what} ${value} is there twice. Each has its own.`)

/** Rising, as Grafana draws them: the first has no value. */
const stepsWrong = (title: string, steps: readonly z.output<typeof step>[]): string[] =>
  steps.every(({ value }, at) => (at === 0 ? value === null : value !== null && value > (steps[at - 1]?.value ?? -Infinity)))
    ? []
    : [`The thresholds of "${title}" do not rise. The first has no value, and each other is above the one before it.`]

export const wrongInDashboard = (text: string): string[] => {
  const read = dashboard.safeParse(JSON.parse(text))
  if (!read.success) return [`The dashboard is none: ${z.prettifyError(read.error)}`]
  const { panels } = read.data
  return [
    ...twice(
      'Panel',
      panels.map(({ id }) => id),
    ),
    ...panels.flatMap(({ title, fieldConfig }) => (fieldConfig === undefined ? [] : stepsWrong(title, fieldConfig.defaults.thresholds.steps))),
    ...panels.flatMap(({ title, gridPos: { x, w } }) => (x + w > 24 ? [`"${title}" reaches beyond the 24 columns of a dashboard.`] : [])),
  ]
}

export const wrongInProvisioning = (text: string): string[] => {
  const read = provisioning.safeParse(parse(text))
  if (!read.success) return [`The provisioned alerts are none: ${z.prettifyError(read.error)}`]
  const rules = read.data.groups.flatMap((group) => group.rules)
  return [
    ...twice(
      'Rule',
      rules.map(({ uid }) => uid),
    ),
    ...twice(
      'Title',
      rules.map(({ title }) => title),
    ),
    ...rules.flatMap(({ title, condition, data }) =>
      data.some(({ refId }) => refId === condition) ? [] : [`"${title}" decides by ${condition}, which it does not ask for.`],
    ),
  ]
}

/** What a budget file may say, and how that becomes budgets. No disk: budgets/read.ts brings the text, already parsed. */
import { z } from 'zod'
import { UsageError } from '../runner/errors/usage-error.ts'
import { testTypes } from '../scenarios/journey.ts'
import { parseDuration } from '../scenarios/units.ts'
import { type Budget, stats } from './budget.ts'
import { listed } from './errors/listed.ts'
import { k6Metrics, parseSubMetric } from './k6-thresholds.ts'
import { parseExpression, statOf } from './limit.ts'
import { isMetricName, metrics } from './metric.ts'
import { limitOf, type Place, refuse, statFor } from './written-budget.ts'

const limit = z.union([z.string(), z.number()]).describe('200ms, 1.5s, 80%, 0.1%, 50/s, or a plain number where the metric has no unit')
const entrySchema = z
  .strictObject({
    metric: z.string().describe(`${Object.keys(metrics).join(', ')}, a metric of the scenario, or a probe's series such as postgres.connections.saturation`),
    endpoint: z.string().optional().describe('an endpoint, journey, group or check, by what the metric has; all of them together when left out'),
    stat: z.enum(stats).optional(),
    at_most: limit.optional(),
    at_least: limit.optional(),
    level: z.enum(['error', 'warn', 'off']).optional().describe('error decides the verdict (the default), warn is told, off is ignored'),
    window: z.string().optional().describe('the limit must hold in every window of this length, such as 10s'),
    per: z.literal('step').optional().describe('the limit must hold in each step of the load, each judged apart'),
    tests: z
      .array(z.enum([...testTypes, 'custom']))
      .min(1)
      .optional()
      .describe('test types the budget speaks of; all when left out'),
    when_measured: z.boolean().optional().describe('true: left out, and listed as not measured, when the run has no such metric or endpoint'),
  })
  .describe('states what passes')
type Entry = z.infer<typeof entrySchema>

const fileSchema = z
  .object({ $schema: z.string().optional() })
  .catchall(
    z.union([
      entrySchema,
      z.string().describe('an expression that states what passes: p95<200ms, error_rate<0.1%, p95 of POST /checkout <= 200ms'),
      z
        .array(z.union([z.string(), z.strictObject({ threshold: z.string() })]))
        .min(1)
        .describe('k6 thresholds of the metric that the key names, such as p(95)<200'),
    ]),
  )
  .describe('Budgets by name')

/** The published JSON Schema of a budget file. */
export const budgetFileJsonSchema = (): unknown => z.toJSONSchema(fileSchema, { io: 'input' })

const windowOf = (place: Place, text: string): number => {
  const seconds = parseDuration(text)
  if (seconds === undefined || seconds < 1 || !Number.isInteger(seconds))
    throw refuse(place, `has the window "${text}"`, 'Windows are whole seconds, such as 10s or 1m', 'Write "window": "10s"')
  return seconds
}

const fromEntry = (place: Place, entry: Entry): Budget => {
  const { metric, endpoint, at_most, at_least, window, per, tests } = entry
  if (at_most !== undefined && at_least !== undefined)
    throw refuse(place, `has two limits, at_most ${at_most} and at_least ${at_least}`, 'A budget is one limit', 'Make two budgets of it')
  const written = at_most ?? at_least
  if (written === undefined) throw refuse(place, 'has no limit', 'A budget is one limit', `Add "at_most" or "at_least", such as "at_most": "200ms"`)
  if (window !== undefined && per !== undefined)
    throw refuse(place, `has both a window and "per": "${per}"`, 'A limit holds in each window or in each step of the load', 'Make two budgets of it')
  const stat = statFor(place, metric, entry.stat, endpoint)
  return {
    ...place,
    metric,
    level: entry.level ?? 'error',
    limit: { is: at_most === undefined ? 'at_least' : 'at_most', ...limitOf(place, metric, stat, written, 'needs-unit') },
    ...(endpoint !== undefined && { endpoint }),
    ...(stat !== undefined && { stat }),
    ...(window !== undefined && { window: windowOf(place, window) }),
    ...(per !== undefined && { per }),
    ...(tests !== undefined && { tests }),
    ...(entry.when_measured === true && { whenMeasured: true as const }),
  }
}

const compared = (place: Place, text: string) => {
  const expression = parseExpression(text)
  if (expression === undefined)
    throw refuse(
      place,
      `says "${text}", which compares nothing`,
      'An expression states what passes, such as p95<200ms or error_rate<0.1%',
      'Write one of these',
    )
  return expression
}

/** `p95<200ms`, `error_rate<0.1%`, `journey_time p95 of checkout <= 2s`. */
const fromExpression = (place: Place, text: string): Budget => {
  const { left, operator, comparison, right } = compared(place, text)
  if (comparison === undefined) throw refuse(place, `compares with "${operator}"`, 'Limits are <, <=, > or >=', 'Write one of these')
  const [, words = '', endpoint] = /^(.*?)(?:\s+of\s+(.+))?$/.exec(left) ?? []
  const [first = '', second, third] = words.split(/\s+/)
  const [metric, statText] = second === undefined && statOf(first) !== undefined ? ['response_time', first] : [first, second]
  const stat = statText === undefined ? undefined : statOf(statText)
  if (third !== undefined || metric === '' || (statText !== undefined && stat === undefined))
    throw refuse(
      place,
      `says "${text}"`,
      'Left of the comparison stand a metric, a stat or both, and "of" an endpoint',
      'Write it like p95 of POST /checkout < 200ms',
    )
  const chosen = statFor(place, metric, stat, endpoint)
  return {
    ...place,
    metric,
    level: 'error',
    limit: { ...comparison, ...limitOf(place, metric, chosen, /^[+-]/.test(right) ? `${operator}${right}` : right, 'needs-unit') },
    ...(endpoint !== undefined && { endpoint }),
    ...(chosen !== undefined && { stat: chosen }),
  }
}

/** k6 writes milliseconds without a unit, and may compare with == where only one side is possible: a rate of exactly 0 or 1. */
const fromThreshold = (file: string, key: string, text: string): Budget => {
  const place = { name: `${key} ${text}`, file }
  const { left, operator, comparison, right } = compared(place, text)
  const sub = parseSubMetric(key)
  if (sub === undefined) throw refuse(place, `has the key "${key}"`, 'Sub-metrics have one tag, such as http_req_duration{name:GET /cart}', 'Write it so')
  const k6 = Object.hasOwn(k6Metrics, sub.metric) ? k6Metrics[sub.metric] : undefined
  const metric = k6?.metric ?? sub.metric
  const tags = k6?.tags ?? (isMetricName(metric) ? ['name', 'endpoint', 'journey', 'group', 'check'] : [])
  if (sub.tag !== undefined && !tags.includes(sub.tag))
    throw refuse(
      place,
      `picks by the tag "${sub.tag}"`,
      tags.length > 0 ? `Here ${sub.metric} can be picked by ${listed(tags)}` : `${sub.metric} has no parts here`,
      'Change the tag, or leave it out',
    )
  const stat = k6?.stats !== undefined ? (Object.hasOwn(k6.stats, left) ? k6.stats[left] : undefined) : statOf(left)
  if (stat === undefined)
    throw refuse(
      place,
      `asks for "${left}"`,
      `Here ${sub.metric} can be ${k6?.stats ? listed(Object.keys(k6.stats)) : 'p(50), p(75), p(90), p(95), p(99), p(99.9), avg, med, max, rate, count or value'}`,
      'Write one of these',
    )
  const isEqual = operator === '==' || operator === '==='
  const chosen = statFor(place, metric, stat, sub.value)
  const parsed = limitOf(place, metric, chosen, /^[+-]/.test(right) ? `${operator}${right}` : right, 'is-ms')
  const meant =
    comparison ??
    (isEqual && parsed.value === 0
      ? ({ is: 'at_most' } as const)
      : isEqual && parsed.value === 1 && parsed.unit === 'ratio'
        ? ({ is: 'at_least' } as const)
        : undefined)
  if (meant === undefined) throw refuse(place, `compares with "${operator} ${right}"`, 'Limits are <, <=, > or >=', 'Write one of these')
  return { ...place, metric, level: 'error', stat: chosen ?? stat, limit: { ...meant, ...parsed }, ...(sub.value !== undefined && { endpoint: sub.value }) }
}

const kinds: Readonly<Record<string, string>> = {
  at_most: 'a number, or text such as "200ms"',
  at_least: 'a number, or text such as "99.9%"',
  when_measured: 'true or false',
  tests: 'a list of test types',
}

/** What the schema's first complaint about an entry means. */
const complain = (place: Place, value: unknown, issue: z.core.$ZodIssue): UsageError => {
  const keys = Object.keys(entrySchema.shape)
  const at = issue.path.join('.')
  const found = issue.path.reduce<unknown>((inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key], value)
  if (issue.code === 'unrecognized_keys')
    return refuse(place, `has the key "${issue.keys[0]}", which means nothing`, `A budget's keys are ${listed(keys, keys.length)}`, 'Correct or remove it')
  if (at === '')
    return refuse(
      place,
      `is ${JSON.stringify(value)}`,
      'A budget is an object, an expression such as "p95<200ms", or a list of k6 thresholds',
      'Write one of these',
    )
  if (found === undefined) return refuse(place, `has no "${at}"`, `It says what is limited, such as "metric": "response_time"`, 'Add it')
  const expected = issue.code === 'invalid_value' ? `one of ${listed(issue.values.map(String), issue.values.length)}` : (kinds[at] ?? 'text')
  return refuse(place, `has ${JSON.stringify(found)} as "${at}"`, `It is ${expected}`, 'Correct it')
}

const budgetsOf = (file: string, name: string, value: unknown): Budget[] => {
  const place = { name, file }
  if (typeof value === 'string') return [fromExpression(place, value)]
  if (!Array.isArray(value)) {
    const entry = entrySchema.safeParse(value)
    if (!entry.success) throw complain(place, value, entry.error.issues[0] as z.core.$ZodIssue)
    return [fromEntry(place, entry.data)]
  }
  if (value.length === 0) throw refuse(place, 'has no thresholds', 'A list holds one at least, such as "p(95)<200"', 'Add one, or remove the key')
  return value.map((threshold: unknown) => {
    const text = typeof threshold === 'string' ? threshold : (threshold as { threshold?: unknown } | null)?.threshold
    if (typeof text !== 'string') throw refuse(place, `lists ${JSON.stringify(threshold)}`, 'Thresholds are text, such as "p(95)<200"', 'Correct it')
    if (typeof threshold !== 'string' && Object.keys(threshold as object).length > 1)
      throw refuse(
        place,
        `lists ${JSON.stringify(threshold)}`,
        'Only "threshold" means something here: a run that fails beyond doubt is ended by the stop rules, not by abortOnFail',
        `Write just ${JSON.stringify(text)}`,
      )
    return fromThreshold(file, name, text)
  })
}

/**
 * Budgets of one parsed file; `$schema` is allowed beside them.
 * @throws {UsageError} for anything that can't be understood
 */
export const budgetsIn = (tree: unknown, file: string): Budget[] => {
  if (typeof tree !== 'object' || tree === null || Array.isArray(tree))
    throw new UsageError(
      `${file} holds ${JSON.stringify(tree)?.slice(0, 40) ?? 'nothing'}. A budget file is an object of budgets by name. Write { "API p95": "p95<200ms" }.`,
    )
  const budgets = Object.entries(tree)
    .filter(([name]) => name !== '$schema')
    .flatMap(([name, value]) => budgetsOf(file, name, value))
  if (budgets.length === 0)
    throw new UsageError(`${file} has no budgets. A file without any would pass every run. Write { "API p95": "p95<200ms" }, or leave it out.`)
  return budgets
}

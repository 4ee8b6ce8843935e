/** A budget's metric, stat and limit as somebody wrote them: do they go together, and what is the limit in the metric's own unit? */
import { UsageError } from '../runner/errors/usage-error.ts'
import type { Stat } from './budget.ts'
import { listed } from './errors/listed.ts'
import { k6Metrics, k6Only } from './k6-thresholds.ts'
import { isRelative, parseLimit } from './limit.ts'
import { isMetricName, metrics, unitOf, wordsOf } from './metric.ts'

export type Place = { readonly name: string; readonly file: string }

/** Three parts, as every error: what stands there, what was expected, what to write. */
export const refuse = ({ name, file }: Place, found: string, expected: string, next: string): UsageError =>
  new UsageError(`Budget "${name}" in ${file} ${found}. ${expected}. ${next}.`)

const examples = { ms: '200ms', ratio: '0.1%', '/s': '50/s', count: '10', '': '10' } as const

/** The value of a limit in its metric's own unit. `is-ms`: k6 writes milliseconds without a unit. @throws {UsageError} for one that does not fit the metric */
export const limitOf = (place: Place, metric: string, stat: Stat | undefined, written: string | number, plain: 'is-ms' | 'needs-unit') => {
  if (typeof written === 'string' && isRelative(written))
    throw refuse(
      place,
      `allows a change of "${written}"`,
      'That is relative to a baseline run, and there is none to compare with yet',
      'Write an absolute limit, such as "at_most": "200ms"',
    )
  const wanted = unitOf(metric, stat)
  const example = examples[wanted ?? '']
  const parsed = parseLimit(written)
  if (parsed === undefined)
    throw refuse(
      place,
      `has the limit ${JSON.stringify(written)}`,
      'Limits are numbers of at least 0, with a unit such as 200ms, 1.5s, 80% or 50/s',
      `Write ${JSON.stringify(example)}`,
    )
  if (wanted === undefined) return parsed
  const { value, unit } = parsed
  if (unit !== undefined && unit !== wanted)
    throw refuse(place, `limits ${wordsOf(metric)} to ${JSON.stringify(written)}`, `It is ${inUnit[wanted]}`, `Write ${JSON.stringify(example)}`)
  if (unit === undefined && plain === 'needs-unit' && (wanted === 'ms' || wanted === '/s'))
    throw refuse(place, `limits ${wordsOf(metric)} to ${value} without a unit`, `It is ${inUnit[wanted]}`, `Write "${value}${wanted}"`)
  if (wanted === 'ratio' && value > 1)
    throw refuse(
      place,
      `limits ${wordsOf(metric)} to ${JSON.stringify(written)}`,
      'It is a share between 0 and 1, or 0% and 100%',
      unit === undefined && value <= 100 ? `Write "${value}%" if that was meant` : 'Write "0.1%"',
    )
  return { value, unit: wanted }
}
const inUnit = {
  ms: 'a time, in ms or s',
  ratio: 'a share, such as 0.1% or 0.001',
  '/s': 'a rate, such as 50/s',
  count: 'a number without a unit',
  '': '',
} as const

/** A stat that the metric has, or its usual one. @throws {UsageError} for a metric, stat or endpoint that do not go together */
export const statFor = (place: Place, metric: string, stat: Stat | undefined, endpoint: string | undefined): Stat | undefined => {
  if (k6Only.includes(metric))
    throw refuse(
      place,
      `names k6's metric "${metric}"`,
      `Of k6's metrics ${listed(Object.keys(k6Metrics))} have a counterpart here`,
      'Limit one of these, or remove the budget',
    )
  if (Object.hasOwn(k6Metrics, metric) && !isMetricName(metric))
    throw refuse(place, `names k6's metric "${metric}"`, `Here it is called ${k6Metrics[metric]?.metric}`, 'Use that name, or write k6 thresholds in brackets')
  if (!/^[A-Za-z_][\w.:/-]*$/.test(metric))
    throw refuse(place, `names the metric "${metric}"`, `Metrics are ${listed(Object.keys(metrics))}, or words of letters, digits, _ and .`, 'Correct the name')
  if (!isMetricName(metric)) return stat
  const known = metrics[metric]
  if (stat !== undefined && !known.stats.some((each) => each === stat))
    throw refuse(place, `asks for the ${stat} of ${wordsOf(metric)}`, `There it can be ${listed(known.stats)}`, `Write "stat": "${known.stats[0]}"`)
  if (endpoint !== undefined && known.of === undefined)
    throw refuse(place, `limits ${wordsOf(metric)} of "${endpoint}"`, `There is one ${wordsOf(metric)} for the whole run`, 'Leave "endpoint" out')
  return stat ?? known.stats[0]
}

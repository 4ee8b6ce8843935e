/** Alerts as recording and alerting rules: each figure is recorded once, so that names are assumed in one place. */
import type { Alert, Recommendation } from '../../recommendation.ts'
import { oneLine } from '../comment.ts'
import { identifier, serviceName } from '../names.ts'
import { namesFor, unnamed } from './figures.ts'
import { type InputSeries, matching, type Query } from './query.ts'

export type Level = 'warning' | 'critical'

export type WatchedAlert = {
  readonly alert: Alert
  readonly query: Query
  readonly recorded: string
  readonly labels: Readonly<Record<string, string>>
  /** The recorded series as it is asked for. */
  readonly selector: string
}

/** The probe's own query, which was measured, is better than any assumption. */
const probed = ({ query, limit, metric }: Alert): Query | undefined => {
  if (query === undefined) return undefined
  const of = query.limit ?? (metric === 'queue' ? undefined : limit)
  const divisor = of === undefined ? '' : ` / ${typeof of === 'number' ? of : `sum(${of})`}`
  return { expression: `sum(${query.value})${divisor}`, assumes: 'what a prometheus probe asked in the run', feed: undefined }
}

/** Rules that can be written, and the sentences of those that can't. */
export const watchedAlerts = (recommendation: Recommendation): { readonly watched: readonly WatchedAlert[]; readonly declined: readonly string[] } => {
  const name = recommendation.prometheus?.job ?? serviceName(recommendation) ?? unnamed
  const names = namesFor(recommendation)
  const all = recommendation.alerts.map((alert): WatchedAlert | string => {
    const query = probed(alert) ?? names(alert)
    if ('without' in query) return query.without
    const recorded = `scale_surgeon:${alert.metric}:${alert.metric === 'p95' ? 'seconds' : alert.metric === 'queue' || alert.metric === 'instances' ? 'count' : 'ratio'}`
    const labels = { service: name, ...(alert.metric === 'queue' || alert.metric === 'connections' ? { series: alert.series ?? '' } : {}) }
    return { alert, query, recorded, labels, selector: `${recorded}${matching(labels)}` }
  })
  return { watched: all.filter((each) => typeof each !== 'string'), declined: all.filter((each) => typeof each === 'string') }
}

const pascal = (name: string): string =>
  identifier(name)
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

/** @example alertName(alert, 'warning') // 'CapacityInUseWarning' */
export const alertName = ({ name }: Alert, level: Level): string => `${pascal(name)}${level === 'warning' ? 'Warning' : 'Critical'}`

/** Instances stop at their maximum; everything else goes beyond. */
const comparison = ({ metric }: Alert): string => (metric === 'instances' ? '>=' : '>')
export const thresholdOf = (alert: Alert, level: Level): number => (level === 'warning' ? alert.warn : alert.critical)
export const conditionOf = ({ alert, selector }: WatchedAlert, level: Level): string => `${selector} ${comparison(alert)} ${thresholdOf(alert, level)}`

/** Prometheus expands what stands in double braces. */
const untemplated = (text: string): string => oneLine(text).replace(/\{\{/g, '{{ "{{" }}')

export const annotationsOf = ({ alert }: WatchedAlert, level: Level): Readonly<Record<string, string>> => ({
  summary: untemplated(
    `${alert.name} is ${comparison(alert) === '>' ? 'above' : 'at'} ${thresholdOf(alert, level)}${level === 'warning' ? `; critical is ${alert.critical}` : ''}`,
  ),
  because: untemplated(alert.because),
})

/** What the text shows once it is expanded. */
export const expanded = (text: string): string => text.replaceAll('{{ "{{" }}', '{{')

/** Series with which it has that value, through the assumed names or, for a probe's own query, as the recording rule would say it. */
export const fed = ({ query, selector }: WatchedAlert, value: number): readonly InputSeries[] =>
  query.feed?.(value) ?? [{ series: selector, values: `${value}x120` }]

/** Which exporters' names stand there, a sentence each. @param called how the file calls it */
export const assumptions = (watched: readonly WatchedAlert[], called: (each: WatchedAlert) => string): string[] => [
  'Assumed; where your names differ, give yours as prometheus in the configuration, and they stand here:',
  ...watched.map((each) => `- ${called(each)}: ${each.query.assumes}.`),
]

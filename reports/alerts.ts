/** Alerts as lines for a terminal: thresholds in their units, most severe first, and the reasons for those that there are none of. */
import type { Alert } from '../budgets/advice/recommendation.ts'
import { count, figure, percent } from '../budgets/figure.ts'
import { type DeployedAlarm, silenceOf } from '../runner/deployments/alarm.ts'
import { alarmWords } from './deployed-policies.ts'
import { duration, oneLine } from './format.ts'

/** A threshold as people write it. @example thresholdWords({ metric: 'p95', … }, 0.18) // '180 ms' */
const thresholdWords = ({ metric }: Pick<Alert, 'metric'>, value: number): string =>
  metric === 'p95' ? figure(value * 1000, 'ms') : metric === 'queue' || metric === 'instances' ? count(value) : percent(value)

const silenced = (alarm: DeployedAlarm): string => {
  const silence = silenceOf(alarm)
  return silence === undefined ? '' : `, which tells nobody, because ${silence}`
}

/** Which alarm there is already, or that there is none; nothing where that is not known. */
export const alarmsThere = ({ alarms }: { readonly alarms?: Alert['alarms'] | undefined }): string => {
  if (alarms === undefined) return ''
  if (alarms.length === 0) return ' No alarm watches it as deployed.'
  return ` As deployed: ${alarms.map((alarm) => `${oneLine(alarm.name)} at ${alarmWords(alarm)}${silenced(alarm)}`).join('; ')}.`
}

const alertLine = (alert: Alert): string =>
  `  - ${alert.severity}: ${oneLine(alert.name)}, warning at ${thresholdWords(alert, alert.warn)}, critical at ${thresholdWords(alert, alert.critical)}, for ${duration(alert.lasting)}. ${oneLine(alert.because)}${alarmsThere(alert)}`

/** @param declined the sentences of those that there are none of */
export const alertLines = (alerts: readonly Alert[], declined: readonly string[]): string[] => [
  'Alerts',
  ...alerts.map(alertLine),
  ...declined.map((because) => `  ${oneLine(because)}`),
]

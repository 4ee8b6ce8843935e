/** promtool's tests of the rules: each alert sounds beyond its threshold once it has lasted, and neither before that nor below. */
import { alertName, annotationsOf, expanded, fed, type Level, type WatchedAlert } from './rules.ts'

const margin = 300 // seconds in which rates fill their window and recording rules follow
const isCounted = ({ alert: { metric } }: WatchedAlert): boolean => metric === 'instances' || metric === 'queue'

/** Between the two thresholds, beyond both, and below both. */
const valueFor = (each: WatchedAlert, case_: 'calm' | Level): number => {
  const { warn, critical } = each.alert
  if (each.alert.metric === 'instances') return { calm: warn - 1, warning: warn, critical }[case_]
  const value = { calm: 0.9 * warn, warning: (warn + critical) / 2, critical: 1.05 * critical }[case_]
  return isCounted(each) && case_ !== 'warning' ? Math.round(value) : value
}

const expected = (each: WatchedAlert, level: Level): unknown => ({
  exp_labels: { ...each.labels, severity: each.alert.severity, level },
  exp_annotations: Object.fromEntries(Object.entries(annotationsOf(each, level)).map(([name, text]) => [name, expanded(text)])),
})

const levels: readonly Level[] = ['warning', 'critical']

const testOf = (each: WatchedAlert, case_: 'calm' | Level): unknown => {
  const value = valueFor(each, case_)
  const sounds = (level: Level): boolean => case_ === 'critical' || case_ === level
  return {
    name: `${each.alert.name} at ${value}: ${case_}`,
    interval: '30s',
    input_series: fed(each, value),
    alert_rule_test: levels.flatMap((level) => [
      { eval_time: `${Math.max(30, each.alert.lasting - 30)}s`, alertname: alertName(each.alert, level), exp_alerts: [] },
      { eval_time: `${each.alert.lasting + margin}s`, alertname: alertName(each.alert, level), exp_alerts: sounds(level) ? [expected(each, level)] : [] },
    ]),
  }
}

export const ruleTests = (rulesFile: string, watched: readonly WatchedAlert[]): unknown => ({
  rule_files: [rulesFile],
  evaluation_interval: '30s',
  tests: watched.flatMap((each) => (['calm', 'warning', 'critical'] as const).map((case_) => testOf(each, case_))),
})

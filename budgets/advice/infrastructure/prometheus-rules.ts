/** `--as prometheus-rules`: recording and alerting rules, and the tests in which each alert sounds and does not. */
import { declined } from '../../../runner/stats/few.ts'
import type { Recommendation } from '../recommendation.ts'
import type { Writer } from './artefact.ts'
import { from, headOf } from './derivation.ts'
import { ruleTests } from './prometheus/rule-tests.ts'
import { alertName, annotationsOf, assumptions, conditionOf, type Level, type WatchedAlert, watchedAlerts } from './prometheus/rules.ts'
import { yamlText } from './yaml.ts'

const rulesFile = 'prometheus-rules.yml'
const levels: readonly Level[] = ['warning', 'critical']

const alerting = (each: WatchedAlert): unknown[] =>
  levels.map((level) => ({
    alert: alertName(each.alert, level),
    expr: conditionOf(each, level),
    for: `${each.alert.lasting}s`,
    labels: { severity: each.alert.severity, level },
    annotations: annotationsOf(each, level),
  }))

const inhibition =
  'Each alert has a warning and a critical rule, told apart by the label level; severity says how bad it is. In Alertmanager let level="critical" inhibit level="warning" of the same service.'

const head = (recommendation: Recommendation, watched: readonly WatchedAlert[], without: readonly string[]): string[] => [
  ...headOf(recommendation, `${rulesFile}: alerts whose thresholds were measured.`),
  ...without,
  '',
  'The alerting rules name nothing but what the recording rules record.',
  ...assumptions(watched, ({ recorded }) => recorded),
  '',
  inhibition,
]

/** Warnings without any threshold are none: declined where no alert was derived, with the reasons. */
export const prometheusRules: Writer = (recommendation) => {
  const { watched, declined: without } = watchedAlerts(recommendation)
  if (watched.length === 0)
    return declined(
      `There is nothing to write as prometheus-rules, because no alert was derived. ${[...recommendation.declined, ...without].join(' ')}`.trimEnd(),
    )
  const recording = [...new Map(watched.map((each) => [each.selector, each])).values()].map(({ recorded, query, labels }) => ({
    record: recorded,
    expr: query.expression,
    labels,
  }))
  const groups = [
    { name: 'scale-surgeon figures', interval: '30s', rules: recording },
    { name: 'scale-surgeon alerts', interval: '30s', rules: watched.flatMap(alerting) },
  ]
  return [
    { file: rulesFile, text: yamlText(head(recommendation, watched, without), { groups }), validators: ['promtool'] },
    {
      file: 'prometheus-rules.test.yml',
      text: yamlText(
        [`Tests of ${rulesFile} (${from(recommendation)}): promtool test rules prometheus-rules.test.yml. In each one alert sounds, or none does.`],
        ruleTests(rulesFile, watched),
      ),
      validators: [],
    },
  ]
}

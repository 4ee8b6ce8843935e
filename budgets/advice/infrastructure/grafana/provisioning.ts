/** Alerts that Grafana itself evaluates, as its file provisioning takes them. */
import { oneLine } from '../comment.ts'
import { alertName, annotationsOf, type Level, thresholdOf, type WatchedAlert } from '../prometheus/rules.ts'

/** Filled in by who provisions it. */
const datasource = 'PROMETHEUS_UID'
const lookBack = 600 // seconds

/** Grafana fills $NAME from its environment, and double braces from the alert. */
const literal = (text: string): string => oneLine(text).replace(/\$/g, '$$$$')

const longestUid = 40

const ruleOf = (each: WatchedAlert, level: Level, uid: string, at: number): unknown => {
  const { alert, query } = each
  return {
    uid: `${uid.slice(0, longestUid - 8)}-${at}-${level.slice(0, 4)}`,
    title: `${at}. ${alertName(alert, level)}`,
    condition: 'C',
    for: `${alert.lasting}s`,
    noDataState: 'NoData',
    execErrState: 'Error',
    labels: { ...Object.fromEntries(Object.entries(each.labels).map(([name, value]) => [name, literal(value)])), severity: alert.severity, level },
    annotations: Object.fromEntries(Object.entries(annotationsOf(each, level)).map(([name, text]) => [name, literal(text)])),
    data: [
      {
        refId: 'A',
        relativeTimeRange: { from: lookBack, to: 0 },
        datasourceUid: datasource,
        model: { refId: 'A', expr: query.expression.replace(/\$/g, '$$$$'), instant: true },
      },
      {
        refId: 'C',
        datasourceUid: '__expr__',
        // Instances stop at their maximum, so the threshold lies just below.
        model: {
          refId: 'C',
          type: 'threshold',
          expression: 'A',
          conditions: [{ evaluator: { type: 'gt', params: [alert.metric === 'instances' ? thresholdOf(alert, level) - 0.5 : thresholdOf(alert, level)] } }],
        },
      },
    ],
  }
}

const levels: readonly Level[] = ['warning', 'critical']

/** @param uid of which those of the rules are made */
export const provisioningOf = (uid: string, watched: readonly WatchedAlert[]): unknown => ({
  apiVersion: 1,
  groups: [
    {
      orgId: 1,
      name: 'scale-surgeon',
      folder: 'scale-surgeon',
      interval: '30s',
      rules: watched.flatMap((each, at) => levels.map((level) => ruleOf(each, level, uid, at + 1))),
    },
  ],
})

export const provisioningNote = `Put the uid of your Prometheus in place of ${datasource}, and the file into provisioning/alerting.`

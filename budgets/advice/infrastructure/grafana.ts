/** `--as grafana`: a dashboard with the measured thresholds as lines, and the alerts for Grafana's own alerting. */
import { declined } from '../../../runner/stats/few.ts'
import type { Writer } from './artefact.ts'
import { wrongInDashboard, wrongInProvisioning } from './check/grafana.ts'
import { headOf } from './derivation.ts'
import { dashboardOf } from './grafana/dashboard.ts'
import { provisioningNote, provisioningOf } from './grafana/provisioning.ts'
import { label, serviceName } from './names.ts'
import { assumptions, watchedAlerts } from './prometheus/rules.ts'
import { yamlText } from './yaml.ts'

const longestUid = 40
const checked = 'Checked against a schema of its own, which follows the types that Grafana publishes. No Grafana has read it.'

export const grafana: Writer = (recommendation) => {
  const { watched, declined: without } = watchedAlerts(recommendation)
  if (watched.length === 0)
    return declined(`There is nothing to write as grafana, because no alert was derived. ${[...recommendation.declined, ...without].join(' ')}`.trimEnd())
  const name = serviceName(recommendation) ?? 'service'
  const uid = label(`perf ${label(name)}`, longestUid)
  const head = (file: string, title: string): string[] => [
    ...headOf(recommendation, `${file}: ${title}`),
    ...without,
    ...assumptions(watched, ({ alert }) => alert.name),
  ]
  const dashboard = dashboardOf(name, uid, watched, [...head('dashboard.json', 'measured thresholds as lines.'), checked])
  return [
    { file: 'dashboard.json', text: `${JSON.stringify(dashboard, null, 2)}\n`, validators: [], wrong: wrongInDashboard },
    {
      file: 'alerts.yaml',
      text: yamlText([...head('alerts.yaml', 'alerts that Grafana evaluates.'), '', provisioningNote, checked], provisioningOf(uid, watched)),
      validators: [],
      wrong: wrongInProvisioning,
    },
  ]
}

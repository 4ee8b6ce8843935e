/** A dashboard with one panel for each alert, its thresholds drawn as lines, and beside them what they rest on. */
import type { Alert } from '../../recommendation.ts'
import { oneLine } from '../comment.ts'
import type { WatchedAlert } from '../prometheus/rules.ts'

const columns = 24 // of a dashboard
const panel = { width: 12, height: 8 } as const
const textHeight = 6

/** Units as Grafana names them. */
const unitOf = ({ metric }: Alert): string => (metric === 'p95' ? 's' : metric === 'queue' || metric === 'instances' ? 'short' : 'percentunit')

const source = 'datasource'
const datasource = { type: 'prometheus', uid: `$${source}` }

const panelOf = ({ alert, query }: WatchedAlert, at: number): unknown => ({
  id: at + 2,
  type: 'timeseries',
  title: oneLine(alert.name),
  description: oneLine(alert.because),
  datasource,
  gridPos: { x: (at % 2) * panel.width, y: textHeight + Math.floor(at / 2) * panel.height, w: panel.width, h: panel.height },
  targets: [{ refId: 'A', datasource, expr: query.expression, legendFormat: oneLine(alert.name) }],
  fieldConfig: {
    defaults: {
      unit: unitOf(alert),
      min: 0,
      custom: { drawStyle: 'line', thresholdsStyle: { mode: 'line' } },
      thresholds: {
        mode: 'absolute',
        steps: [
          { color: 'green', value: null },
          { color: 'orange', value: alert.warn },
          { color: 'red', value: alert.critical },
        ],
      },
    },
    overrides: [],
  },
  options: { legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] }, tooltip: { mode: 'single', sort: 'none' } },
})

const textPanel = (sentences: readonly string[]): unknown => ({
  id: 1,
  type: 'text',
  title: 'Where the lines come from',
  gridPos: { x: 0, y: 0, w: columns, h: textHeight },
  // Code is shown as it is: neither Markdown nor HTML of a name takes effect.
  options: { mode: 'code', content: sentences.map(oneLine).join('\n'), code: { language: 'plaintext', showLineNumbers: false, showMiniMap: false } },
})

/** @param name of the service @param sentences what it rests on */
export const dashboardOf = (name: string, uid: string, watched: readonly WatchedAlert[], sentences: readonly string[]): unknown => ({
  uid,
  title: `${oneLine(name)}: measured limits`,
  tags: ['scale-surgeon'],
  schemaVersion: 39,
  version: 1,
  editable: true,
  timezone: 'utc',
  refresh: '30s',
  time: { from: 'now-6h', to: 'now' },
  templating: { list: [{ name: source, label: 'Prometheus', type: 'datasource', query: 'prometheus', hide: 0 }] },
  annotations: { list: [] },
  panels: [textPanel(sentences), ...watched.map(panelOf)],
})

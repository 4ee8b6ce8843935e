/** The charts: a sentence that says what they show, the picture, and the same figures as a table. */
import type { Chart } from '../../charts/chart.ts'
import type { Report } from '../../report.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { scrolling, section, textTable } from '../parts.ts'
import { saturationTable } from './details.ts'

const chartSection = ({ id, title, lead, table, canBeLogarithmic, by = 'time since the start' }: Chart, more: Markup): Markup =>
  section(
    id,
    title,
    lead,
    canBeLogarithmic &&
      markup`<div class="tools scripted"><button type="button" data-logarithmic="${id}" aria-pressed="false">Logarithmic scale</button></div>`,
    markup`<div class="chart"><p class="off note">The picture needs JavaScript; the figures are below.</p><div class="canvas"><canvas id="chart-${id}" role="img" aria-label="${`${title}. ${lead}`}"></canvas></div></div>
<details><summary>Show the figures</summary>${scrolling(`${title}, figures`, textTable(`${title}, by ${by}`, table.heads, table.rows))}</details>`,
    more,
  )

export const chartSections = (charts: readonly Chart[], report: Report): Markup =>
  markup`${charts.map((chart) => chartSection(chart, chart.id === 'saturation' ? saturationTable(report) : nothing))}`

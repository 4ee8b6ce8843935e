/** The charts: a sentence that says what they show, the picture, and the same figures as a table. */
import type { Chart } from '../../charts/chart.ts'
import type { Report } from '../../report.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { scrolling, section, textTable } from '../parts.ts'
import { saturationTable } from './details.ts'

/** The picture and its figures, without a heading of the page. */
const pictureOf = ({ id, title, lead, table, canBeLogarithmic, by = 'time since the start' }: Chart): Markup =>
  markup`${
    canBeLogarithmic && markup`<div class="tools scripted"><button type="button" data-logarithmic="${id}" aria-pressed="false">Logarithmic scale</button></div>`
  }<div class="chart"><p class="off note">The picture needs JavaScript; the figures are below.</p><div class="canvas"><canvas id="chart-${id}" role="img" aria-label="${`${title}. ${lead}`}"></canvas></div></div>
<details><summary>Show the figures</summary>${scrolling(`${title}, figures`, textTable(`${title}, by ${by}`, table.heads, table.rows))}</details>`

/** A picture inside a section that has other things to say. */
export const figureOf = (chart: Chart): Markup => markup`<h3>${chart.title}</h3><p>${chart.lead}</p>${pictureOf(chart)}`

export const chartSections = (charts: readonly Chart[], report: Report): Markup =>
  markup`${charts
    .filter(({ within }) => within === undefined)
    .map((chart) => section(chart.id, chart.title, chart.lead, pictureOf(chart), chart.id === 'saturation' ? saturationTable(report) : nothing))}`

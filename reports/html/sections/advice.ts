/** What to deploy: now against recommended, with the reasons, the simulation, the alerts and what is proved of it. */

import type { Alert } from '../../../budgets/advice/recommendation.ts'
import { sizeLabel } from '../../../budgets/advice/sizing/fargate-size.ts'
import { figure, percent } from '../../../budgets/figure.ts'
import { alarmsThere } from '../../alerts.ts'
import type { Chart } from '../../charts/chart.ts'
import { duration, moment, unstated } from '../../format.ts'
import { provedWords, recommendationHeads, recommendedRows } from '../../recommendation.ts'
import type { Report } from '../../report.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { scrolling, section, stated, unbroken } from '../parts.ts'
import { figureOf } from './charts.ts'

type Advice = NonNullable<Report['advice']>

const recommendationTable = (advice: Advice): Markup => {
  const rows = recommendedRows(advice)
  if (rows.length === 0) return nothing
  return scrolling(
    'What is deployed and what is recommended',
    markup`<table class="cards"><caption class="hidden">What is deployed now, what is recommended, and why</caption>
<thead><tr>${recommendationHeads.map((head) => markup`<th scope="col" class="l">${head}</th>`)}</tr></thead>
<tbody>${rows.map(
      ({ what, now, recommended, because }) =>
        markup`<tr><th scope="row" class="l">${what}</th><td class="l brief">${stated(unbroken(now))}</td><td class="l brief">${now === unstated ? nothing : markup`<span class="muted">→ </span>`}<strong>${unbroken(recommended)}</strong></td><td class="l wrap">${unbroken(because)}</td></tr>
`,
    )}</tbody></table>`,
  )
}

const inUnit = (metric: Alert['metric'], value: number): string =>
  metric === 'p95' ? figure(value * 1000, 'ms') : metric === 'queue' || metric === 'instances' ? figure(value, '') : percent(value)

const alertTable = ({ alerts }: Advice): Markup =>
  alerts.length === 0
    ? nothing
    : markup`<h3>Alerts</h3>${scrolling(
        'Alerts and where their thresholds come from',
        markup`<table class="cards"><caption class="hidden">Each alert with its thresholds, how long it must last and where they come from</caption>
<thead><tr>${['Alert', 'Severity', 'Warn', 'Critical', 'For', 'Why'].map((head) => markup`<th scope="col" class="l">${head}</th>`)}</tr></thead>
<tbody>${alerts.map(
          ({ name, severity, metric, warn, critical, lasting, because, alarms }) =>
            markup`<tr><th scope="row" class="l">${name}</th><td class="l">${severity}</td><td class="l">${inUnit(metric, warn)}</td><td class="l">${inUnit(metric, critical)}</td><td class="l">${duration(lasting)}</td><td class="l wrap">${unbroken(`${because}${alarmsThere({ alarms })}`)}</td></tr>
`,
        )}</tbody></table>`,
      )}`

const attempts = ({ proof }: Advice): Markup =>
  proof === undefined || proof.attempts.length === 0
    ? nothing
    : markup`<ul class="notes">${proof.attempts.map(
        ({ size, role, run, isMet }) =>
          markup`<li>${role}: ${sizeLabel(size)}: the objective was ${isMet === null ? 'not judged' : isMet ? 'met' : 'not met'} (run ${run})</li>`,
      )}</ul>`

/** @param charts all of the page; the simulation is shown here */
export const adviceSection = ({ advice }: Report, charts: readonly Chart[]): Markup => {
  if (advice === undefined) return nothing
  const { declined, runs, madeAt } = advice
  return section(
    'advice',
    'What to deploy',
    `From ${runs.length === 1 ? 'run' : 'runs'} ${runs.join(', ')}, on ${moment(madeAt)}.`,
    recommendationTable(advice),
    declined.length > 0 && markup`<ul class="notes">${declined.map((because) => markup`<li>${unbroken(because)}</li>`)}</ul>`,
    markup`${charts.filter(({ within }) => within === 'advice').map(figureOf)}`,
    alertTable(advice),
    markup`<p class="note">${provedWords(advice)}</p>`,
    attempts(advice),
  )
}

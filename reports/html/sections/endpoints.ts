/** Every endpoint with both of its times, sortable; and the times of the whole run. */
import { count, oneLine, percent, plural, rate } from '../../format.ts'
import { percentileNames } from '../../percentiles.ts'
import type { EndpointReport, Percentiles, Report, Times } from '../../report.ts'
import { intervalMeaning, intervalSentence, isMinor } from '../../words.ts'
import { type Markup, markup } from '../markup.ts'
import { cell, percentileCell, scrolling, section } from '../parts.ts'

const kindsOf = ({ errors }: EndpointReport): Markup => {
  const kinds = Object.entries(errors).sort((a, b) => b[1] - a[1])
  return markup`${kinds.map(([kind, times], index) => markup`${index > 0 && ', '}<span class="kind">${count(times)} × ${oneLine(kind)}</span>`)}`
}

const four = (times: Percentiles): Markup =>
  markup`${percentileCell(times, 'p50', 'first')}${percentileCell(times, 'p95')}${percentileCell(times, 'p99')}${percentileCell(times, 'max')}`

const row = (
  endpoint: EndpointReport,
): Markup => markup`<tr><th scope="row" class="name">${endpoint.name}${endpoint.failed > 0 && markup`<br><span class="note">${kindsOf(endpoint)}</span>`}</th>${cell(endpoint.completed, count(endpoint.completed))}${cell(endpoint.throughput, rate(endpoint.throughput))}${cell(endpoint.errorRate, percent(endpoint.errorRate), endpoint.failed > 0 ? 'bad' : '')}${four(endpoint.responseTime)}${four(endpoint.serviceTime)}</tr>
`

const heads = ['Requests', 'Throughput', 'Error rate', 'p50', 'p95', 'p99', 'max', 'p50', 'p95', 'p99', 'max'] as const

/** `aria-label`, because "p95" alone stands in the table twice. */
const head = (text: string, index: number): Markup => {
  const time = index >= 7 ? 'service time ' : index >= 3 ? 'response time ' : ''
  return markup`<th scope="col" data-column="${index + 1}"${time !== '' && markup` aria-label="${time}${text}"`}${(index === 3 || index === 7) && markup` class="first"`}>${text}</th>`
}

export const endpointsSection = ({ endpoints, run }: Report): Markup => {
  if (endpoints.length === 0) return section('endpoints', 'Endpoints', 'No request was made.')
  const table = markup`<table data-sortable class="sticky"><caption class="hidden">Requests, error rate, response and service time of each endpoint</caption>
<thead><tr><td colspan="4"></td><th class="group first" scope="colgroup" colspan="4">Response time</th><th class="group" scope="colgroup" colspan="4">Service time</th></tr>
<tr><th scope="col" class="l" data-column="0">Endpoint</th>${heads.map(head)}</tr></thead>
<tbody>${endpoints.map(row)}</tbody></table>`
  const lead = `${plural(endpoints.length, 'endpoint')}, ${count(run.load.completed)} requests. Response time counts from when the arrival was due, as a user waits; service time from when the request was sent.`
  return section('endpoints', 'Endpoints', lead, scrolling('Endpoints', table))
}

type Row = { readonly name: string; readonly note: string; readonly count: number | null; readonly times: Percentiles }

const timesTable = (caption: string, what: string, rows: readonly Row[]): Markup =>
  scrolling(
    caption,
    markup`<table class="sticky"><caption class="hidden">${caption}</caption><thead><tr><th scope="col" class="l">${what}</th><th scope="col">Count</th>${['p50', 'p90', 'p95', 'p99', 'p99.9', 'max'].map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead>
<tbody>${rows.map(({ name, note, count: n, times }) => markup`<tr><th scope="row" class="name">${name}${note !== '' && markup`<br><span class="note">${note}</span>`}</th><td>${count(n)}</td>${[...percentileNames, 'max' as const].map((each) => percentileCell(times, each))}</tr>\n`)}</tbody></table>`,
  )

const named = (all: readonly Times[]): Row[] => all.map(({ name, count: n, times }) => ({ name, note: '', count: n, times }))

/** All the times of the run side by side, each with what it is counted from. */
export const timesSection = (report: Report): Markup => {
  const { load } = report.run
  const succeeded = load.completed - load.failed
  const rows: Row[] = [
    ...(report.sweep ? [] : [{ name: 'Response time', note: 'successes, from when it was due', count: succeeded, times: report.responseTime }]),
    { name: 'Service time', note: 'successes, from the actual send', count: succeeded, times: report.serviceTime },
    { name: 'Set-up time', note: 'until there was a connection; 0 when one was open', count: succeeded, times: report.setupTime },
    ...(load.failed > 0 ? [{ name: 'Failures', note: 'response time as measured', count: load.failed, times: report.failureTime }] : []),
    ...(report.sweep ? [] : [{ name: 'Lag', note: 'from due to started', count: report.run.lag.count, times: report.lag }]),
  ]
  const journeys = report.journeys.length > 0 && markup`<h3>Journeys</h3>${timesTable('Journey time, think time left out', 'Journey', named(report.journeys))}`
  const groups = report.groups.length > 0 && markup`<h3>Groups</h3>${timesTable('Time of each group', 'Group', named(report.groups))}`
  const minor = report.caveats.filter((caveat) => isMinor(caveat, report))
  const notes = minor.length > 0 && markup`<ul class="notes note">${minor.map(({ text }) => markup`<li>${text}</li>`)}</ul>`
  return section(
    'times',
    'All times',
    'Dropped arrivals and timeouts count as never answered (∞). A percentile that too few answers support is left out (–).',
    timesTable('All times of the run', 'Time', rows),
    markup`<p class="note">${'declined' in report.intervals ? `Response time: ${report.intervals.because}.` : `Response time within this run (95 %): ${intervalSentence(report.intervals)}. ${intervalMeaning}`}</p>`,
    journeys,
    groups,
    notes,
  )
}

/** What a sweep found, level by level; the curve stands below it among the charts. */
import { count, milliseconds, oneLine, percent, plain, rate } from '../../format.ts'
import type { Report, SweepReport } from '../../report.ts'
import { exclusions, sweepSentence } from '../../sweep.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { cell, scrolling, section, timeCell } from '../parts.ts'

type Level = SweepReport['levels'][number]

const kinds = ({ errors }: Level): string =>
  Object.entries(errors)
    .sort((a, b) => b[1] - a[1])
    .map(([kind, n]) => `${count(n)} × ${oneLine(kind)}`)
    .join(', ')

const row = (level: Level): Markup => {
  const { connections, throughput, serviceTime, errorRate, busy, excluded } = level
  const interval = throughput === null ? '–' : `${plain(throughput.low)} – ${plain(throughput.high)}`
  const errors = kinds(level)
  return markup`<tr><th scope="row" class="name">${count(connections)}${excluded !== null && markup` <span class="note">not used</span>`}${errors !== '' && markup`<br><span class="note">${errors}</span>`}</th>${cell(throughput?.mean ?? null, rate(throughput?.mean ?? null))}<td>${interval}</td>${timeCell(serviceTime.p50)}${timeCell(serviceTime.p95)}${timeCell(serviceTime.p99)}${timeCell(serviceTime.max)}${cell(errorRate, percent(errorRate), errorRate > 0 ? 'bad' : '')}${cell(busy, percent(busy, 2))}</tr>
`
}

const plateauOf = ({ plateau }: SweepReport): string =>
  plateau.found
    ? `${rate(plateau.throughput.mean)} ${plateau.kind === 'falls' ? 'near' : 'from'} N = ${count(plateau.connections)}${plateau.kind === 'falls' ? '' : ' on'}`
    : plateau.atLeast === null
      ? 'no plateau found'
      : `at least ${rate(plateau.atLeast)}; no plateau found`

const heads = ['Throughput', '95 % interval', 'p50', 'p95', 'p99', 'max', 'Errors', 'Generator busy'] as const

export const sweepSection = ({ sweep, run }: Report): Markup => {
  if (sweep === undefined || run.sweep === undefined) return nothing
  const { warmUp, leadIn } = run.sweep
  const table = markup`<table class="sticky"><caption class="hidden">Each level of the sweep: throughput with its interval, service time, errors and how busy the generator was</caption>
<thead><tr><th scope="col" class="l">Connections</th>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${sweep.levels.map(row)}</tbody></table>`
  return section(
    'sweep',
    'Closed-loop sweep',
    sweepSentence(sweep),
    markup`<p class="interval">${plateauOf(sweep)}</p><p>${sweep.plateau.because}</p>`,
    scrolling('Levels of the sweep', table),
    markup`<ul class="notes note"><li>The first ${plain(warmUp)} s of each level are left out as warm-up, and ${plain(leadIn)} s more of the first one. Intervals hold within a level; one level may differ from the next by more.</li>
<li>Service time counts from the send. Each connection sends when it was answered, so nothing is due at a time of its own and nobody is seen to wait: with more connections than the target can serve, their queue is in the service time (${milliseconds(sweep.levels.at(-1)?.serviceTime.p50 ?? null)} at the last level).</li>
${exclusions(sweep).map((each) => markup`<li>${each}</li>`)}</ul>`,
  )
}

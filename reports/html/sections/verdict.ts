/** The top of the page: the decision, its reasons in words, and the handful of figures that carry it. */
import { count, duration, milliseconds, moment, percent, plain, rate } from '../../format.ts'
import type { Percentiles, Report, SweepReport } from '../../report.ts'
import { breakpointSentence, byUrgency, decision, isMinor, warmUpSentence } from '../../words.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { stated, stateOf, unbroken, verdictIcons } from '../parts.ts'

const mostReasons = 6

/** What the decision rests on, one line for each budget that was not met. A reason that only repeats the headline is left out. */
const reasons = ({ verdict, run }: Report): Markup => {
  // An INVALID run leaves every budget unknown for the one reason that the headline gives.
  if (run.validity.state === 'INVALID') return nothing
  const open = byUrgency(verdict).filter(({ status, because }) => status !== 'met' && because !== '' && !verdict.because.includes(because))
  if (open.length === 0) return nothing
  const items = open.slice(0, mostReasons).map((judgement) => {
    const { style, icon, word } = stateOf(judgement)
    return markup`<li class="${style}">${icon}<span class="hidden">${word}: </span><strong>${judgement.budget.name}</strong> · ${unbroken(judgement.because)}</li>`
  })
  const more =
    open.length > mostReasons && markup`<li class="muted">and ${count(open.length - mostReasons)} more, <a href="#budgets">among the budgets</a></li>`
  return markup`<ul class="reasons">${items}${more}</ul>`
}

const figure = (name: string, value: string, small = ''): Markup =>
  markup`<div><dt>${name}</dt><dd>${stated(value)}${small !== '' && markup`<small>${small}</small>`}</dd></div>`

/** The median, or in words why there is no number above it. */
const underP95 = ({ p50, p95 }: Percentiles): string =>
  p95 === Infinity ? 'more than 5 % were never answered' : p95 === null ? 'too few answers to state it' : `half within ${milliseconds(p50)}`

const sweepFigures = ({ plateau, levels }: SweepReport): Markup => {
  const best = levels.reduce((most, { throughput }) => Math.max(most, throughput?.mean ?? 0), 0)
  return plateau.found
    ? figure(
        plateau.kind === 'falls' ? 'Peak throughput' : 'Throughput levels off',
        rate(plateau.throughput.mean),
        `${plateau.kind === 'falls' ? 'near' : 'from'} N = ${count(plateau.connections)}; ${plain(plateau.throughput.low)} – ${plain(plateau.throughput.high)}`,
      )
    : figure('Throughput', best > 0 ? rate(best) : '–', 'the most that was measured; no plateau')
}

const figures = (report: Report): Markup => {
  const { run, responseTime, errorRate, throughput, availability, breakpoint, sweep } = report
  const { load } = run
  return markup`<dl class="figures ${run.validity.state}">
${breakpoint && figure('Breakpoint', breakpoint.found ? `${rate(breakpoint.lastGood)} – ${rate(breakpoint.firstBad)}` : 'not found', breakpoint.found ? 'last rate that held – first that broke' : breakpointSentence(report))}
${sweep ? sweepFigures(sweep) : figure('Response time p95', milliseconds(responseTime.p95), underP95(responseTime))}
${figure('Error rate', percent(errorRate), `${count(load.failed)} of ${count(load.completed)} requests`)}
${
  !sweep &&
  markup`${figure('Throughput', rate(throughput), 'successful answers')}
${figure('Dropped arrivals', count(load.dropped), `of ${count(load.planned)} planned`)}`
}
${!breakpoint && figure('Availability', percent(availability), sweep ? 'of all requests' : 'of the planned arrivals')}
</dl>`
}

export const verdictSection = (report: Report): Markup => {
  const { run, whole, verdict } = report
  const { word, because } = decision(report)
  return markup`<section class="verdict ${verdict.word}" aria-label="Verdict" style="margin-top:0">
<p class="stamp">${verdictIcons[verdict.word]} ${word}</p>
<h1${because.length > 110 && markup` class="long"`}>${unbroken(because)}</h1>
<p class="muted">${run.test} test of ${run.target.url} · ${moment(run.startedAt)} · ${duration(whole.durationSeconds)} · ${run.engine.name} ${run.engine.version}</p>${
    report.warmUp !== undefined &&
    markup`
<p>${unbroken(warmUpSentence(report.warmUp))}</p>`
  }
${reasons(report)}
${figures(report)}
</section>
`
}

const validityTitles = {
  VALID: 'Good to know',
  SUSPECT: 'SUSPECT: read the figures with care',
  INVALID: 'INVALID: these figures must not be believed',
} as const

/** Right below the verdict, because it says how far the verdict itself may be believed. */
export const validitySection = (report: Report): Markup => {
  const { state } = report.run.validity
  const caveats = report.caveats.filter((caveat) => !isMinor(caveat, report))
  if (caveats.length === 0 && state === 'VALID') return nothing
  return markup`<aside class="callout ${state}" id="validity" aria-labelledby="validity-title"><h2 id="validity-title">${validityTitles[state]}</h2>
<ul>${caveats.map(({ text }) => markup`<li>${unbroken(text)}</li>`)}</ul></aside>
`
}

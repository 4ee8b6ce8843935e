/** The budgets, most urgent first, and what a breakpoint test found. */
import type { Judgement, Verdict } from '../../../budgets/budget.ts'
import { clock, distance, observedAndLimit, plural, range, rate } from '../../format.ts'
import type { Report } from '../../report.ts'
import { byUrgency, intervalMeaning } from '../../words.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { badge, scrolling, section, stated, stateOf } from '../parts.ts'

/** Observed value as a bar; the limit is the mark at two thirds, so that "one and a half times the limit" still fits. */
const meter = (judgement: Judgement): Markup => {
  const { observed, budget } = judgement
  if (observed === null) return nothing
  const share = budget.limit.value > 0 ? observed / budget.limit.value : observed > 0 ? Infinity : 0
  const width = Math.round(Math.min(1, Math.max(0.01, (share * 2) / 3)) * 1000) / 10
  return markup`<span class="meter ${stateOf(judgement).style}" aria-hidden="true"><i style="width:${width}%"></i><b></b></span>`
}

const row = (judgement: Judgement): Markup => {
  const { observed, limit } = observedAndLimit(judgement)
  const { budget, because, interval, unit } = judgement
  const each = budget.per === 'step' ? 'in each step of the load' : budget.window === undefined ? '' : `in every ${budget.window} s`
  const scope = [each, budget.level === 'warn' ? 'a warning only' : ''].filter(Boolean).join(', ')
  return markup`<tr><td class="l">${badge(judgement)}</td>
<th scope="row" class="l wrap">${budget.name}<br><span class="note">${because}${scope !== '' && ` (${scope})`}</span></th>
<td>${stated(observed)}${interval !== undefined && 'low' in interval && markup`<br><span class="note">${range(interval, unit)}</span>`}</td><td class="l">${limit}</td>
<td class="l">${distance(judgement)}${meter(judgement)}</td></tr>
`
}

/** Budgets of a set for everybody that this run has nothing for: not judged, and not kept quiet about. */
const notMeasured = ({ notMeasured: left = [] }: Verdict): Markup | false =>
  left.length > 0 && markup`<p class="note">Not measured in this run, so not judged: ${left.map(({ name }) => name).join(', ')}.</p>`

const hasIntervals = ({ judgements }: Verdict): boolean => judgements.some(({ interval }) => interval !== undefined && 'low' in interval)

export const budgetsSection = ({ verdict }: Report): Markup => {
  const rows = byUrgency(verdict)
  if (rows.length === 0)
    return section('budgets', 'Budgets', 'No budget was judged. A budget says what passes; without one a run has no limits to meet.', notMeasured(verdict))
  const tally = (['exceeded', 'unknown', 'met'] as const).map((status) => [rows.filter((judgement) => judgement.status === status).length, status] as const)
  const lead = `${plural(rows.length, 'budget')}: ${tally
    .filter(([n]) => n > 0)
    .map(([n, status]) => `${n} ${status}`)
    .join(', ')}.`
  const table = markup`<table class="cards"><caption class="hidden">Each budget with what was observed, its limit and the headroom that is left</caption>
<thead><tr><th scope="col" class="l">Status</th><th scope="col" class="l">Budget</th><th scope="col">Observed</th><th scope="col" class="l">Limit</th><th scope="col" class="l">Headroom</th></tr></thead>
<tbody>${rows.map(row)}</tbody></table>`
  return section(
    'budgets',
    'Budgets',
    lead,
    scrolling('Budgets', table),
    hasIntervals(verdict) && markup`<p class="note">Below an observed percentile: its interval within this run. ${intervalMeaning}</p>`,
    notMeasured(verdict),
  )
}

export const breakpointSection = (report: Report): Markup => {
  const { breakpoint, stages } = report
  if (breakpoint === undefined) return nothing
  const broke = breakpoint.found ? stages.find(({ to }) => to >= breakpoint.firstBad) : undefined
  const interval = breakpoint.found
    ? `${breakpoint.lastGood === null ? 'below ' : `${rate(breakpoint.lastGood)} – `}${rate(breakpoint.firstBad)}`
    : breakpoint.atLeast === null
      ? 'not found'
      : `above ${rate(breakpoint.atLeast)}`
  return section(
    'breakpoint',
    'Breakpoint',
    '',
    markup`<p class="interval">${interval}</p><p>${breakpoint.because}</p>
<p class="note">${broke && `It broke in the step that began at ${clock(broke.second)}. `}An interval, because a staircase can only tell which step was too high; finer steps narrow it.</p>`,
  )
}

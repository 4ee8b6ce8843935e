/** Scaling triggers held against the run: when each would have fired, and whether before users felt anything. */
import type { HeldTrigger } from '../../../budgets/held-triggers.ts'
import { clock, duration } from '../../format.ts'
import type { Report } from '../../report.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { scrolling, section, unbroken } from '../parts.ts'

const words = { fired: 'fired', quiet: 'did not fire', unknown: 'unknown' } as const

const beforeWords = ({ state, before }: HeldTrigger): string =>
  state !== 'fired' ? '–' : before === null ? 'nothing was felt' : `${Math.round(Math.abs(before))} s ${before >= 0 ? 'before' : 'after'}`

const row = (held: HeldTrigger): Markup => {
  const { name, metric, severity, state, at, seconds, because } = held
  return markup`<tr><th scope="row" class="l">${name}<br><span class="note">${metric}, ${severity}</span></th><td class="l">${words[state]}</td><td>${at === null ? '–' : clock(at)}</td><td>${seconds > 0 ? duration(seconds) : '–'}</td><td>${beforeWords(held)}</td><td class="l wrap">${unbroken(because)}</td></tr>\n`
}

export const triggersSection = ({ triggers = [] }: Report): Markup =>
  triggers.length === 0
    ? nothing
    : section(
        'triggers',
        'Scaling triggers',
        'When a system with these triggers would have asked for more, had this run been its day, and whether that was before users felt anything.',
        scrolling(
          'Scaling triggers held against this run',
          markup`<table><caption class="hidden">Scaling triggers held against this run</caption>
<thead><tr><th scope="col" class="l">Trigger</th><th scope="col" class="l">State</th><th scope="col">First fired</th><th scope="col">Was on for</th><th scope="col">Before it was felt</th><th scope="col" class="l">Why</th></tr></thead>
<tbody>${triggers.map(row)}</tbody></table>`,
        ),
      )

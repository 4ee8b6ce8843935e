/** How much the target can serve, which resource bounds it, and what would break next. */
import { breakingOrder } from '../../../budgets/capacity/breaking-order.ts'
import type { Capacity } from '../../../budgets/capacity/capacity.ts'
import type { ResourceCapacity } from '../../../budgets/capacity/resource-capacity.ts'
import { countOf } from '../../../budgets/figure.ts'
import type { Chart } from '../../charts/chart.ts'
import { milliseconds, percent, rate } from '../../format.ts'
import type { Report } from '../../report.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { cell, scrolling, section } from '../parts.ts'
import { figureOf } from './charts.ts'

const row = ({ resource, servers, noun, demand, rate: full, highestUse }: ResourceCapacity): Markup => markup`<tr><th scope="row" class="name">${resource}${
  demand.declined ? markup`<br><span class="note">${demand.because}</span>` : typeof full !== 'number' && markup`<br><span class="note">${full.because}</span>`
}</th><td>${countOf(servers, noun)}</td>${cell(demand.declined ? null : demand.demand, demand.declined ? '–' : milliseconds(demand.demand * 1000))}${cell(highestUse / servers, percent(Math.min(1, highestUse / servers), 2))}${cell(typeof full === 'number' ? full : null, rate(typeof full === 'number' ? full : null))}</tr>
`

const table = ({ resources }: Capacity): Markup =>
  scrolling(
    'Resources and the rates they can serve',
    markup`<table class="sticky"><caption class="hidden">Each watched resource: what there is of it, what a request takes, how busy it was and the rate at which it is full</caption>
<thead><tr><th scope="col" class="l">Resource</th><th scope="col">There are</th><th scope="col">A request takes</th><th scope="col">Busiest step</th><th scope="col">Full at</th></tr></thead>
<tbody>${resources.map(row)}</tbody></table>`,
  )

const nextOf = (capacity: Capacity): Markup => {
  const { order, unknown } = breakingOrder(capacity)
  const after =
    order.length === 1 &&
    unknown[0] !== undefined &&
    markup`<p>What would be full after it is unknown: ${unknown.map(({ resource, because }) => (because.startsWith(resource) ? because : `${resource}: ${because}`)).join(' ')}</p>`
  return order.length === 0
    ? nothing
    : markup`<h3>What would break next</h3><ol class="notes">${order.map(({ because }) => markup`<li>${because}</li>`)}</ol>${after}<p class="note">From what each request takes of a resource in this run; a lock, a limit or a queue that no probe watched may come before.</p>`
}

/** @param charts all of the page; those that belong here are shown here */
export const capacitySection = ({ capacity, sweep }: Report, charts: readonly Chart[]): Markup => {
  const own = charts.filter(({ within }) => within === 'capacity')
  if (capacity === undefined || (own.length === 0 && capacity.resources.length === 0)) return nothing
  return section(
    'capacity',
    'Capacity',
    capacity.bound.because,
    markup`${own.map(figureOf)}`,
    capacity.resources.length > 0 && table(capacity),
    nextOf(capacity),
    sweep === undefined && !capacity.scalability.declined && markup`<p>${capacity.scalability.because}</p>`,
  )
}

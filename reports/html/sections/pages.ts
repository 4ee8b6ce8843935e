/** The page a user sees: each visited page without load and under it, with its pictures. */
import { plain, plural } from '../../format.ts'
import { type ComparedFigure, type PageFigure, type PagePicture, type PageReport, pageValue } from '../../pages.ts'
import type { Report } from '../../report.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { scrolling, section, unbroken } from '../parts.ts'

const figureCell = ({ visits, median, low, high }: PageFigure, unit: string): Markup => {
  if (median === null) return markup`<td class="dim">${visits === 0 ? '–' : 'too few'}</td>`
  const isRange = low !== null && high !== null && low !== high
  return markup`<td>${pageValue(median, unit)}${isRange && markup`<br><span class="note">${pageValue(low, unit)} to ${pageValue(high, unit)}</span>`}</td>`
}

const row = ({ words, unit, unloaded, underLoad, atPeak }: ComparedFigure): Markup =>
  markup`<tr><th scope="row" class="l">${words}</th>${figureCell(unloaded, unit)}${figureCell(underLoad, unit)}${atPeak !== null && figureCell(atPeak, unit)}</tr>\n`

const isWorthARow = ({ what, unloaded, underLoad }: ComparedFigure): boolean =>
  !/^(bytes[.]|failed_requests$|console_errors$)/.test(what) || [unloaded.median, underLoad.median].some((value) => value !== null && value > 0)

const head = (words: string, visits: number, failed: number): Markup =>
  markup`<th scope="col">${words}<br><span class="note">${plural(visits, 'visit')}${failed > 0 && `, ${failed} failed`}</span></th>`

const table = ({ name, visits, failed, figures }: PageReport): Markup =>
  scrolling(
    `Figures of the page ${name}`,
    markup`<table class="sticky visits"><caption class="hidden">Figures of the page ${name}, without load and under it</caption>
<thead><tr><th scope="col" class="l">Median of visits</th>${head('Unloaded', visits.unloaded, failed.unloaded)}${head('Under load', visits.underLoad, failed.underLoad)}${visits.atPeak !== null && head('At the peak', visits.atPeak, failed.atPeak ?? 0)}</tr></thead>
<tbody>${figures.filter(isWorthARow).map(row)}</tbody></table>`,
  )

const picture = (page: string, { words, image, file }: PagePicture): Markup =>
  markup`<figure><img src="${image}" alt="The page ${page}, ${words}" loading="lazy"><figcaption>${words}; whole in ${file}</figcaption></figure>`

const page = (one: PageReport): Markup => markup`<h3>${one.name}: ${unbroken(one.sentence)}</h3>
<p class="note">${one.url}${one.failures.length > 0 && `; failed visits met ${one.failures.join(', ')}`}</p>
${one.figures.length > 0 && table(one)}${one.pictures.length > 0 && markup`<div class="pictures">${one.pictures.map((each) => picture(one.name, each))}</div>`}`

export const pagesSection = ({ pages: seen }: Report): Markup => {
  if (seen === undefined) return nothing
  const lead =
    'What a browser on the machine that made the load saw: each visit by a new visitor, with nothing in the cache. Figures are medians, below them the 95 % interval of the median where there were six visits or more. A visit on which the page never came has no figures.'
  const costs = seen.browsers.map(({ version, cores, of }) =>
    cores === null
      ? `${version} visited them; what CPU it took is unknown, because the run was too short to tell.`
      : `${version} visited them, and took ${plain(cores, 2)} of this machine’s ${of} cores on average while load ran: that is in no figure of the load generator’s own CPU.`,
  )
  return section('pages', 'The page a user sees', lead, markup`${seen.pages.map(page)}`, markup`${costs.map((cost) => markup`<p class="note">${cost}</p>`)}`)
}

/** Small pieces of the page: icons, badges, tables, numbers that can't be stated. */
import type { Judgement } from '../../budgets/budget.ts'
import { milliseconds, unbounded, unstated } from '../format.ts'
import { type PercentileName, shown } from '../percentiles.ts'
import type { Percentiles } from '../report.ts'
import { type Markup, markup, trusted } from './markup.ts'

const icon = (path: string): Markup =>
  trusted(
    `<svg viewBox="0 0 16 16" aria-hidden="true" focusable="false"><circle cx="8" cy="8" r="8" fill="currentColor"/><path d="${path}" fill="none" stroke="var(--surface)" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"/></svg>`,
  )
export const tick = icon('M4.5 8.3 7 10.8l4.6-5.2')
export const cross = icon('m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2')
const question = icon('M6 6.2C6 3.6 10 3.7 10 6.1 10 7.6 8 7.7 8 9.2M8 11.9v.1')
const exclamation = icon('M8 4v4.4M8 11.6v.1')

export const verdictIcons = { pass: tick, fail: cross, unknown: question } as const

/** Class, icon and word of a judgement: never colour alone. */
export const stateOf = ({ status, budget }: Judgement): { readonly style: string; readonly icon: Markup; readonly word: string } =>
  status === 'met'
    ? { style: 'met', icon: tick, word: 'met' }
    : status === 'unknown'
      ? { style: 'unknown', icon: question, word: 'unknown' }
      : budget.level === 'warn'
        ? { style: 'warn', icon: exclamation, word: 'exceeded (warning)' }
        : { style: 'exceeded', icon: cross, word: 'exceeded' }

export const badge = (judgement: Judgement): Markup => {
  const state = stateOf(judgement)
  return markup`<span class="badge ${state.style}">${state.icon} ${state.word}</span>`
}

/** Text of a figure, with the reason at hand where it is no number. */
export const stated = (text: string): Markup =>
  text === unbounded
    ? markup`<abbr title="never answered: it lies among the dropped arrivals and timeouts">${text}</abbr>`
    : text === unstated
      ? markup`<abbr class="dim" title="can’t be stated: too few answers">${text}</abbr>`
      : markup`${text}`

/** Value by which a cell sorts; what can't be stated comes lowest, what never ended highest. */
const sortValue = (value: number | null): string => (value === null ? '' : value === Infinity ? '1e300' : String(value))

export const cell = (value: number | null, text: string, style = ''): Markup =>
  markup`<td data-value="${sortValue(value)}"${style === '' ? false : markup` class="${style}"`}>${stated(text)}</td>`
export const timeCell = (value: number | null, style = ''): Markup => cell(value, milliseconds(value), style)
/** A percentile, or what it is at least. */
export const percentileCell = (times: Percentiles, name: PercentileName | 'max', style = ''): Markup => cell(times[name], shown(times, name), style)

/** Prose in which a figure is not torn from its unit at the end of a line. */
export const unbroken = (text: string): string => text.replace(/(\d) (?=(%|ms|s|min|h|kB|MB|GB)(?![\p{L}\d]))/gu, '$1\u00a0')

/** A table in a box of its own that scrolls sideways, by keyboard too, so that the page never does. */
export const scrolling = (label: string, table: Markup): Markup => markup`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${table}</div>`

export const section = (id: string, title: string, lead: string, ...body: readonly (Markup | false | undefined)[]): Markup =>
  markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${lead === '' ? false : markup`<p>${unbroken(lead)}</p>`}${body}</section>\n`

/** A table of text: names on the left, figures on the right. */
export const textTable = (
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly string[])[],
): Markup => markup`<table><caption>${caption}</caption>
<thead><tr>${heads.map((head, index) => markup`<th scope="col"${index === 0 && markup` class="l"`}>${head}</th>`)}</tr></thead>
<tbody>${rows.map(([name = '', ...cells]) => markup`<tr><th scope="row" class="l">${name}</th>${cells.map((text) => markup`<td>${text}</td>`)}</tr>\n`)}</tbody></table>`

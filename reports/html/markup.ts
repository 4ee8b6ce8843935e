/** Markup in which text can't become a tag: whatever is put into the template is escaped, unless it is markup already. */

declare const brand: unique symbol
export type Markup = { readonly markup: string; readonly [brand]?: never }
type Value = Markup | string | number | false | null | undefined | readonly Value[]

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** Characters that XML forbids even when escaped, and those that turn the direction of the text around them. */
const forbidden = /(?![\t\n\r])\p{Cc}|\p{Cs}|[\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu

/** Safe in text and in quoted attributes of HTML and XML. @example escaped('<b>') // '&lt;b&gt;' */
export const escaped = (text: string): string => text.replace(forbidden, '').replace(/[&<>"']/g, (character) => entities[character] ?? '')

const show = (value: Value): string => {
  if (value === false || value === null || value === undefined) return ''
  if (typeof value === 'string') return escaped(value)
  if (typeof value === 'number') return String(value)
  return 'markup' in value ? value.markup : value.map(show).join('')
}

/** @example markup`<p>${'1 < 2'}</p>` // { markup: '<p>1 &lt; 2</p>' } */
export const markup = (strings: TemplateStringsArray, ...values: readonly Value[]): Markup => ({
  markup: strings.reduce((sum, part, index) => sum + show(values[index - 1]) + part),
})

/** Trusted text of ours, such as a stylesheet; never anything that came with a run. */
export const trusted = (text: string): Markup => ({ markup: text })

export const nothing: Markup = { markup: '' }

/** JSON inside a script element: `<` is written as an escape, so that no `</script>` can end it. */
export const jsonIn = (value: unknown): Markup => ({ markup: JSON.stringify(value).replace(/</g, '\\u003c') })

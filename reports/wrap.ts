/** Prose on lines of a terminal's width. */
import { wrapped } from '../budgets/wrapped.ts'

const narrowest = 40
const widest = 120 // columns that an eye follows

/** What a line's text stands behind: how far in it is, a dash, a label and the spaces that set it off. */
const leadOf = (line: string): string => /^\s*(?:- |[*\u2713\u2717?] |[A-Z][\w '-]{1,16} {2,})?/.exec(line)?.[0] ?? ''

/** Lines of at most `columns`, within what can be read, each as far in as it was: below a dash or behind a label, what follows it. */
export const proseOn = (lines: readonly string[], columns: number): string => {
  const width = Math.max(narrowest, Math.min(columns, widest))
  return lines
    .flatMap((line) => {
      const lead = leadOf(line)
      return wrapped(line.slice(lead.length), width, lead)
    })
    .join('\n')
}

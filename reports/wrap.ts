/** Prose on lines of a terminal's width. */
import { wrapped } from '../budgets/wrapped.ts'

const narrowest = 40
const widest = 120 // columns that an eye follows

/** Lines of at most `columns`, within what can be read, each as far in as it was: below a dash, what follows it. */
export const proseOn = (lines: readonly string[], columns: number): string => {
  const width = Math.max(narrowest, Math.min(columns, widest))
  return lines
    .flatMap((line) => {
      const lead = /^\s*(?:- )?/.exec(line)?.[0] ?? ''
      return wrapped(line.slice(lead.length), width, lead)
    })
    .join('\n')
}

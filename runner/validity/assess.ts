/** May the run be believed at all? Rules on what happened, by family; validity.md says each one's limit, and why it is that. */
import type { Validity } from '../run.ts'
import { arrivals } from './arrivals.ts'
import { bookkeeping } from './bookkeeping.ts'
import { ending } from './ending.ts'
import type { Facts, Finding, Rules } from './facts.ts'
import { lateness } from './lateness.ts'
import { resources } from './resources.ts'
import { steadiness } from './steadiness.ts'
import { target } from './target.ts'

/** What comes first is told first among reasons of one weight. */
const families: readonly Rules[] = [ending, arrivals, lateness, resources, bookkeeping, target, steadiness]

/** @example assess({ …, load: { planned: 100, started: 100, dropped: 0, completed: 0, failed: 0 } }).state // 'INVALID' */
export const assess = (facts: Facts): Validity => {
  const found = families.flatMap((rules) => rules(facts)).filter((finding): finding is Finding => finding !== undefined)
  const state = found.some((finding) => finding.state === 'INVALID') ? 'INVALID' : found.length > 0 ? 'SUSPECT' : 'VALID'
  // What made the state what it is stands first: it is what a headline has room for.
  const weightiest = found.toSorted((a, b) => Number(b.state === state) - Number(a.state === state))
  return { state, reasons: weightiest.map(({ code, text }) => ({ code, text })) }
}

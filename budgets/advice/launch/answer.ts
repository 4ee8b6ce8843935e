/** The word, and what it rests on: what is expected, held against where the target broke or how far it was tested. */
import type { Run } from '../../../runner/run.ts'
import { isBelieved, remedyOf } from '../../capacity/believed.ts'
import type { Capacity } from '../../capacity/capacity.ts'
import { count, figure, percent } from '../../figure.ts'
import type { Expectation } from './expectation.ts'
import { type InstancePrice, remediesFor, remedyWords } from './remedies.ts'

export type Answer = {
  readonly word: 'READY' | 'NOT READY' | "CAN'T TELL"
  readonly because: string
  /** Highest rate that held over the expected height, less 1; null where either is not known. */
  readonly margin: number | null
  /** What would change the answer, or tell it, the most effective first. */
  readonly next: readonly string[]
}

/** What a journey asks for, and what was measured of it. */
export type Grounds = {
  readonly runs: readonly Run[]
  readonly capacity: Capacity
  readonly requestsPerJourney: number
  readonly price: InstancePrice | undefined
}

const narrow = 0.2 // a margin below this is worth a word

const rate = (value: number): string => figure(value, '/s', 4)

/** Commands name round numbers. */
const roundUp = (value: number): number => {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.ceil(value / step - 1e-9) * step
}

const findLimit = (peak: number): string => `perf run breakpoint --peak ${count(roundUp(1.3 * peak)).replaceAll(',', '')}/s`

/** What was wrong with a breakpoint test comes before another one. */
const findLimitAgain = (peak: number, runs: readonly Run[]): string => {
  const disbelieved = runs.find((run) => run.test === 'breakpoint' && !isBelieved(run))
  const remedy = disbelieved && remedyOf(disbelieved)
  return remedy === undefined ? findLimit(peak) : `${remedy} Then ${findLimit(peak)}`
}

/** A resource that would be full well before the height says no, though nobody has seen it break. */
const certain = 0.9

/** @example answerOf(expectation, grounds).word // 'READY' */
export const answerOf = ({ peak }: Expectation, { runs, capacity, requestsPerJourney, price }: Grounds): Answer => {
  const { breakpoint, bound, resources } = capacity
  const remedies = (held: number): string[] =>
    remediesFor({ peak, held, bound, resources, requestsPerJourney, price }).map((remedy) => remedyWords(remedy, price))
  const isUnbroken = 'declined' in breakpoint || !breakpoint.found
  const full = 'declined' in bound ? Infinity : bound.rate / requestsPerJourney
  if (isUnbroken && full < certain * peak)
    return {
      word: 'NOT READY',
      because: `${rate(peak)} are expected, and ${'declined' in bound ? '' : bound.resource} would be full at ${rate(full)}. It was not seen to break there: that is what its use of each request comes to.`,
      margin: full / peak - 1,
      next: [...remedies(full), findLimitAgain(peak, runs)],
    }
  if ('declined' in breakpoint || (!breakpoint.found && breakpoint.atLeast === null))
    return { word: "CAN'T TELL", because: breakpoint.because, margin: null, next: [findLimitAgain(peak, runs)] }
  if (!breakpoint.found) {
    const held = breakpoint.atLeast ?? 0
    if (held >= peak)
      return { word: 'READY', because: `It held ${rate(held)} without breaking, and ${rate(peak)} are expected.`, margin: held / peak - 1, next: [] }
    return {
      word: "CAN'T TELL",
      because: `${rate(peak)} are expected, and ${rate(held)} is the highest that was tested; it held that.`,
      margin: null,
      next: [findLimit(peak)],
    }
  }
  const { lastGood, firstBad } = breakpoint
  const margin = lastGood === null ? null : lastGood / peak - 1
  if (lastGood !== null && peak <= lastGood)
    return {
      word: 'READY',
      because: `It held ${rate(lastGood)} and broke at ${rate(firstBad)}; ${rate(peak)} are expected, ${percent(peak / lastGood, 2)} of what held.`,
      margin,
      next: (margin ?? 0) < narrow ? [`The margin is ${percent(margin ?? 0, 2)}. ${remedies(lastGood)[0]}`] : [],
    }
  if (peak >= firstBad)
    return {
      word: 'NOT READY',
      because: `It broke at ${rate(firstBad)}, and ${rate(peak)} are expected: ${figure(peak / (lastGood ?? firstBad), '', 2)} times what held.`,
      margin,
      next: remedies(lastGood ?? firstBad),
    }
  return {
    word: "CAN'T TELL",
    because: `${rate(peak)} are expected, between ${rate(lastGood ?? 0)}, which held, and ${rate(firstBad)}, which did not.`,
    margin,
    next: [
      `perf run breakpoint --rate ${Math.floor(lastGood ?? 1)}/s --peak ${Math.ceil(firstBad)}/s # steps between the two`,
      ...remedies(lastGood ?? firstBad).slice(0, 1),
    ],
  }
}

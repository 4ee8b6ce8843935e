/** Which runs figures may rest on, and what is said in place of a figure when there is none of them. */
import type { Run } from '../../runner/run.ts'
import { countOf } from '../figure.ts'

export const isBelieved = ({ validity }: Pick<Run, 'validity'>): boolean => validity.state !== 'INVALID'

/** The one that weighs most; its last sentence says what to do. */
export const reasonOf = ({ validity }: Pick<Run, 'validity'>): string => validity.reasons[0]?.text ?? 'it does not say why.'

/**
 * Why nothing is known of such runs, as a clause: there are none, or there are and all are INVALID.
 * @param noun of one of them @param kept those that would tell @param otherwise said when there are none
 * @example whyUnknown('breakpoint test', [late], 'none of these runs is one.') // 'breakpoint test a1b2 is INVALID: 1 % of arrivals …'
 */
export const whyUnknown = (noun: string, kept: readonly Run[], otherwise: string): string => {
  const [first, ...others] = kept.filter((run) => !isBelieved(run))
  if (first === undefined) return otherwise
  if (others.length === 0) return `${noun} ${first.id} is INVALID: ${reasonOf(first)}`
  return `${countOf(others.length + 1, noun)} are INVALID; the first, ${first.id}: ${reasonOf(first)}`
}

/** What would make such a run a valid one; undefined where its reason is no more than what happened. @example remedyOf(late) // 'Lower the rate, or add --workers.' */
export const remedyOf = (run: Run): string | undefined => {
  const sentences = reasonOf(run).split(/(?<=\.)\s+(?=[A-Z])/)
  return sentences.length > 1 ? sentences.at(-1) : undefined
}

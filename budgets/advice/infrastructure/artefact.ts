/** A file that deploys what is recommended, and who writes one. */

import type { Declined } from '../../../runner/stats/few.ts'
import type { ValidatorName } from '../../../runner/validators/validator.ts'
import type { Recommendation } from '../recommendation.ts'

export type Artefact = {
  /** A name without folders. */
  readonly file: string
  readonly text: string
  /** Outside programs that must accept it before anybody sees it. */
  readonly validators: readonly ValidatorName[]
  /** What is wrong in its text and no outside program sees: sentences, none when nothing is. */
  readonly wrong?: (text: string) => readonly string[]
}

/**
 * One format. Pure: the same recommendation gives the same files. A part that was declined is a comment in words and never a value.
 * @returns declined when nothing of the recommendation can be said in this format, with the reasons
 */
export type Writer = (recommendation: Recommendation) => readonly Artefact[] | Declined

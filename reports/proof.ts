/** Whether a recommended size is proved, as lines for a terminal. */

import type { Proof } from '../budgets/advice/recommendation.ts'
import { sizeWords } from '../budgets/advice/sizing/fargate-size.ts'

const outcome = (isMet: boolean | null): string => (isMet === null ? 'unknown' : isMet ? 'met' : 'not met')

/** @example proofLines(proof)[1] // '  PROVED: 0.5 vCPU and 1 GB meet the objective, and 0.25 vCPU and 1 GB do not.' */
export const proofLines = ({ state, because, attempts, caveats = [] }: Proof): string[] => [
  'Proof',
  `  ${state.toUpperCase()}: ${because}`,
  ...attempts.map(
    (attempt) =>
      `  - ${attempt.role}, ${sizeWords(attempt.size)}: ${outcome(attempt.isMet)}, ${attempt.run === null ? 'no run' : `run ${attempt.run}`}. ${attempt.because}`,
  ),
  ...caveats.map((caveat) => `  Note: ${caveat}`),
]

/** The answer before a launch, as lines for a terminal. */
import type { LaunchVerdict } from '../budgets/advice/launch/launch.ts'
import { figure, percent } from '../budgets/figure.ts'

export const launchLines = ({ word, because, expectation, users, margin, bound, recovery, leftOut, next, requestsPerJourney }: LaunchVerdict): string[] => [
  `${word}: ${because}`,
  '',
  `  Expected   ${expectation.because}`,
  `  Users      ${users}`,
  ...(margin === null ? [] : [`  Margin     ${margin >= 0 ? `${percent(margin, 2)} more than is expected` : `${percent(-margin, 2)} less than is expected`}`]),
  `  Bound by   ${bound.because}${'declined' in bound || requestsPerJourney === 1 ? '' : ` That is ${figure(bound.rate / requestsPerJourney, '')} journeys/s.`}`,
  `  Recovery   ${recovery.because}`,
  ...leftOut.map((each) => `  Left out   ${each}`),
  ...(next.length === 0 ? [] : ['', word === "CAN'T TELL" ? 'What would tell:' : 'What would change it:', ...next.map((each) => `  - ${each}`)]),
]

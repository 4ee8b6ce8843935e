/** How much load a target can serve, as lines for a terminal. */
import type { Capacity, ResourceCapacity } from '../budgets/capacity/capacity.ts'
import { count, countOf, figure, percent } from '../budgets/figure.ts'
import { oneLine } from './format.ts'

const resourceLine = ({ resource, servers, noun, demand, rate, highestUse }: ResourceCapacity): string =>
  demand.declined
    ? demand.because
    : typeof rate !== 'number'
      ? `${resource}: ${rate.because}`
      : `${resource}: ${figure(demand.demand * 1000, 'ms')} of a ${noun} for each request, ${countOf(Number(demand.background.toPrecision(2)), noun)} without any; at most ${percent(Math.min(1, highestUse / servers), 2)} of ${countOf(servers, noun)} was seen busy; full at ${figure(rate, '/s')}.`

/** A heading, and its lines below it. */
export const capacityLines = ({ runs, breakpoint, plateau, scalability, resources, bound }: Capacity): string[] => [
  `Capacity, from ${runs.length === 1 ? 'run' : `${count(runs.length)} runs,`} ${runs.join(', ')}`,
  '',
  'Breakpoint',
  `  ${breakpoint.because}`,
  '',
  'Closed loop',
  ...(plateau === undefined ? [] : [`  ${plateau.because}`]),
  `  ${scalability.because}`,
  '',
  'What bounds it',
  `  ${bound.because}`,
  ...resources.map((each) => `  - ${oneLine(resourceLine(each))}`),
]

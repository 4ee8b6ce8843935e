/** How much load a target can serve, as lines for a terminal. */
import type { Capacity } from '../budgets/capacity/capacity.ts'
import { wordsOfObjective } from '../budgets/capacity/objective.ts'
import type { ResourceCapacity } from '../budgets/capacity/resource-capacity.ts'
import type { Scalability } from '../budgets/capacity/scalability.ts'
import { amdahlLimit } from '../budgets/capacity/scalability-law.ts'
import { count, countOf, figure, percent } from '../budgets/figure.ts'
import type { Declined } from '../runner/stats/few.ts'
import { oneLine } from './format.ts'

const between = ({ low, high }: { readonly low: number; readonly high: number }): string => `[${figure(low, '')}, ${figure(high, '')}]`

const useOf = ({ servers, noun, demand, rate, interval, highestUse }: ResourceCapacity): string => {
  if (demand.declined) return demand.because
  if (typeof rate !== 'number') return rate.because
  const background = `${countOf(Number(demand.background.toPrecision(2)), noun)} without any`
  const full = `full at ${figure(rate, '/s')}${interval === undefined ? '' : ` ${between(interval)}`}`
  return `${figure(demand.demand * 1000, 'ms')} of a ${noun} for each request, ${background}; at most ${percent(Math.min(1, highestUse / servers), 2)} of ${countOf(servers, noun)} was seen busy, from ${figure(demand.from, '/s')} to ${figure(demand.until, '/s')}; ${full}.`
}

const resourceLines = (each: ResourceCapacity): string[] => [
  `  - ${each.demand.declined ? '' : `${oneLine(each.resource)}: `}${oneLine(useOf(each))}`,
  ...(each.knee?.declined === true ? [`    ${oneLine(each.knee.because)}`] : []),
]

const small = (value: number): string => String(Number(value.toPrecision(3)))

/** The law's coefficients in both forms: where they differ much, few points carry the fit. */
const coefficients = (found: Scalability | Declined): string[] => {
  if (found.declined) return []
  const { fit, raw, from, until } = found
  const [alpha = 0, beta = 0, gamma = 0] = fit.standardErrors
  const limit = amdahlLimit(fit)
  const told = `contention α ${small(fit.contention)} ± ${small(alpha)}, coherency β ${small(fit.coherency)} ± ${small(beta)}, ${figure(fit.single, '/s')} ± ${figure(gamma, '')} of one alone`
  const other = `raw α ${small(raw.contention)}, β ${small(raw.coherency)}, ${figure(raw.single, '/s')}`
  return [
    `  Fitted in log space from N = ${figure(from, '')} to ${figure(until, '')}: ${told} (${other}).${Number.isFinite(limit) ? ` Contention alone ends at ${figure(limit, '/s')}.` : ''}`,
  ]
}

/** A heading, and its lines below it. */
export const capacityLines = (capacity: Capacity): string[] => {
  const { runs, objective, breakpoint, instances, elastic, knee, plateau, scalability, openScalability, law, resources, bound } = capacity
  return [
    `Capacity, from ${runs.length === 1 ? 'run' : `${count(runs.length)} runs,`} ${runs.join(', ')}`,
    `A rate holds where ${wordsOfObjective(objective)}, and 99 % of journeys get through.`,
    '',
    'Breakpoint (measured)',
    `  ${breakpoint.because}`,
    `  ${instances.because}`,
    ...(elastic === undefined ? [] : [`  ${elastic.because}`]),
    '',
    'Knee (predicted)',
    `  ${oneLine(knee.because)}`,
    '',
    'What bounds it',
    `  ${oneLine(bound.because)}`,
    ...resources.flatMap(resourceLines),
    '',
    'Closed loop',
    ...(plateau === undefined ? [] : [`  ${plateau.because}`]),
    `  ${scalability.because}`,
    ...coefficients(scalability),
    '',
    'Steps of the open load',
    `  ${law.because}`,
    `  ${openScalability.because}`,
    ...coefficients(openScalability),
  ]
}

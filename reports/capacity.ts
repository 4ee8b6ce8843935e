/** How much load a target can serve, as lines for a terminal. */
import type { Capacity } from '../budgets/capacity/capacity.ts'
import { wordsOfObjective } from '../budgets/capacity/objective.ts'
import type { ResourceCapacity } from '../budgets/capacity/resource-capacity.ts'
import type { Scalability } from '../budgets/capacity/scalability.ts'
import { amdahlLimit, contentionLoad } from '../budgets/capacity/scalability-law.ts'
import { count, countOf, figure, percent } from '../budgets/figure.ts'
import type { Declined } from '../runner/stats/few.ts'
import { oneLine } from './format.ts'

const between = ({ low, high }: { readonly low: number; readonly high: number }): string => `[${figure(low, '')}, ${figure(high, '')}]`

const useOf = ({ servers, noun, demand, rate, interval, highestUse }: ResourceCapacity): string => {
  if (demand.declined) return demand.because
  if (typeof rate !== 'number') return rate.because
  const background = `${countOf(Math.max(0, Number(demand.background.toPrecision(2))), noun)} without any`
  const full = `full at ${figure(rate, '/s')}${interval === undefined ? '' : ` ${between(interval)}`}`
  return `${figure(demand.demand * 1000, 'ms')} of a ${noun} for each request, ${background}; at most ${percent(Math.min(1, highestUse / servers), 2)} of ${countOf(servers, noun)} was seen busy, from ${figure(demand.from, '/s')} to ${figure(demand.until, '/s')}; ${full}.`
}

const endpointLine = ({ byEndpoint, noun }: ResourceCapacity): string[] =>
  byEndpoint === undefined
    ? []
    : [
        `    Of a ${noun}, by endpoint: ${byEndpoint.map(({ endpoint, demand, error }) => `${oneLine(endpoint)} ${figure(demand * 1000, '')} ± ${figure(error * 1000, 'ms', 2)}`).join(', ')}.`,
      ]

const resourceLines = (each: ResourceCapacity): string[] => [
  `  - ${each.demand.declined ? '' : `${oneLine(each.resource)}: `}${oneLine(useOf(each))}`,
  ...endpointLine(each),
  ...(each.knee?.declined === true ? [`    ${oneLine(each.knee.because)}`] : []),
]

const small = (value: number): string => String(Number(value.toPrecision(3)))

/** The law's coefficients in both forms: where they differ much, few points carry the fit. */
const coefficients = (found: Scalability | Declined): string[] => {
  if (found.declined) return []
  const { fit, raw, from, until } = found
  const [alpha = 0, beta = 0, gamma = 0] = fit.standardErrors
  const limit = amdahlLimit(fit)
  const { withRoom } = found
  const told = `contention α ${small(fit.contention)} ± ${small(alpha)}, coherency β ${small(fit.coherency)} ± ${small(beta)}, ${figure(fit.single, '/s')} ± ${figure(gamma, '')} of one alone`
  const other = `raw α ${small(raw.contention)}, β ${small(raw.coherency)}, ${figure(raw.single, '/s')}`
  return [
    `  Fitted in log space from N = ${figure(from, '')} to ${figure(until, '')}: ${told} (${other}).${Number.isFinite(limit) ? ` Contention alone ends at ${figure(limit, '/s')}, and leaves about half of what N = ${figure(contentionLoad(fit), '')} could do.` : ''}`,
    ...(withRoom === undefined
      ? []
      : [
          `  Offered ${figure(withRoom.rate, '/s')}, 80 % of that peak, N = ${figure(withRoom.load, '')} are at work at once, ${figure(withRoom.seconds * 1000, 'ms')} each.`,
        ]),
  ]
}

/** A rate of requests, and what it is in journeys, which is what load is offered in. */
const ofRequests = (value: number, { requestsPerJourney }: Capacity): string =>
  requestsPerJourney === 1 ? '' : `, which is ${figure(value / requestsPerJourney, '')} journeys/s`

const boundLine = (capacity: Capacity): string => {
  const [first] = capacity.resources
  const { bound } = capacity
  if ('declined' in bound || first === undefined) return 'declined' in bound ? oneLine(bound.because) : ''
  return `${oneLine(bound.resource)}, full at ${figure(bound.rate, '')} requests/s${first.interval === undefined ? '' : ` ${between(first.interval)}`}${ofRequests(bound.rate, capacity)}`
}

const kneeLine = (capacity: Capacity): string => {
  const { knee } = capacity
  if (knee.declined) return 'unknown, because it is not known at which rate any resource that was watched is full'
  const { rate, low, high, until, by } = knee
  const seen = rate > until ? `; seen up to ${figure(until, '/s')} only` : ''
  return `answers become slow at ${figure(rate, '')} requests/s [${figure(low, '')}, ${figure(high, '')}]${ofRequests(rate, capacity)}, ${by === 'queue' ? 'by the line in front of it' : 'or earlier'}${seen}`
}

/** What the runs say first: of a breakpoint test where it broke, of a sweep where it levels off, else what is predicted. */
const answerOf = ({ breakpoint, plateau, bound, knee }: Capacity): string => {
  if (!('declined' in breakpoint)) return breakpoint.because
  if (plateau !== undefined) return plateau.because
  if (!knee.declined && !('declined' in bound)) return `Not measured, but predicted: ${bound.because}`
  return breakpoint.because
}

const worthNarrowing = 0.05

/** The command that would say more, and the ones that go on from here. */
const nextOf = ({ breakpoint, runs }: Capacity): string[] => {
  const named = runs.join(' ')
  if ('declined' in breakpoint || !breakpoint.found) return []
  const { lastGood, firstBad } = breakpoint
  const isWide = lastGood !== null && firstBad / lastGood - 1 > worthNarrowing
  return [
    ...(isWide ? [`perf run breakpoint --refine narrows what lies between the two rates, ${percent(firstBad / lastGood - 1, 2)} apart, to 5 %`] : []),
    `perf advise ${named} --rate … --expect … says what to deploy for a launch`,
  ]
}

/** The answer, what stands behind it, and below it what each method found. */
export const capacityLines = (capacity: Capacity): string[] => {
  const { runs, objective, breakpoint, instances, elastic, knee, plateau, closedLoop, scalability, openScalability, law, resources, bound } = capacity
  const answer = answerOf(capacity)
  return [
    `Capacity: ${answer}`,
    '',
    ...(answer === breakpoint.because ? [] : [`  Measured   ${breakpoint.because}`]),
    `  Holds      where ${wordsOfObjective(objective)}, and 99 % of journeys get through`,
    `  Bound by   ${boundLine(capacity)}`,
    `  Predicted  ${kneeLine(capacity)}`,
    `  Instance   ${instances.because}`,
    ...(elastic === undefined ? [] : [`  Scaling    ${elastic.because}`]),
    ...nextOf(capacity).map((each) => `  Next       ${each}`),
    `  From       ${runs.length === 1 ? 'run' : `${count(runs.length)} runs,`} ${runs.join(', ')}`,
    '',
    'Resources',
    ...('declined' in bound && resources.length === 0
      ? [`  None was watched ${closedLoop === undefined ? 'that has a limit' : 'in steps of an open load'}.`]
      : []),
    ...resources.flatMap(resourceLines),
    ...(knee.declined ? [] : [`  ${oneLine(knee.because)}`]),
    '',
    'Closed loop',
    ...(plateau === undefined ? [] : [`  ${plateau.because}`]),
    ...(closedLoop === undefined || closedLoop.because === bound.because ? [] : [`  ${oneLine(closedLoop.because)}`]),
    `  ${scalability.because}`,
    ...coefficients(scalability),
    '',
    'Steps of the open load',
    `  ${law.because}`,
    `  ${openScalability.because}`,
    ...coefficients(openScalability),
  ]
}

/** Caveats of the figures themselves: why a percentile has no number. */
import type { Caveat, Run } from '../runner/run.ts'
import { count, milliseconds, oneLine, percent, plural } from './format.ts'
import { percentileLabel, percentileNames, percentileOf, samplesFor } from './percentiles.ts'
import type { EndpointReport, Percentiles, Report } from './report.ts'

/** @example list(['p95', 'p99', 'the maximum']) // 'p95, p99 and the maximum' */
const list = (items: readonly string[], last = 'and'): string =>
  items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`

const unstatedIn = (times: Percentiles) => percentileNames.filter((name) => times[name] === null)
const unboundedIn = (times: Percentiles): string[] =>
  [...percentileNames, 'max' as const].filter((name) => times[name] === Infinity).map((name) => (name === 'max' ? 'the maximum' : percentileLabel(name)))

type Figures = Pick<Report, 'run' | 'whole' | 'responseTime' | 'serviceTime' | 'setupTime' | 'lag' | 'endpoints'>

const tooFew = ({ run, responseTime, serviceTime }: Figures): Caveat[] => {
  const succeeded = run.load.completed - run.load.failed
  if (succeeded === 0)
    return [
      {
        code: 'no-answers',
        text: `${run.load.completed === 0 ? 'No request completed' : `All ${count(run.load.completed)} requests failed`}, so there are no times of successes. Times need answers. Look at the errors first.`,
      },
    ]
  const names = unstatedIn(serviceTime)
  if (names.length === 0) return []
  const needs = names.map((name) => `${percentileLabel(name)} needs ${count(samplesFor(percentileOf[name]))}`)
  const which = unstatedIn(responseTime).length === names.length ? 'Response and service time have' : 'Service time has'
  return [
    {
      code: 'few-answers',
      text: `${which} no ${list(names.map(percentileLabel), 'or')}: ${plural(succeeded, 'answer')} came, ${list(needs)}. Run longer, or raise the rate.`,
    },
  ]
}

const tooFewAt = ({ serviceTime, endpoints }: Figures): Caveat[] => {
  const lacking = (endpoint: EndpointReport): string[] =>
    unstatedIn(endpoint.serviceTime)
      .filter((name) => serviceTime[name] !== null)
      .map(percentileLabel)
  const affected = endpoints.filter((endpoint) => lacking(endpoint).length > 0)
  if (affected.length === 0) return []
  const named = affected
    .slice(0, 3)
    .map((endpoint) => `${oneLine(endpoint.name)} (${count(endpoint.completed - endpoint.failed)}: no ${list(lacking(endpoint), 'or')})`)
  const more = affected.length > 3 ? ` and ${count(affected.length - 3)} more` : ''
  return [{ code: 'few-answers-endpoint', text: `Too few answers for some percentiles at ${named.join(', ')}${more}. Run longer, or raise the rate.` }]
}

const neverAnswered = ({ run, responseTime, endpoints }: Figures): Caveat[] => {
  const { dropped, planned } = run.load
  const timeouts = endpoints.reduce((sum, { errors }) => sum + (errors.timeout ?? 0), 0)
  const causes = [
    ...(dropped > 0 ? [`${count(dropped)} of ${plural(planned, 'arrival')} never started`] : []),
    ...(timeouts > 0 ? [`${plural(timeouts, 'request')} timed out`] : []),
  ]
  if (causes.length === 0) return []
  const lost = unboundedIn(responseTime)
  return [
    {
      code: 'never-answered',
      text: `${list(causes)}. They count as infinitely slow${lost.length > 0 ? `, so ${list(lost)} of response time ${lost.length > 1 ? 'have' : 'has'} no number` : ''}. Lower the rate, or find what they waited for.`,
    },
  ]
}

/** Shares and times below which the difference is the generator's own few tenths of a millisecond. */
const worthTelling = { ratio: 1.1, milliseconds: 2 } as const

/** The user's wait and the server's share of it apart: what lies between them was spent before the request was sent. */
const waitedFirst = ({ run, responseTime: { p95: response }, serviceTime: { p95: service }, setupTime, lag }: Figures): Caveat[] => {
  if (run.load.dropped > 0) return [] // then response time is a bound over arrivals that service time knows nothing of
  if (response === null || service === null || !Number.isFinite(response) || !Number.isFinite(service)) return []
  if (response <= service * worthTelling.ratio || response - service < worthTelling.milliseconds) return []
  const shares = [
    ['start lag', lag.p95],
    ['connection set-up', setupTime.p95],
  ] as const
  const parts = shares.filter(([, p95]) => p95 !== null && p95 > 0.5).map(([name, p95]) => `${name} p95 ${milliseconds(p95)}`)
  const share = percent((response - service) / service, 2)
  return [
    {
      code: 'waited-first',
      text: `Response time p95 (${milliseconds(response)}) is ${share} above service time p95 (${milliseconds(service)}): users waited before their request was sent${parts.length > 0 ? ` (${list(parts)})` : ''}. The target's own share is the service time.`,
    },
  ]
}

/** An answer that only points elsewhere is quickly made: what a sweep measured then is not the page. */
const pointedElsewhere = ({ run }: Figures): Caveat[] => {
  if (run.sweep === undefined) return []
  const redirects = run.endpoints.reduce(
    (sum, { statuses }) => sum + Object.entries(statuses).reduce((all, [status, n]) => all + (/^3\d\d$/.test(status) && status !== '304' ? n : 0), 0),
    0,
  )
  return redirects === 0
    ? []
    : [
        {
          code: 'redirected',
          text: `${count(redirects)} of ${plural(run.load.completed, 'answer')} pointed elsewhere (3xx), and a sweep does not follow. Name the path that they lead to with --request.`,
        },
      ]
}

const cutShort = ({ ending, durationSeconds, plannedSeconds }: Run): Caveat[] =>
  // Of an engine that failed, the validity's first reason says all of it.
  ending.state === 'completed' || ending.state === 'failed'
    ? []
    : [
        {
          code: `run-${ending.state}`,
          text: `The load ended early (${ending.state}) after ${count(durationSeconds)} of ${count(plannedSeconds)} s: ${oneLine(ending.because) || 'no reason was given'}.`,
        },
      ]

/** All caveats of a report, each text once: what makes the run less believable first. */
export const caveatsOf = (figures: Figures): Caveat[] => {
  const { run, whole } = figures
  const all = [
    ...run.validity.reasons,
    ...run.caveats,
    ...cutShort(whole),
    ...neverAnswered(figures),
    ...waitedFirst(figures),
    ...pointedElsewhere(figures),
    ...tooFew(figures),
    ...tooFewAt(figures),
  ]
  return all.filter((caveat, index) => all.findIndex((other) => other.text === caveat.text) === index)
}

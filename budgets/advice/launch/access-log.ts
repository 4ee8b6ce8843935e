/**
 * What a past rush looked like, from the access log it left: requests by second, the busiest second, how long the rate took to rise to it.
 * Reads the common and combined formats (Apache, nginx) and JSON lines; of a line only its moment counts.
 */
import { type Declined, declined, mean } from '../../../runner/stats/few.ts'
import { loggedMoment, momentOfRow } from '../../../runner/written-moment.ts'
import { count, countOf, figure, percent, timeWords } from '../../figure.ts'
import { type Expectation, type Known, ofRequests } from './expectation.ts'

const momentOfJson = (line: string): number | undefined => {
  try {
    return momentOfRow(JSON.parse(line) as Readonly<Record<string, unknown>>)
  } catch {
    // No JSON: one of the lines that are counted as not understood.
    return undefined
  }
}

/** Second of the epoch in which a request was logged; undefined of a line that is none. */
export const secondOfLine = (line: string): number | undefined => {
  const moment = line.startsWith('{') ? momentOfJson(line) : loggedMoment(line)
  return moment === undefined ? undefined : Math.floor(moment)
}

/** Requests by second of the epoch. */
export type LoggedRequests = { readonly seconds: ReadonlyMap<number, number> /** Lines that say no moment. */; readonly unread: number }

const mostUnread = 0.05
const fewest = 60 // seconds that a log must span to tell of a rush
const bin = 10 // seconds over which a rise is looked at: single seconds jump

/** Seconds from the last ten that were ordinary until the busiest ten. */
const riseOf = (bins: readonly number[], ordinary: number): number => {
  const highest = bins.indexOf(bins.reduce((most, value) => Math.max(most, value), 0))
  const calm = bins.slice(0, highest).findLastIndex((value) => value <= ordinary)
  return (highest - Math.max(0, calm)) * bin
}

/** @example expectationOfLog({ seconds, unread: 0 }, known) // { peak: 41, over: 3600, rise: 120, … } */
export const expectationOfLog = ({ seconds, unread }: LoggedRequests, known: Known): Expectation | Declined => {
  const requests = [...seconds.values()].reduce((sum, value) => sum + value, 0)
  if (requests === 0 || unread > mostUnread * (requests + unread))
    return declined(
      `${count(unread)} of ${count(requests + unread)} lines of the access log say no moment. Lines are of the common or combined format, or JSON with a time. Write them so, or expect a rate.`,
    )
  const moments = [...seconds.keys()]
  const first = moments.reduce((least, value) => Math.min(least, value))
  const length = moments.reduce((most, value) => Math.max(most, value)) - first + 1
  if (length < fewest)
    return declined(`The access log spans ${count(length)} s, and ${fewest} are needed to tell a rush from a moment. Take a longer piece of it.`)
  const bins = Array.from({ length: Math.ceil(length / bin) }, (_, at) =>
    mean(Array.from({ length: Math.min(bin, length - at * bin) }, (_, second) => seconds.get(first + at * bin + second) ?? 0)),
  )
  const average = requests / length
  const busiest = [...seconds.values()].reduce((most, value) => Math.max(most, value), 0)
  const rise = riseOf(bins, average)
  const peak = busiest / known.requestsPerJourney
  const skipped = unread === 0 ? '' : ` ${percent(unread / (requests + unread), 2)} of its lines said no moment.`
  return {
    declined: false,
    peak,
    over: length,
    rise,
    because: `The access log has ${countOf(requests, 'request')} in ${timeWords(length)}, ${figure(average, '/s')} on the average and ${count(busiest)} in the busiest second, which the rate took ${timeWords(rise)} to reach: ${figure(peak, '')} journeys/s at the height, if it comes again as it was.${ofRequests('requests', known)}${skipped}`,
  }
}

/**
 * What is expected of a launch, read from a few words, and what it means in arrivals: "50k users in 10 min", "500/s", "3x", "2M requests
 * in 1 h". Users come in a curve and not evenly, so the height is above the mean; every assumption is part of the answer.
 */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { count, figure } from '../../figure.ts'
import { presetNames, presetOf } from './presets.ts'

export type Expectation = {
  readonly declined: false
  /** Arrivals (users' journeys) per second at the height. */
  readonly peak: number
  /** Seconds in which they come. */
  readonly over: number
  /** Seconds from the ordinary rate to the height; 0: at once, where the words say nothing. */
  readonly rise: number
  /** How the height follows from the words. */
  readonly because: string
}

/** Of a rush of so many users in so much time the densest second has so many times the mean: a wave that rises and falls (half a sine). */
const wave = Math.PI / 2

/** A rate without a length is held so long, s. */
const plateau = 600

const multiples: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6 }
const units: Readonly<Record<string, number>> = { s: 1, sec: 1, second: 1, m: 60, min: 60, minute: 60, h: 3600, hour: 3600, d: 86_400, day: 86_400 }

const secondsOf = (amount: string | undefined, unit: string): number => Number(amount ?? '1') * (units[unit.replace(/s$/, '') || 's'] ?? Number.NaN)
const amountOf = (digits: string, multiple: string): number => Number(digits.replaceAll(',', '')) * (multiples[multiple.toLowerCase()] ?? Number.NaN)

const anAmount = String.raw`(\d[\d,]*(?:\.\d+)?)\s*([kKmM]?)`
const aUnit = '(seconds?|secs?|s|minutes?|mins?|m|hours?|h|days?|d)'
const inTime = new RegExp(
  `^${anAmount}\\s*(users?|visitors?|people|sessions?|journeys?|requests?)\\s+(?:in|within|over|per)\\s+(?:(?:an?|(\\d+(?:\\.\\d+)?))\\s*)?${aUnit}$`,
  'i',
)
const aRate = new RegExp(`^${anAmount}\\s*(?:(users?|journeys?|arrivals?|requests?|rps)\\s*)?(?:/|per\\s+)\\s*${aUnit}$`, 'i')
/** "500/s within 2 min": the time in which the rate is reached. */
const aRise = new RegExp(`^(.*\\S)\\s+(?:in|within|over)\\s+(?:(?:an?|(\\d+(?:\\.\\d+)?))\\s*)?${aUnit}$`, 'i')
const aFactor = /^(\d+(?:\.\d+)?)\s*(?:x|×|times)(?:\s.*)?$/i

export type Known = {
  /** Requests that one journey makes on the average, to turn requests into journeys. */
  readonly requestsPerJourney: number
  /** Ordinary arrivals per second, for "3x"; undefined: not measured. */
  readonly ordinary: number | undefined
}

const isRequests = (noun: string | undefined): boolean => noun !== undefined && /^(requests?|rps)$/i.test(noun)

const inJourneys = (noun: string | undefined, value: number, { requestsPerJourney }: Known): number => (isRequests(noun) ? value / requestsPerJourney : value)

/** How requests became journeys, where they had to. */
export const ofRequests = (noun: string | undefined, { requestsPerJourney }: Known): string =>
  isRequests(noun) ? ` A journey makes ${figure(requestsPerJourney, '')} requests.` : ''

/**
 * @param words as a person writes them
 * @example readExpectation('50k users in 10 min', known) // { peak: 130.9, over: 600, rise: 300, because: '50,000 users in 600 s are 83.3/s on the average; …' }
 */
export const readExpectation = (words: string, known: Known): Expectation | Declined =>
  presetOf(words, known) ?? usersInTime(words.trim(), known) ?? rising(words, known)

const usersInTime = (text: string, known: Known): Expectation | undefined => {
  const [, digits, multiple, noun, length, unit] = inTime.exec(text) ?? []
  if (digits !== undefined && unit !== undefined) {
    const [amount, over] = [amountOf(digits, multiple ?? ''), secondsOf(length, unit.toLowerCase())]
    const mean = inJourneys(noun, amount, known) / over
    return {
      declined: false,
      peak: mean * wave,
      over,
      rise: Math.round(over / 2),
      because: `${count(amount)} ${noun} in ${count(over)} s are ${figure(mean, '/s')} on the average; they come as a wave, whose height is ${figure(wave, '')} times that, ${figure(mean * wave, '/s')}.${ofRequests(noun, known)}`,
    }
  }
  return undefined
}

/** A height, which comes at once unless the words say in which time. */
const rising = (words: string, known: Known): Expectation | Declined => {
  const [, before, length, unit] = aRise.exec(words.trim()) ?? []
  const rise = unit === undefined ? 0 : secondsOf(length, unit.toLowerCase())
  return heightOf(before ?? words.trim(), rise, words, known)
}

const risen = (rise: number): string => (rise === 0 ? 'at once' : `after a rise of ${count(rise)} s`)

const heightOf = (text: string, rise: number, words: string, known: Known): Expectation | Declined => {
  const [, rateDigits, rateMultiple, rateNoun, rateUnit] = aRate.exec(text) ?? []
  if (rateDigits !== undefined && rateUnit !== undefined) {
    const peak = inJourneys(rateNoun, amountOf(rateDigits, rateMultiple ?? ''), known) / secondsOf('1', rateUnit.toLowerCase())
    return {
      declined: false,
      peak,
      over: plateau,
      rise,
      because: `${figure(peak, '/s')} journeys at the height, ${risen(rise)} and for ten minutes.${ofRequests(rateNoun, known)}`,
    }
  }
  const factor = aFactor.exec(text)?.[1]
  if (factor !== undefined) {
    if (known.ordinary === undefined)
      return declined(`"${words}" can't be told in arrivals, because the ordinary rate is not known. Give it with --rate, or expect a rate or users in a time.`)
    const peak = Number(factor) * known.ordinary
    return {
      declined: false,
      peak,
      over: plateau,
      rise,
      because: `${factor} times the ordinary ${figure(known.ordinary, '/s')} are ${figure(peak, '/s')} at the height, ${risen(rise)} and for ten minutes.`,
    }
  }
  return declined(
    `"${words}" is no expectation that is understood. Write users or requests in a time ("50k users in 10 min"), a rate ("500/s", "500/s within 2 min"), a factor ("3x"), ${presetNames.map((name) => `"${name}"`).join(', ')}, or access-log:FILE.`,
  )
}

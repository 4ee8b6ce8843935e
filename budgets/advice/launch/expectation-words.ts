/**
 * What is expected of a launch, read from a few words, and what it means in arrivals: "50k users in 10 min", "500/s", "3x", "2M requests
 * in 1 h". Users come in a curve and not evenly, so the height is above the mean; every assumption is part of the answer.
 */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { count, figure, timeWords } from '../../figure.ts'
import { type Expectation, type Known, ofRequests } from './expectation.ts'
import { presetNames, presetOf } from './presets.ts'
import { aLength, amountOf, aNoun, anAmount, isAmbiguous, isRequests, plainWords, secondsOf } from './quantity.ts'

/** Of a rush of so many users in so much time the densest second has so many times the mean: a wave that rises and falls (half a sine). */
const wave = Math.PI / 2

/** A rate without a length is held so long, s. */
const plateau = 600

/** A rate is of seconds or minutes; what comes in an hour or a day comes as a wave. */
const longestOfRate = 60

const inTime = new RegExp(`^${anAmount}\\s*${aNoun}\\s*(?:in|within|over)\\s*${aLength}$`)
const perTime = new RegExp(`^${anAmount}\\s*${aNoun}?\\s*(?:per|/|an?)\\s*${aLength}$`)
/** "500/s within 2 min": the time in which the rate is reached. */
const aRise = new RegExp(`^(.*\\S) (?:in|within|over) ${aLength}$`)
/** "500/s for 1 h": how long it stays. */
const aStay = new RegExp(`^(.*\\S) for ${aLength}$`)
const aFactor = /^(\d+(?:\.\d+)?)\s*(?:x|×|times)(?:\s.*)?$/
const withoutTime = new RegExp(`^${anAmount}\\s*${aNoun}?$`)
const atOnce = /\b(?:concurrent|concurrently|simultaneous|simultaneously|at (?:once|the same time)|vus?)\b/

type Height = { readonly peak: number; readonly rise: number; readonly over: number; readonly because: string }

const journeysIn = (noun: string | undefined, value: number, { requestsPerJourney }: Known): number => (isRequests(noun) ? value / requestsPerJourney : value)

const asWave = (amount: number, noun: string | undefined, over: number, known: Known): Height => {
  const mean = journeysIn(noun, amount, known) / over
  const peak = mean * wave
  return {
    peak,
    over,
    rise: Math.round(over / 2),
    because: `${count(amount)} ${noun ?? 'journeys'} in ${timeWords(over)} are ${figure(mean, '/s')} on the average; they come as a wave, whose height is ${figure(wave, '')} times that, ${figure(peak, '/s')}.${ofRequests(noun, known)}`,
  }
}

const course = (rise: number, over: number): string => `${rise === 0 ? 'at once' : `after a rise of ${timeWords(rise)}`}, for ${timeWords(over)}`

const rateOf = (text: string, rise: number, over: number, known: Known): Height | undefined => {
  const [, digits, multiple, noun, length, unit] = perTime.exec(text) ?? []
  if (digits === undefined || unit === undefined) return undefined
  const each = secondsOf(length, unit)
  if (length !== undefined || each > longestOfRate) return rise === 0 && over === plateau ? asWave(amountOf(digits, multiple), noun, each, known) : undefined
  const peak = journeysIn(noun, amountOf(digits, multiple), known) / each
  return { peak, rise, over, because: `${figure(peak, '')} journeys/s at the height, ${course(rise, over)}.${ofRequests(noun, known)}` }
}

const crowdOf = (text: string, known: Known): Height | undefined => {
  const [, digits, multiple, noun, length, unit] = inTime.exec(text) ?? []
  return digits === undefined || unit === undefined ? undefined : asWave(amountOf(digits, multiple), noun, secondsOf(length, unit), known)
}

const multipleOf = (text: string, rise: number, over: number, { ordinary }: Known): Height | Declined | undefined => {
  const factor = aFactor.exec(text)?.[1]
  if (factor === undefined) return undefined
  if (ordinary === undefined)
    return declined(
      `"${text}" is a multiple of the ordinary rate, which is not known. Arrivals follow from both. Give it with --rate 20/s, or expect a rate or users in a time.`,
    )
  const peak = Number(factor) * ordinary
  return { peak, rise, over, because: `${factor} times the ordinary ${figure(ordinary, '/s')} are ${figure(peak, '/s')} at the height, ${course(rise, over)}.` }
}

/** Why words that were meant well can't be told in arrivals. */
const notUnderstood = (words: string, text: string): Declined => {
  if (atOnce.test(text))
    return declined(
      `"${words}" says how many users are there at once, and not how many come. Load is arrivals in a time: 1,000 at once who stay a minute each are 1000/min. Write --expect "1000 users per minute".`,
    )
  if (withoutTime.test(text))
    return declined(`"${words}" says no time. Load is arrivals in a time. Write in which they come: "50k users in 10 min", or a rate, "500/s".`)
  return declined(
    `"${words}" is no expectation that is understood. Write users or requests in a time ("50k users in 10 min"), a rate ("500/s", "500/s within 2 min"), a factor ("3x"), ${presetNames.map((name) => `"${name}"`).join(', ')}, or give --access-log FILE.`,
  )
}

const heightOf = (words: string, known: Known): Height | Declined => {
  const text = plainWords(words)
  const digits = /^\d[\d.,]*/.exec(text)?.[0]
  if (digits !== undefined && isAmbiguous(digits))
    return declined(`"${digits}" in "${words}" can be read in two ways. Thousands take a comma or nothing, fractions a dot. Write 50000, 50,000 or 50k.`)
  const [, beforeStay, stay, stayUnit] = aStay.exec(text) ?? []
  const over = stayUnit === undefined ? plateau : secondsOf(stay, stayUnit)
  const held = beforeStay ?? text
  const [, beforeRise, length, unit] = aRise.exec(held) ?? []
  const rise = unit === undefined ? 0 : secondsOf(length, unit)
  return (
    crowdOf(text, known) ?? rateOf(beforeRise ?? held, rise, over, known) ?? multipleOf(beforeRise ?? held, rise, over, known) ?? notUnderstood(words, text)
  )
}

/**
 * @param words as a person writes them
 * @example readExpectation('50k users in 10 min', known) // { peak: 130.9, over: 600, rise: 300, because: '50,000 users in 10 min are 83.3/s on the average; …' }
 */
export const readExpectation = (words: string, known: Known): Expectation | Declined => {
  const preset = presetOf(words, known)
  if (preset !== undefined) return preset
  const height = heightOf(words, known)
  if ('declined' in height) return height
  if (!(height.peak > 0 && Number.isFinite(height.peak)))
    return declined(
      `"${words}" comes to no load. Something must come, in a time that is longer than none. Write --expect 50/s or --expect "50k users in 10 min".`,
    )
  return { declined: false, ...height }
}

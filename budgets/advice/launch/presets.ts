/** Rushes that people name instead of counting them. Where somebody measured one the source is named; else the words say that it is assumed. */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { figure } from '../../figure.ts'
import { type Expectation, type Known, ofRequests } from './expectation.ts'

const viralFactor = 20 // as scenarios/shapes.ts suggests for viral()
const viralRise = 20 // seconds, its default
const viralTail = 300

/** Mattias Geniar, The Frontpage of Hacker News: Stats, Graphs & Some Analysis, 2015: about 600 requests a second at the height, half an hour after the link. */
const hackerNews = { requests: 600, rise: 1800, over: 7200 } as const

/** Nobody's measurement: ten thousand visitors in a day, a quarter of them in one hour. */
const productHunt = { visitors: 10_000, busiestHour: 0.25 } as const

const viral = ({ ordinary }: Known): Expectation | Declined =>
  ordinary === undefined
    ? declined(
        `"viral" is ${viralFactor} times the ordinary rate, which is not known. Arrivals follow from both. Give it with --rate 20/s, or expect a rate or users in a time.`,
      )
    : {
        declined: false,
        peak: viralFactor * ordinary,
        over: viralTail,
        rise: viralRise,
        because: `A post that goes viral is assumed to bring ${viralFactor} times the ordinary ${figure(ordinary, '/s')}, ${figure(viralFactor * ordinary, '/s')}, within ${viralRise} s. That is an assumption and no measurement: an access log of a past rush (--access-log FILE) tells more.`,
      }

const ofHackerNews = (known: Known): Expectation => {
  const peak = hackerNews.requests / known.requestsPerJourney
  return {
    declined: false,
    peak,
    over: hackerNews.over,
    rise: hackerNews.rise,
    because: `The front page of Hacker News brought a blog ${hackerNews.requests} requests/s within half an hour (M. Geniar, 2015): ${figure(peak, '')} journeys/s.${ofRequests('requests', known)} Others measured far less; a page with many images gets more.`,
  }
}

const ofProductHunt = (): Expectation => {
  const peak = ((productHunt.visitors * productHunt.busiestHour) / 3600) * (Math.PI / 2)
  return {
    declined: false,
    peak,
    over: 3600,
    rise: 1800,
    because: `A day on Product Hunt is assumed to bring ${productHunt.visitors} visitors, a quarter of them within one hour, as a wave: ${figure(peak, '/s')} at its height. That is an assumption and no measurement: say how many you expect, as "50k users in 1 h".`,
  }
}

const presets: Readonly<Record<string, (known: Known) => Expectation | Declined>> = {
  viral,
  'hacker news': ofHackerNews,
  hn: ofHackerNews,
  'product hunt': ofProductHunt,
}

/** Those worth telling: a short form has its long one. */
export const presetNames = Object.keys(presets).filter((name) => name !== 'hn')

/** Undefined where the words name none. @example presetOf('Hacker News', known)?.rise // 1800 */
export const presetOf = (words: string, known: Known): Expectation | Declined | undefined =>
  presets[
    words
      .trim()
      .toLowerCase()
      .replace(/[-_\s]+/g, ' ')
  ]?.(known)

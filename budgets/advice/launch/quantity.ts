/** Amounts, nouns and times as people write them: "50k", "1.5 million visitors", "2 h". What can be read in two ways is not read at all. */

const multiples: Readonly<Record<string, number>> = { k: 1e3, thousand: 1e3, m: 1e6, mio: 1e6, mln: 1e6, million: 1e6, millions: 1e6 }
const units: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
  week: 604_800,
}

export const anAmount = String.raw`(\d[\d.,]*)\s*(k|thousand|millions?|mio|mln|m)?`
export const aNoun = '(users?|visitors?|visits?|people|customers?|sessions?|journeys?|arrivals?|requests?|reqs?|hits?)'
const aUnit = '(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?)'
/** "10 min", "an hour", "hour" */
export const aLength = String.raw`(?:(?:an?|(\d+(?:\.\d+)?))\s*)?${aUnit}`

/** A dot or a comma before three digits at the end, or a comma before any other number of them, is a thousand to one and a fraction to another. */
export const isAmbiguous = (digits: string): boolean => /^\d{1,3}(\.\d{3})+$/.test(digits) || !/^(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/.test(digits)

/** @example amountOf('50', 'k') // 50000 */
export const amountOf = (digits: string, multiple: string | undefined): number => Number(digits.replaceAll(',', '')) * (multiples[multiple ?? ''] ?? 1)

/** @example secondsOf('10', 'minutes') // 600 */
export const secondsOf = (amount: string | undefined, unit: string): number => Number(amount ?? '1') * (units[unit.replace(/(?<=.)s$/, '')] ?? Number.NaN)

export const isRequests = (noun: string | undefined): boolean => noun !== undefined && /^(req|hit)/.test(noun)

/** Small letters, single spaces, and the short forms of rates written out. @example plainWords('2k RPS') // '2k requests/s' */
export const plainWords = (words: string): string =>
  words
    .trim()
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .replace(/(?<=\d) (?=\d{3}\b)/g, '') // 50 000
    .replace(/\b(?:rps|qps)$/, 'requests/s')
    .replace(/\b(?:rpm|qpm)$/, 'requests/min')
    .replace(/(?<=\d[kmio]*)(?:rps|qps)$/, ' requests/s')
    .replace(/^(?:twice|double)\b/, '2x')

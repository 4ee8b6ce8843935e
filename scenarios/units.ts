/** Units as users write them (`'1h30m'`, `'50/s'`) and as the code keeps them (seconds, arrivals per second). */

/** Seconds since the start of a run, or a length of time in seconds. */
export type Seconds = number

declare const perSecondBrand: unique symbol
/** Arrivals per second. Branded, so that a bare number without a unit does not compile in a scenario. */
export type PerSecond = number & { readonly [perSecondBrand]: 'arrivals per second' }

type Unit = 'ms' | 's' | 'm' | 'h'
/** A length of time with its unit: `'500ms'`, `'30s'`, `'5m'`, `'1h30m'`. */
export type Duration = `${number}${Unit}` | `${number}h${number}m` | `${number}m${number}s` | `${number}h${number}m${number}s`
/** An arrival rate with its unit: `'50/s'`, `'3000/m'`, `'10/h'`, or the result of {@link perSecond}. */
export type Rate = `${number}/${'s' | 'm' | 'h'}` | PerSecond

const unitSeconds = { ms: 0.001, s: 1, m: 60, h: 3600 } as const

/**
 * A rate from a plain number of arrivals per second.
 * @throws {RangeError} when `rate` is negative or not finite
 * @example perSecond(20) // 20 arrivals per second
 */
export const perSecond = (rate: number): PerSecond => {
  if (!Number.isFinite(rate) || rate < 0)
    throw new RangeError(`Rate ${rate} is not a number of arrivals per second. Rates are finite and at least 0. Write perSecond(20) or '20/s'.`)
  return rate as PerSecond
}

/**
 * Seconds of a written duration; `undefined` when the text is not one, so that each caller can say where it stood.
 * @example parseDuration('1h30m') // 5400
 * @example parseDuration('90')    // undefined: no unit
 */
export const parseDuration = (text: string): Seconds | undefined => {
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  if (parts.length === 0 || parts.map((part) => part[0]).join('') !== text.trim()) return undefined
  return parts.reduce((sum, part) => sum + Number(part[1]) * unitSeconds[part[2] as Unit], 0)
}

/**
 * Arrivals per second of a written rate; `undefined` when the text is not one.
 * @example parseRate('3000/m') // 50
 * @example parseRate('50')     // undefined: no unit
 */
export const parseRate = (text: string): PerSecond | undefined => {
  const match = /^(\d+(?:\.\d+)?)\/(s|m|h)$/.exec(text.trim())
  return match ? ((Number(match[1]) / unitSeconds[match[2] as 's' | 'm' | 'h']) as PerSecond) : undefined
}

/**
 * Seconds of a duration in a scenario.
 * @throws {RangeError} when the text is no duration
 */
export const seconds = (duration: Duration): Seconds => {
  const value = parseDuration(duration)
  if (value === undefined)
    throw new RangeError(`Duration "${duration}" has no unit that is known. Durations look like 500ms, 30s, 5m or 1h30m. Write one of these.`)
  return value
}

/**
 * Arrivals per second of a rate in a scenario.
 * @throws {RangeError} when the text is no rate
 */
export const rate = (value: Rate): PerSecond => {
  if (typeof value === 'number') return perSecond(value)
  const parsed = parseRate(value)
  if (parsed === undefined)
    throw new RangeError(`Rate "${value}" has no unit that is known. Rates are arrivals per time, such as 50/s or 3000/m. Write one of these.`)
  return parsed
}

/** Rates and lengths of time as flags and variables give them, with the sentence that says what is wrong with one. */
import { type PerSecond, parseDuration, parseRate, type Seconds } from '../scenarios/units.ts'
import { UsageError } from './errors/usage-error.ts'

/**
 * Undefined where nothing was given.
 * @param where the flag or variable @throws {UsageError} for no rate, and for a rate of 0
 */
export function readRate(text: string, where: string): PerSecond
export function readRate(text: string | undefined, where: string): PerSecond | undefined
export function readRate(text: string | undefined, where: string): PerSecond | undefined {
  if (text === undefined) return undefined
  const value = parseRate(text)
  if (value === undefined)
    throw new UsageError(
      `Rate "${text}" has no unit. Rates are arrivals per time, such as 50/s or 3000/m. Write ${where} ${/^\d+(\.\d+)?$/.test(text) ? `${text}/s` : '50/s'}.`,
    )
  if (value === 0) throw new UsageError(`Rate "${text}" makes no load at all. A rate is above 0. Write ${where} 1/s or more.`)
  return value
}

/** The same for a length of time. */
export function readDuration(text: string, where: string): Seconds
export function readDuration(text: string | undefined, where: string): Seconds | undefined
export function readDuration(text: string | undefined, where: string): Seconds | undefined {
  if (text === undefined) return undefined
  const value = parseDuration(text)
  if (value === undefined)
    throw new UsageError(
      `Duration "${text}" has no unit that is known. Durations look like 30s, 5m or 1h30m. Write ${where} ${/^\d+(\.\d+)?$/.test(text) ? `${text}s` : '30s'}.`,
    )
  if (value <= 0) throw new UsageError(`Duration "${text}" leaves no time for load. A duration is above 0. Write ${where} 30s or more.`)
  return value
}

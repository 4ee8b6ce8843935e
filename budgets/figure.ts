/** Figures inside the sentences that judging writes. Tables and charts have reports/format.ts. */
import type { Unit } from './budget.ts'

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 })
const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits))

/** @example count(9000) // '9,000' */
export const count = (value: number): string => grouped.format(value)

/** @example countOf(1, 'answer') // '1 answer' @example countOf(84, 'answer') // '84 answers' */
export const countOf = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`

/** A share that keeps its distance to 100 %. @example percent(0.9994) // '99.94 %' */
export const percent = (ratio: number, digits = 3): string => {
  const distance = Math.abs(1 - ratio)
  const decimals = ratio > 0.9 && distance > 0 && distance < 0.1 ? Math.min(6, Math.ceil(-Math.log10(distance * 100)) + digits - 2) : undefined
  return `${decimals === undefined ? grouped.format(rounded(ratio * 100, digits)) : Number((ratio * 100).toFixed(Math.max(1, decimals)))} %`
}

/** @example figure(340.2, 'ms') // '340 ms' @example figure(0.0123, 'ratio') // '1.23 %' */
export const figure = (value: number, unit: Unit, digits = 3): string => {
  if (!Number.isFinite(value)) return 'without end'
  if (unit === 'ratio') return percent(value, digits)
  const whole = value >= 10 ** digits ? Math.round(value) : rounded(value, digits)
  const text = grouped.format(whole)
  return unit === 'ms' ? `${text} ms` : unit === '/s' ? `${text}/s` : text
}

/** A length of time in the unit that people would say. @example timeWords(90) // '90 s' @example timeWords(600) // '10 min' */
export const timeWords = (seconds: number): string =>
  seconds < 120 ? `${figure(seconds, '')} s` : seconds < 7200 ? `${figure(seconds / 60, '')} min` : `${figure(seconds / 3600, '')} h`

/** Observed value and limit with as many digits as it takes to tell them apart. @example figures(200.3, 200, 'ms') // ['200.3 ms', '200 ms'] */
export const figures = (observed: number, limit: number, unit: Unit): readonly [observed: string, limit: string] => {
  for (const digits of [3, 4, 6, 9]) {
    const pair = [figure(observed, unit, digits), figure(limit, unit, digits)] as const
    if (pair[0] !== pair[1] || observed === limit) return pair
  }
  return [`${observed}`, `${limit}`]
}

/**
 * The only place where 0.0123 becomes "1.23 %". Every function takes the code's own unit and returns text for people.
 * `null` (can't be stated) is "–", Infinity (never answered) is "∞"; neither is ever 0.
 */
import type { Judgement, Unit } from '../budgets/budget.ts'
import { isWithinNoise } from '../budgets/intervals.ts'

export const unstated = '–'
export const unbounded = '∞'

const formats = new Map<number, Intl.NumberFormat>()
const fixed = (value: number, decimals: number): string => {
  const format = formats.get(decimals) ?? new Intl.NumberFormat('en-US', { maximumFractionDigits: decimals })
  formats.set(decimals, format)
  return format.format(value)
}

/** Decimals that show `digits` significant digits, the whole part never shortened: 12,345 stays 12,345. */
const decimalsFor = (value: number, digits: number): number =>
  value === 0 ? 0 : Math.min(12, Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(value)) + 1e-12)))
const significant = (value: number, digits: number): string => fixed(value, decimalsFor(value, digits))

/** Runs `show` on numbers only. */
const orWord = (value: number | null | undefined, show: (value: number) => string): string =>
  value === null || value === undefined || Number.isNaN(value) ? unstated : value === Infinity ? unbounded : value === -Infinity ? `−${unbounded}` : show(value)

/** @example count(9600) // '9,600' */
export const count = (value: number | null): string => orWord(value, (n) => fixed(n, 0))

/** A number without a unit. @example plain(1234.5678) // '1,235' */
export const plain = (value: number | null, digits = 3): string => orWord(value, (n) => significant(n, digits))

/** @example milliseconds(1240) // '1.24 s' */
export const milliseconds = (value: number | null, digits = 3): string =>
  orWord(value, (ms) => {
    if (Math.abs(ms) < 0.0005 && digits <= 3) return ms === 0 ? '0 ms' : '< 0.001 ms'
    if (Math.abs(ms) < 999.5) return `${significant(ms, digits)} ms`
    return Math.abs(ms) < 59_950 ? `${significant(ms / 1000, digits)} s` : duration(ms / 1000)
  })

/** A ratio as a percentage; what is not all is never rounded up to 100 %. @example percent(0.0123) // '1.23 %' */
export const percent = (ratio: number | null, digits = 3): string =>
  orWord(ratio, (r) => {
    const missing = Math.abs(100 - r * 100)
    const wanted = r > 0.99 && r < 1 ? Math.max(2, decimalsFor(missing, 2)) : decimalsFor(r * 100, digits)
    return `${fixed(r * 100, Math.min(wanted, 6))} %`
  })

/** @example rate(58.24) // '58.2/s' */
export const rate = (value: number | null, digits = 3): string => orWord(value, (n) => `${significant(n, digits)}/s`)

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB'] as const
/** Decimal units. @example bytes(1234567) // '1.23 MB' */
export const bytes = (value: number | null): string =>
  orWord(value, (n) => {
    const power = n < 1000 ? 0 : Math.min(byteUnits.length - 1, Math.floor(Math.log10(n) / 3))
    return `${significant(n / 1000 ** power, 3)} ${byteUnits[power] ?? 'B'}`
  })

/** Memory, in the binary units that it is sold in. @example memory(8589934592) // '8 GiB' */
export const memory = (value: number): string => `${significant(value / 2 ** 30, 2)} GiB`

/** A length of time in at most two units. @example duration(160) // '2 min 40 s' */
export const duration = (seconds: number | null): string =>
  orWord(seconds, (s) => {
    if (s < 59.95) return `${significant(s, s < 10 ? 2 : 3)} s`
    const whole = Math.round(s)
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
    const parts = hours > 0 ? [`${hours} h`, minutes > 0 ? `${minutes} min` : ''] : [`${minutes} min`, rest > 0 ? `${rest} s` : '']
    return parts.filter(Boolean).join(' ')
  })

/** A moment of the run. @example clock(102) // '1:42' */
export const clock = (second: number): string => {
  const [hours, minutes, seconds] = [Math.floor(second / 3600), Math.floor((second % 3600) / 60), Math.floor(second % 60)]
  const two = (n: number): string => String(n).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`
}

/** @example moment('2026-11-21T15:51:09.123Z') // '2026-11-21 15:51:09 UTC' */
export const moment = (iso: string): string => iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC')

/** A judged value in its budget's unit. @example inUnit(0.0123, 'ratio') // '1.23 %' */
const inUnit = (value: number | null, unit: Unit, digits = 3): string =>
  unit === 'ms'
    ? milliseconds(value, digits)
    : unit === 'ratio'
      ? percent(value, digits)
      : unit === '/s'
        ? rate(value, digits)
        : unit === 'count'
          ? count(value)
          : plain(value, digits)

/** Observed value and limit with as many digits as it takes to tell them apart, so that no line says "200 ms, at most 200 ms: exceeded". */
export const observedAndLimit = ({ observed, unit, budget: { limit } }: Judgement): { readonly observed: string; readonly limit: string } => {
  const digits = [3, 4, 5, 6, 8].find((n) => observed === limit.value || inUnit(observed, unit, n) !== inUnit(limit.value, unit, n)) ?? 8
  const words = limit.is === 'at_most' ? (limit.strict ? 'less than' : 'at most') : limit.strict ? 'more than' : 'at least'
  return { observed: inUnit(observed, unit, digits), limit: `${words} ${inUnit(limit.value, unit)}` }
}

/** Both ends of an interval, the unit once where it is the same. @example range({ low: 47.1, high: 52.3 }, 'ms') // '47.1–52.3 ms' */
export const range = ({ low, high }: { readonly low: number; readonly high: number }, unit: Unit = 'ms'): string => {
  const [from, to] = [inUnit(low, unit), inUnit(high, unit)]
  const [, shared] = / (\S+)$/.exec(to) ?? []
  return `${shared !== undefined && from.endsWith(` ${shared}`) ? from.slice(0, -shared.length - 1) : from}–${to}`
}

const difference = (by: number, unit: Unit): string => (unit === 'ratio' ? `${significant(by * 100, 2)} points` : inUnit(by, unit))

/**
 * How far from its limit, in words; `withMoment` says since when, where there is room for it. @example 'over by 140 ms (+70 %), first at 0:42'
 * Where the limit lies within the interval, that follows: the distance is then no more than this run's own noise.
 */
export const distance = (judgement: Judgement, withMoment = true): string => {
  const far = distanceOf(judgement, withMoment)
  return far !== '' && isWithinNoise(judgement) ? `${far}, within ${withMoment ? "this run's " : ''}noise` : far
}

const distanceOf = (judgement: Judgement, withMoment: boolean): string => {
  const { observed, headroom, unit, budget } = judgement
  if (judgement.status === 'unknown' || observed === null) return ''
  if (judgement.status === 'met') return headroom === null || !Number.isFinite(headroom) ? '' : `${percent(headroom, 2)} headroom`
  const { is, value } = budget.limit
  const word = is === 'at_most' ? 'over' : 'short'
  const first = judgement.firstAt === null || !withMoment ? '' : `, first at ${clock(judgement.firstAt)}`
  if (!Number.isFinite(observed)) return `too few were answered${first}`
  // Beyond some five times the limit a percentage is no longer a quantity that anybody feels.
  if (is === 'at_most' && value > 0 && observed >= 5 * value) return `${plain(observed / value, 2)} × the limit${first}`
  const relative = headroom === null || !Number.isFinite(headroom) ? '' : ` (${is === 'at_most' ? '+' : '−'}${percent(Math.abs(headroom), 2)})`
  return `${word} by ${difference(Math.abs(observed - value), unit)}${relative}${first}`
}

const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu
/** Text of others (endpoint names, error messages) on one line: no control, bidi or escape characters that could redraw a terminal. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replace(invisible, '').trim()

/** What a probe has read, in the unit it says. @example amount(1.5, 'cores') // '1.5 cores' */
export const amount = (value: number, unit: string): string => {
  if (unit === 'bytes') return bytes(value)
  if (unit === 'bytes/s') return `${bytes(value)}/s`
  if (unit === 'ms') return milliseconds(value)
  if (unit === 'ratio') return percent(value)
  return unit === 'count' ? plain(value) : unit === '/s' ? `${plain(value)}/s` : `${plain(value)} ${unit}`.trim()
}

/** @example plural(1, 'budget') // '1 budget' */
export const plural = (n: number, noun: string, many = `${noun}s`): string => `${count(n)} ${n === 1 ? noun : many}`

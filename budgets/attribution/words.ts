/** Readings and moments in the sentences of attribution and diagnosis. */
import type { Seconds } from '../../scenarios/units.ts'
import { count, figure, percent } from '../figure.ts'

/** @example clock(94.2) // '1:34' */
export const clock = (second: Seconds): string => {
  const whole = Math.max(0, Math.floor(second))
  const [minutes, rest] = [Math.floor(whole / 60), String(whole % 60).padStart(2, '0')]
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`
}

/** A moment of a run, with the time of day. @example momentIn('2026-11-21T22:02:20.000Z', 34) // '0:34 (22:02:54 UTC)' */
export const momentIn = (startedAt: string, second: Seconds): string =>
  `${clock(second)} (${new Date(Date.parse(startedAt) + second * 1000).toISOString().slice(11, 19)} UTC)`

const bytes = (value: number): string => {
  const size = Math.abs(value)
  return size >= 1e9
    ? `${count(Number((value / 1e9).toPrecision(3)))} GB`
    : size >= 1e6
      ? `${count(Number((value / 1e6).toPrecision(3)))} MB`
      : `${count(Math.round(value / 1e3))} kB`
}

/** A share whose last bit doesn't matter. @example mostly(0.999998) // 'more than 99 %' */
export const mostly = (share: number): string => (share > 0.99 && share < 1 ? 'more than 99 %' : percent(share, 2))

/** A reading in its series' own unit. @example reading(0.25, 'cores') // '0.25 cores' */
export const reading = (value: number, unit: string): string => {
  switch (unit) {
    case 'ratio':
      return percent(value, 2)
    case 'ms':
      return figure(value, 'ms')
    case 's':
      return figure(value * 1000, 'ms')
    case '/s':
      return figure(value, '/s')
    case 'bytes':
      return bytes(value)
    case 'bytes/s':
      return `${bytes(value)}/s`
    case 'count':
      return figure(value, 'count')
    case 'cores':
      return value === 1 ? '1 core' : `${figure(value, '')} cores`
    default:
      return `${figure(value, '')} ${unit}`.trim()
  }
}

/** A length of time. @example span(5000) // '83.3 min' */
export const span = (seconds: Seconds): string =>
  seconds < 90
    ? `${count(Math.round(seconds))} s`
    : seconds < 5400
      ? `${figure(seconds / 60, '', 2)} min`
      : seconds < 172_800
        ? `${figure(seconds / 3600, '', 2)} h`
        : `${figure(seconds / 86_400, '', 2)} days`

/** A date, to the minute; to the second where `exact`. @example moment('2026-01-01T00:00:00.000Z', 90) // '2026-01-01 00:01 UTC' */
export const moment = (startedAt: string, second: Seconds, exact = false): string =>
  `${new Date(new Date(startedAt).getTime() + second * 1000)
    .toISOString()
    .slice(0, exact ? 19 : 16)
    .replace('T', ' ')} UTC`

/** Sums that a reader may check: what is shown as parts adds up to what is shown as a whole. */
import type { Run } from '../runner/run.ts'
import { count } from './format.ts'
import type { Moment } from './moments.ts'
import type { Total } from './report.ts'

type Part = readonly [value: number, name: string]

const total = (whole: Part, parts: readonly Part[]): Total => {
  const holds = whole[0] === parts.reduce((sum, [value]) => sum + value, 0)
  const show = ([value, name]: Part): string => `${count(value)} ${name}`
  return { holds, text: `${show(whole)} ${holds ? '=' : '≠'} ${parts.map(show).join(' + ')}` }
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)

/** Of the whole run, its warm-up included. @example totalsOf(run, moments)[0].text // '9,600 arrivals planned = 9,282 started + 318 dropped' */
export const totalsOf = ({ load, iterations, endpoints }: Run, moments: readonly Moment[]): Total[] => [
  total(
    [load.planned, 'arrivals planned'],
    [
      [load.started, 'started'],
      [load.dropped, 'dropped'],
    ],
  ),
  total(
    [load.started, 'arrivals started'],
    [
      [iterations.completed, 'journeys completed'],
      [iterations.interrupted, 'interrupted'],
    ],
  ),
  total(
    [load.completed, 'requests completed'],
    [[sum(endpoints.map((cell) => cell.count)), `over ${count(new Set(endpoints.map(({ endpoint }) => endpoint)).size)} endpoints`]],
  ),
  total([load.failed, 'requests failed'], [[sum(endpoints.flatMap(({ errors }) => Object.values(errors))), 'over the kinds of error']]),
  total([load.completed, 'requests completed'], [[sum(moments.map(({ succeeded, failed }) => succeeded + failed)), `over ${count(moments.length)} seconds`]]),
]

/** Periods of CloudWatch, and the time of a load. */
import type { Seconds } from '../../scenarios/units.ts'

/** Milliseconds since 1970. */
export type Load = { readonly from: number; readonly until: number }

/** Beginnings of the periods that lie wholly within the load: in any other, a part of the value is not of the load. */
export const periodsOf = ({ from, until }: Load, period: Seconds): number[] => {
  const length = period * 1000
  const first = Math.ceil(from / length) * length
  return Array.from({ length: Math.max(0, Math.floor((until - first) / length)) }, (_, index) => first + index * length)
}

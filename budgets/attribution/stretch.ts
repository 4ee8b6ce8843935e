/** Since when something holds: from a reading near a moment back to where it began. One reading in three may differ, as readings do. */
import type { Seconds } from '../../scenarios/units.ts'
import type { Reading } from './resources.ts'

/** Seconds; a reading tells of the second before it, and the breach is a whole second too. */
const near = { before: 12, after: 3 } as const

const most = (holds: readonly boolean[], from: number): boolean => {
  const three = holds.slice(from, from + 3)
  return three.length > 0 && three.filter(Boolean).length >= Math.min(2, three.length)
}

/**
 * Where a stretch that holds around `at` begins.
 * @returns its first reading, and whether it is the first of all: then it was so from the beginning, and nobody saw it become so
 */
export const beganBefore = (
  readings: readonly Reading[],
  at: Seconds,
  holds: (reading: Reading) => boolean,
): { readonly onset: Seconds; readonly index: number; readonly isFromTheFirst: boolean } | undefined => {
  const held = readings.map(holds)
  let index = readings.length - 1
  while (index >= 0 && !((readings[index]?.at ?? 0) <= at + near.after && held[index] === true && most(held, index))) index -= 1
  const last = readings[index]
  if (last === undefined || last.at < at - near.before) return undefined
  while (index > 0 && (held[index - 1] === true || held[index - 2] === true)) index -= held[index - 1] === true ? 1 : 2
  const first = readings[index]
  return first && { onset: first.at, index, isFromTheFirst: index <= 1 }
}

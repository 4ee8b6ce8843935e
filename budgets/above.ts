/** Stretches of time in which something was above a threshold for long enough, as an alarm sees it. */
import type { Seconds } from '../scenarios/units.ts'

/** What was read at the end of a piece of time; null: nothing was. */
export type Piece = { readonly from: Seconds; readonly until: Seconds; readonly value: number | null }

/** `seen`: when its first reading was made. */
export type Stretch = { readonly from: Seconds; readonly seen: Seconds; readonly until: Seconds }

/** Readings as pieces: each tells of the time since the one before it. @example piecesOf([5, 10], [1, 2]) // [{ from: 0, until: 5, value: 1 }, { from: 5, until: 10, value: 2 }] */
export const piecesOf = (at: readonly Seconds[], values: readonly (number | null)[]): Piece[] => {
  const usual = (at[1] ?? 1) - (at[0] ?? 0)
  return at.map((until, index) => ({ from: at[index - 1] ?? Math.max(0, until - usual), until, value: values[index] ?? null }))
}

/**
 * Stretches that lasted. What was not read ends one: an alarm without data does not sound.
 * @param lasting s; 0: one reading is enough @example stretchesAbove(pieces, 0.7, 300) // [{ from: 120, seen: 125, until: 480 }]
 */
export const stretchesAbove = (pieces: readonly Piece[], above: number, lasting: Seconds): Stretch[] => {
  const stretches: Stretch[] = []
  let open: Stretch | undefined
  const close = (): void => {
    if (open !== undefined && open.until - open.from >= lasting) stretches.push(open)
    open = undefined
  }
  for (const { from, until, value } of pieces) {
    if (value !== null && value > above) open = { from: open?.from ?? from, seen: open?.seen ?? until, until }
    else close()
  }
  close()
  return stretches
}

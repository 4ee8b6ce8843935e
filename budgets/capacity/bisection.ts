/** Which rate to try next between the last that held and the first that did not, until the answer is narrow enough. */

const narrowEnough = 0.05 // of the rate below

/** `unclear`: rates between the two, rising, of which a run could not tell. */
export type Interval = { readonly lastGood: number; readonly firstBad: number; readonly unclear?: readonly number[] }

/** `unclear`: the rate neither surely held nor was seen to break. */
export type Tried = 'held' | 'broke' | 'unclear'

const middleOf = (low: number, high: number): number | undefined => ((high - low) / low <= narrowEnough ? undefined : (low + high) / 2)

/**
 * Half way between the two; around rates that could not be told first below them, then above.
 * @returns undefined once nothing is narrower by more runs like these @example nextRate({ lastGood: 300, firstBad: 400 }) // 350
 */
export const nextRate = ({ lastGood, firstBad, unclear = [] }: Interval): number | undefined => {
  const [lowest, highest] = [unclear[0], unclear.at(-1)]
  return lowest === undefined || highest === undefined ? middleOf(lastGood, firstBad) : (middleOf(lastGood, lowest) ?? middleOf(highest, firstBad))
}

/** The interval after a rate was tried. @example narrowed({ lastGood: 300, firstBad: 400 }, 350, 'held') // { lastGood: 350, firstBad: 400, unclear: [] } */
export const narrowed = ({ lastGood, firstBad, unclear = [] }: Interval, rate: number, tried: Tried): Interval => {
  if (tried === 'held') return { lastGood: rate, firstBad, unclear: unclear.filter((each) => each > rate) }
  if (tried === 'broke') return { lastGood, firstBad: rate, unclear: unclear.filter((each) => each < rate) }
  return { lastGood, firstBad, unclear: [...unclear, rate].sort((a, b) => a - b) }
}

/** Which rate to try next between the last that held and the first that did not, until the answer is narrow enough. */

const narrowEnough = 0.05 // (bad − good) ÷ good

export type Interval = { readonly lastGood: number; readonly firstBad: number }

/** @returns undefined once the interval is narrow enough @example nextRate({ lastGood: 300, firstBad: 400 }) // 350 */
export const nextRate = ({ lastGood, firstBad }: Interval): number | undefined =>
  (firstBad - lastGood) / lastGood <= narrowEnough ? undefined : (lastGood + firstBad) / 2

/** The interval after a rate was tried. @example narrowed({ lastGood: 300, firstBad: 400 }, 350, true) // { lastGood: 350, firstBad: 400 } */
export const narrowed = ({ lastGood, firstBad }: Interval, rate: number, held: boolean): Interval =>
  held ? { lastGood: rate, firstBad } : { lastGood, firstBad: rate }

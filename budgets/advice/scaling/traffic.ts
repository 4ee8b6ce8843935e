/** The traffic that a fleet should be ready for, second by second: a calm before, a rise, the height, and the way back. */

export type Traffic = {
  /** Arrivals per second before and after. */
  readonly base: number
  /** Arrivals per second at the height. */
  readonly peak: number
  /** Seconds from base to peak; 0: at once. */
  readonly rise: number
  /** Seconds at the height. */
  readonly hold: number
  /** Seconds in which what is above the base halves after the height, as after a post that went viral; absent: down at once. */
  readonly halfLife?: number
}

export const usualCalm = 900 // seconds before, so that a policy has seen what is normal; and after, so that it goes back
const halvings = 7 // until 1 % of the height is left

const fall = ({ base, peak, halfLife }: Traffic): number[] =>
  halfLife === undefined ? [] : Array.from({ length: Math.round(halvings * halfLife) }, (_, at) => base + (peak - base) * 0.5 ** (at / halfLife))

/** Arrivals of each second. The rise begins after the calm, at second 900. @example trafficOf({ base: 20, peak: 200, rise: 60, hold: 600 }).length // 2460 */
export const trafficOf = (traffic: Traffic, calm = usualCalm): number[] => {
  const { base, peak, rise, hold } = traffic
  return [
    ...Array<number>(calm).fill(base),
    ...Array.from({ length: Math.round(rise) }, (_, at) => base + ((peak - base) * (at + 1)) / Math.round(rise)),
    ...Array<number>(Math.round(hold)).fill(peak),
    ...fall(traffic),
    ...Array<number>(calm).fill(base),
  ]
}

const longest = 10_800 // seconds that are played: a policy's answer to a rise is over long before, and a day of them would take too long
const before = 5400 // of these before the height
const smoothed = 60 // seconds over which a height is looked for

/**
 * The part of a long series in which its height lies, for the simulator; all of it when it is short.
 * @param offered arrivals of each second: a run's own, or a forecast's
 */
export const aroundTheHeight = (offered: readonly number[]): readonly number[] => {
  if (offered.length <= longest) return offered
  let [sum, most, height] = [0, 0, 0]
  for (const [at, value] of offered.entries()) {
    sum += value - (offered[at - smoothed] ?? 0)
    if (sum > most) [most, height] = [sum, at]
  }
  const from = Math.min(Math.max(0, height - before), offered.length - longest)
  return offered.slice(from, from + longest)
}

/** What a series looks like as a traffic: its median before the height, and the height. */
export const shapeOfSeries = (offered: readonly number[]): Pick<Traffic, 'base' | 'peak'> => {
  const peak = offered.reduce((most, value) => Math.max(most, value), 0)
  const earlier = offered.slice(0, Math.max(1, offered.indexOf(peak))).toSorted((a, b) => a - b)
  return { base: earlier[Math.floor(earlier.length / 2)] ?? peak, peak }
}

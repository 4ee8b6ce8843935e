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
}

const calm = 900 // seconds before, so that a policy has seen what is normal; and after, so that it goes back

/** Arrivals of each second. The rise begins at second 900. @example trafficOf({ base: 20, peak: 200, rise: 60, hold: 600 }).length // 2460 */
export const trafficOf = ({ base, peak, rise, hold }: Traffic): number[] => [
  ...Array<number>(calm).fill(base),
  ...Array.from({ length: rise }, (_, at) => base + ((peak - base) * (at + 1)) / rise),
  ...Array<number>(hold).fill(peak),
  ...Array<number>(calm).fill(base),
]

/** Two thresholds of one figure, between what chance reaches in the calm and what precedes slow answers. */
import { type Declined, declined } from '../../../runner/stats/few.ts'

export type Thresholds = { readonly warn: number; readonly critical: number; readonly isRaised: boolean }

const apart = 0.95 // a warning nearer than this to what it warns of gives no time

/**
 * @param wanted where the warning should be, without regard to noise @param floor highest that chance reaches
 * @param told the value in its unit @example thresholds('CPU', { wanted: 0.4, critical: 0.6, floor: 0.3 }, String) // { warn: 0.4, critical: 0.6, isRaised: false }
 */
export const thresholds = (
  subject: string,
  { wanted, critical, floor }: { readonly wanted: number; readonly critical: number; readonly floor: number },
  told: (value: number) => string,
): Thresholds | Declined => {
  const warn = Math.max(wanted, floor)
  return warn <= apart * critical
    ? { warn, critical, isRaised: floor > wanted }
    : declined(
        `No alert on ${subject}, because chance alone may reach ${told(floor)} at an ordinary load, and answers become slow at ${told(critical)}: there is no room between.`,
      )
}

/** Digits that a person would write. @example rounded(0.58234) // 0.582 */
export const rounded = (value: number): number => Number(value.toPrecision(3))

export const raisedWords = ({ isRaised }: Thresholds): string => (isRaised ? ' The warning is raised above what chance reached at an ordinary load.' : '')

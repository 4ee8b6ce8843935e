/** Rules on the target: was it one system, and did it take the load at all? */
import { type Facts, type Finding, percent, type Rules } from './facts.ts'

/** Shares of requests turned away with 429 or 403 from which the figures are rather the limiter's than the target's. */
const limitedShares = { suspect: 0.02, invalid: 0.3 } as const

const turnedAway = ({ endpoints }: Facts): number => endpoints.reduce((sum, { errors }) => sum + (errors['HTTP 429'] ?? 0) + (errors['HTTP 403'] ?? 0), 0)

const rateLimited = (facts: Facts): Finding | undefined => {
  const share = facts.load.completed === 0 ? 0 : turnedAway(facts) / facts.load.completed
  if (share <= limitedShares.suspect) return undefined
  return {
    state: share > limitedShares.invalid ? 'INVALID' : 'SUSPECT',
    code: 'rate-limited',
    text: `${percent(share)} of requests were turned away with 429 or 403: something limits or blocks this load, and being limited is not being slow. Exempt this machine from the limit, or lower the rate.`,
  }
}

/** The probe that asked has said what differs. */
const changed = ({ caveats }: Facts): Finding | undefined => {
  const caveat = caveats.find(({ code }) => code === 'target-changed')
  return caveat && { state: 'INVALID', ...caveat }
}

export const target: Rules = (facts) => [rateLimited(facts), changed(facts)]

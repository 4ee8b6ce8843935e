/** What the recommended instances cost: those that always run, those of the height, each journey, and what other ways and places would cost. */
import { type Declined, declined } from '../../../runner/stats/few.ts'
import type { Expectation } from '../launch/expectation.ts'
import { type Architecture, architectures, type Prices } from '../prices/prices.ts'
import type { MonthlyCost } from '../recommendation.ts'
import { costOf, hourlyPrice, hoursOfMonth } from '../sizing/cost.ts'
import { type InstanceCandidate, instanceCandidates } from '../sizing/instances.ts'
import type { RightSize } from '../sizing/right-size.ts'
import { type WayToPay, waysToPay } from './ways-to-pay.ts'

export type Cost = {
  /** Of the instances that always run, at the ordinary rate. */
  readonly calm: MonthlyCost & { readonly instances: number }
  /** Of those that the height needs, were they always there. */
  readonly height: MonthlyCost
  /** Of a user's journey at the height. */
  readonly perJourney: number
  readonly ways: readonly WayToPay[]
  /** EC2 instances that would hold the same tasks. */
  readonly instances: readonly InstanceCandidate[]
  /** The same on an architecture that was not measured: a price, and no size. */
  readonly elsewhere: { readonly architecture: Architecture; readonly monthly: number } | undefined
}

export type Bill = {
  readonly expectation: Expectation
  /** Ordinary arrivals per second. */
  readonly ordinary: number
  readonly requestsPerJourney: number
  /** Instances that always run. */
  readonly calm: number
  readonly prices: Prices
  readonly architecture: Architecture
  readonly platform: 'fargate' | 'kubernetes'
}

export const fleetCost = (
  size: RightSize | Declined,
  { expectation, ordinary, requestsPerJourney: requests, calm, prices, architecture, platform }: Bill,
): Cost | Declined => {
  if (size.declined) return declined('Cost unknown, because the size is.')
  const { best } = size
  const each = best.hourly / best.instances
  const rate = expectation.peak * requests
  const height = costOf(each, best.instances, rate, prices.currency)
  const other = architectures.find((name) => name !== architecture)
  const elsewhere = other && hourlyPrice(prices, best.size, other)
  const isTask = platform === 'fargate'
  const fleet = { size: best.size, architecture, calm: Math.min(calm, best.instances), height: best.instances, hours: expectation.over / 3600 }
  return {
    calm: { ...costOf(each, calm, ordinary * requests, prices.currency), instances: calm },
    height,
    perJourney: (height.perMillion / 1e6) * requests,
    ways: isTask ? waysToPay(fleet, prices) : [],
    instances: isTask ? instanceCandidates(best.size, best.instances, prices, architecture) : [],
    elsewhere:
      isTask && other !== undefined && elsewhere !== undefined ? { architecture: other, monthly: elsewhere * best.instances * hoursOfMonth } : undefined,
  }
}

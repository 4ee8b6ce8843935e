/** What running instances costs: a month, a million requests, and which way of paying is cheapest at which use. */
import type { Architecture, Prices } from '../prices/prices.ts'
import type { MonthlyCost } from '../recommendation.ts'
import type { Size } from './fargate-size.ts'

/** Hours of a month, as clouds bill it on average. */
export const hoursOfMonth = 730

/** Price of one Fargate task of that size for an hour; undefined where the file has none for the architecture. */
export const hourlyPrice = (
  prices: Prices,
  { vcpu, gigabytes }: Size,
  architecture: Architecture,
  market: 'onDemand' | 'spot' = 'onDemand',
): number | undefined => {
  const table = market === 'spot' ? prices.fargateSpot : prices.fargate
  const price = table?.[architecture]
  return price === undefined ? undefined : vcpu * price.vcpuHour + gigabytes * price.gigabyteHour
}

/** @param instances on average @example monthlyCost(0.058265, 1, 720) // 41.95 */
export const monthlyCost = (hourly: number, instances: number, hours = hoursOfMonth): number => hourly * instances * hours

/** @param rate requests per second that the instances serve @example perMillion(0.04937, 1, 100) // 0.1371 */
export const perMillion = (hourly: number, instances: number, rate: number): number => (hourly * instances * 1e6) / (rate * 3600)

/** @param hourly price of one instance @param rate requests per second that all of them serve */
export const costOf = (hourly: number, instances: number, rate: number, currency: string): MonthlyCost => ({
  monthly: monthlyCost(hourly, instances),
  perMillion: perMillion(hourly, instances, rate),
  currency,
})

/**
 * The share of the time that an instance must run so that a commitment, paid day and night, is cheaper than paying by the hour.
 * @param saved by the commitment, 0–1 @example breakEven(0.5) // 0.5
 */
export const breakEven = (saved: number): number => 1 - saved

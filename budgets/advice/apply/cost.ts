/** What a change costs or saves: the fewest tasks and the most, day and night, before and after. */
import type { TaskSize } from '../../../runner/deployments/ecs/settings.ts'
import type { Architecture, Prices } from '../prices/prices.ts'
import { hourlyPrice, monthlyCost } from '../sizing/cost.ts'

export type Fleet = { readonly size: TaskSize; readonly fewest: number; readonly most: number }
/** Per month. */
export type Span = { readonly fewest: number; readonly most: number }

export type CostChange = { readonly before: Span; readonly after: Span; readonly currency: string; readonly prices: Pick<Prices, 'region' | 'dated'> }

const monthly = ({ size, fewest, most }: Fleet, prices: Prices, architecture: Architecture): Span | undefined => {
  const hourly = hourlyPrice(prices, { vcpu: size.cpu / 1024, gigabytes: size.memory / 1024 }, architecture)
  return hourly === undefined ? undefined : { fewest: monthlyCost(hourly, fewest), most: monthlyCost(hourly, most) }
}

/** Undefined where the prices have none for the architecture. */
export const costChange = (before: Fleet, after: Fleet, prices: Prices, architecture: Architecture): CostChange | undefined => {
  const [from, to] = [monthly(before, prices, architecture), monthly(after, prices, architecture)]
  return from === undefined || to === undefined
    ? undefined
    : { before: from, after: to, currency: prices.currency, prices: { region: prices.region, dated: prices.dated } }
}

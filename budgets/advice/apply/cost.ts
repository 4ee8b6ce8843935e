/** What a change costs or saves: the fewest tasks, day and night, before and after. */
import type { TaskSize } from '../../../runner/deployments/ecs/settings.ts'
import type { Architecture, Prices } from '../prices/prices.ts'
import { hourlyPrice, monthlyCost } from '../sizing/cost.ts'

export type Fleet = { readonly size: TaskSize; readonly instances: number }

export type CostChange = { readonly before: number; readonly after: number; readonly currency: string; readonly prices: Pick<Prices, 'region' | 'dated'> }

const monthly = ({ size, instances }: Fleet, prices: Prices, architecture: Architecture): number | undefined => {
  const hourly = hourlyPrice(prices, { vcpu: size.cpu / 1024, gigabytes: size.memory / 1024 }, architecture)
  return hourly === undefined ? undefined : monthlyCost(hourly, instances)
}

/** Per month; undefined where the prices have none for the architecture. */
export const costChange = (before: Fleet, after: Fleet, prices: Prices, architecture: Architecture): CostChange | undefined => {
  const [from, to] = [monthly(before, prices, architecture), monthly(after, prices, architecture)]
  return from === undefined || to === undefined
    ? undefined
    : { before: from, after: to, currency: prices.currency, prices: { region: prices.region, dated: prices.dated } }
}

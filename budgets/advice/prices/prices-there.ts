/** Prices of where a service is deployed, as its platform told them, in place of a table that is of elsewhere or too old. */
import type { Deployment } from '../../../runner/deployments/deployment.ts'
import { type Prices, warningsOf } from './prices.ts'

/**
 * A table without a warning is kept: whoever named it means it. What was not told stays away (Spot, EC2): it differs by region too.
 * Discounts of a commitment are shares, and stay.
 */
export const pricesThere = (table: Prices, deployment: Deployment, today: Date): Prices => {
  const { name, price, architecture = 'x86', readAt } = deployment
  if (name.kind !== 'ecs' || price === undefined || warningsOf(table, today, name.region).length === 0) return table
  const { currency, ...fargate } = price
  return {
    dated: readAt.slice(0, 10),
    region: name.region,
    currency,
    source: "AWS's price list, on demand",
    fargate: { [architecture]: fargate },
    ...(table.savings && { savings: table.savings }),
    instances: {},
  }
}

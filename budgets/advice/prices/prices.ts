/** What a size costs an hour. Prices stand in a dated file with their source, so that another may be given in its place. */
import { z } from 'zod'

export const architectures = ['x86', 'arm'] as const
export type Architecture = (typeof architectures)[number]

const price = z.number().positive()
const share = z.number().min(0).max(1)
const sizePrice = z.strictObject({ vcpuHour: price, gigabyteHour: price })

export const pricesSchema = z.strictObject({
  dated: z.iso.date().describe('when they were last looked up'),
  region: z.string(),
  currency: z.string(),
  source: z.string(),
  fargate: z.partialRecord(z.enum(architectures), sizePrice),
  fargateSpot: z.partialRecord(z.enum(architectures), sizePrice).optional().describe('moves; capacity may be taken away with two minutes of notice'),
  savings: z.strictObject({ threeYears: share, oneYear: share }).optional().describe('share by which a commitment is cheaper, 0–1'),
  instances: z.record(z.string(), z.strictObject({ architecture: z.enum(architectures), vcpu: price, gigabytes: price, hour: price })),
})
export type Prices = z.infer<typeof pricesSchema>

export const pricesJsonSchema = (): unknown => z.toJSONSchema(pricesSchema)

const staleAfter = 180 // days

/** Days since the prices were looked up, and a sentence when that is too long ago. */
export const staleness = ({ dated, region }: Prices, today: Date): { readonly days: number; readonly warning: string | undefined } => {
  const days = Math.floor((today.getTime() - new Date(dated).getTime()) / 86_400_000)
  return {
    days,
    warning:
      days > staleAfter
        ? `The prices of ${region} are ${days} days old (${dated}), and more than ${staleAfter} are too many to decide by. Give newer ones with --prices or in the configuration's prices, or update the package.`
        : undefined,
  }
}

/** What to know of the prices before deciding by them. @param region in which it is deployed, where that is known */
export const warningsOf = (prices: Prices, today: Date, region: string | undefined): string[] => {
  const { warning } = staleness(prices, today)
  const isElsewhere = region !== undefined && region !== prices.region
  return [
    ...(warning === undefined ? [] : [warning]),
    ...(isElsewhere ? [`The prices are of ${prices.region}, and it is deployed in ${region}, where they differ. Give those of ${region} with --prices.`] : []),
  ]
}

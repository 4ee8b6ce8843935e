/** What a size costs an hour. Prices stand in a dated file with their source, so that another may be given in its place. */
import { z } from 'zod'

export const architectures = ['x86', 'arm'] as const
export type Architecture = (typeof architectures)[number]

const price = z.number().positive()
const sizePrice = z.strictObject({ vcpuHour: price, gigabyteHour: price })

export const pricesSchema = z.strictObject({
  dated: z.iso.date().describe('when they were last looked up'),
  region: z.string(),
  currency: z.string(),
  source: z.string(),
  fargate: z.partialRecord(z.enum(architectures), sizePrice),
  fargateSpot: z.partialRecord(z.enum(architectures), sizePrice).optional().describe('moves; capacity may be taken away with two minutes of notice'),
  savings: z.strictObject({ threeYears: z.number(), oneYear: z.number() }).optional().describe('share by which a commitment is cheaper, 0–1'),
  instances: z.record(z.string(), z.strictObject({ architecture: z.enum(architectures), vcpu: price, gigabytes: price, hour: price })),
})
export type Prices = z.infer<typeof pricesSchema>

const staleAfter = 180 // days

/** Days since the prices were looked up, and a sentence when that is too long ago. */
export const staleness = ({ dated, region }: Prices, today: Date): { readonly days: number; readonly warning: string | undefined } => {
  const days = Math.floor((today.getTime() - new Date(dated).getTime()) / 86_400_000)
  return {
    days,
    warning:
      days > staleAfter
        ? `The prices of ${region} are ${days} days old (${dated}), and more than ${staleAfter} are too many to decide by. Give newer ones in the configuration's prices, or update the package.`
        : undefined,
  }
}

/** The sizes that a Fargate task may have. */
import { z } from 'zod'
import { figure } from '../../figure.ts'

const sizeSchema = z.union([
  z.strictObject({ vcpu: z.number(), gigabytes: z.array(z.number()) }),
  z.strictObject({ vcpu: z.number(), from: z.number(), to: z.number(), step: z.number() }),
])
export const fargateSizesSchema = z.strictObject({ dated: z.iso.date(), source: z.string(), sizes: z.array(sizeSchema) })

export type Size = { readonly vcpu: number; readonly gigabytes: number }

/** In a sentence. @example sizeWords({ vcpu: 0.5, gigabytes: 1 }) // '0.5 vCPU and 1 GB' */
export const sizeWords = ({ vcpu, gigabytes }: Size): string => `${figure(vcpu, '')} vCPU and ${figure(gigabytes, '')} GB`

/** In a list or a table. @example sizeLabel({ vcpu: 0.5, gigabytes: 1 }) // '0.5 vCPU, 1 GB' */
export const sizeLabel = ({ vcpu, gigabytes }: Size): string => `${figure(vcpu, '')} vCPU, ${figure(gigabytes, '')} GB`

/** Every valid pair, smallest first. @param table of fargate-sizes.json */
export const sizesOf = ({ sizes }: z.infer<typeof fargateSizesSchema>): Size[] =>
  sizes.flatMap((row) =>
    'gigabytes' in row
      ? row.gigabytes.map((gigabytes) => ({ vcpu: row.vcpu, gigabytes }))
      : Array.from({ length: Math.round((row.to - row.from) / row.step) + 1 }, (_, at) => ({ vcpu: row.vcpu, gigabytes: row.from + at * row.step })),
  )

/**
 * The cheapest size that holds both needs; undefined when none does.
 * @param hourly price of a size @example cheapestHolding(sizes, { vcpu: 0.3, gigabytes: 0.6 }, hourly) // { vcpu: 0.5, gigabytes: 1 }
 */
export const cheapestHolding = (sizes: readonly Size[], need: Size, hourly: (size: Size) => number): Size | undefined =>
  sizes.filter(({ vcpu, gigabytes }) => vcpu >= need.vcpu - 1e-9 && gigabytes >= need.gigabytes - 1e-9).toSorted((a, b) => hourly(a) - hourly(b))[0]

/** The prices that costs are told by: a file of one's own, named by flag or configuration, or the dated one that is shipped. */
import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { type Prices, pricesSchema } from '../../budgets/advice/prices/prices.ts'
import { readConfig } from '../config.ts'
import { UsageError } from '../errors/usage-error.ts'
import { sentenceOf } from '../fields.ts'
import type { Io } from '../io.ts'

export type PricesFlags = { readonly prices?: string; readonly config?: string }

const shipped = new URL('../../budgets/advice/prices/us-east-1.json', import.meta.url)

const parsedFrom = (text: string, shown: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UsageError(`${shown} can't be read: ${(cause as Error).message}. Prices are one JSON document (perf schema prices). Correct it.`, { cause })
  }
}

/** @throws {UsageError} when the file is missing, no JSON or of another form */
export const readPrices = async (flags: PricesFlags, io: Io): Promise<Prices> => {
  const { config } = await readConfig(io.cwd, flags.config)
  const named = flags.prices ?? config.prices
  if (named === undefined) return pricesSchema.parse(JSON.parse(await readFile(shipped, 'utf8')))
  const file = resolve(io.cwd, named)
  const shown = relative(io.cwd, file)
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`Prices ${shown} can't be read (${cause.code}). They are a file of the form of perf schema prices. Check the path, or leave it out.`, {
      cause,
    })
  })
  const parsed = pricesSchema.safeParse(parsedFrom(text, shown))
  if (!parsed.success) throw new UsageError(`${shown} ${sentenceOf(parsed.error)}. Prices have the form that perf schema prices prints. Correct it.`)
  return parsed.data
}

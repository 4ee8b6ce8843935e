/** `perf schema`: the published forms of the files that other programs read and write. */
import { pricesJsonSchema } from '../../budgets/advice/prices/prices.ts'
import { budgetFileJsonSchema } from '../../budgets/read.ts'
import { auditJsonSchema } from '../../reports/audit/document.ts'
import { summaryJsonSchema } from '../../reports/json.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import { runJsonSchema } from '../run.ts'

const schemas: Readonly<Record<string, () => unknown>> = {
  run: runJsonSchema,
  summary: summaryJsonSchema,
  budgets: budgetFileJsonSchema,
  audit: auditJsonSchema,
  prices: pricesJsonSchema,
}

export const schema = async (name: string, io: Io): Promise<ExitCode> => {
  const make = Object.hasOwn(schemas, name) ? schemas[name] : undefined
  if (make === undefined) throw new UsageError(`There is no schema of "${name}". Published are ${Object.keys(schemas).join(', ')}. Write perf schema run.`)
  io.stdout.write(`${JSON.stringify(make(), null, 2)}\n`)
  return 0
}

/** The advice that `perf apply` is to apply: a file of perf advise --json, or what perf advise kept beside a run. */
import { readFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { ZodError } from 'zod'
import { applicable } from '../../budgets/advice/apply/applicable.ts'
import type { Recommendation } from '../../budgets/advice/recommendation.ts'
import { UsageError } from '../errors/usage-error.ts'
import { sentenceOf } from '../fields.ts'
import type { Io } from '../io.ts'
import type { Store } from '../stores/store.ts'

const parsed = (text: string, shown: string): Recommendation => {
  try {
    return applicable(JSON.parse(text))
  } catch (cause) {
    const why = cause instanceof ZodError ? sentenceOf(cause) : (cause as Error).message
    throw new UsageError(`${shown} can't be applied: ${why}. Advice is applied as perf advise wrote it. Run perf advise again.`, { cause })
  }
}

/** @throws {UsageError} when there is none, or it is not as perf advise writes it */
export const adviceFor = async (names: readonly string[], store: Store, io: Io): Promise<Recommendation> => {
  const [first = ''] = names
  const isFile = first.endsWith('.json')
  if (isFile && names.length > 1)
    throw new UsageError(`${names.length} names were given, and ${first} is advice. One piece of advice is applied at a time. Name that one alone.`)
  const files = isFile ? [resolve(io.cwd, first)] : await Promise.all(names.map(async (name) => join(await store.find(name), 'advice.json')))
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text !== undefined) return parsed(text, relative(io.cwd, file))
  }
  throw new UsageError(
    isFile
      ? `${first} can't be read. It is advice, as perf advise --json writes it. Check the path.`
      : `There is no advice beside ${names.join(', ')}. What is applied was looked at first. Run perf advise ${names.join(' ')} with --rate, --expect and --ecs.`,
  )
}

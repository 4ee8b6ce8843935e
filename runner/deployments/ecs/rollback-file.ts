/** What a service had before `perf apply` wrote anything, on disk: what putting it back needs, and nothing secret. */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../../errors/usage-error.ts'
import { writeWhole } from '../../stores/files/file-store.ts'
import { settingsSchema } from './settings.ts'

export const rollbackFormat = 1

export const rollbackSchema = z.strictObject({
  format: z.literal(rollbackFormat),
  savedAt: z.iso.datetime(),
  account: z.string(),
  region: z.string(),
  cluster: z.string(),
  service: z.string(),
  runs: z.array(z.string()).describe('what the recommendation rested on'),
  before: settingsSchema,
  desired: z.int().describe('tasks that were wanted; it follows the bounds, and is not put back'),
})
export type Rollback = z.infer<typeof rollbackSchema>

/** @param out the folder of results @returns the file's path @throws {UsageError} when it can't be written: nothing is changed without it */
export const saveRollback = async (out: string, rollback: Rollback): Promise<string> => {
  const file = join(out, `rollback-${rollback.service}-${rollback.savedAt.replace(/[:.]/g, '-')}.json`)
  try {
    await mkdir(out, { recursive: true })
    await writeWhole(file, `${JSON.stringify(rollback, null, 2)}\n`)
  } catch (cause) {
    throw new UsageError(
      `${file} can't be written (${(cause as NodeJS.ErrnoException).code}). What a service had is kept before anything is changed. Make room or give permission, or choose another folder with --out.`,
      { cause },
    )
  }
  return file
}

/** @throws {UsageError} when it is no such file */
export const readRollback = async (file: string): Promise<Rollback> => {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${file} can't be read (${cause.code}). It is the file that perf apply wrote before its change. Name that one.`, { cause })
  })
  const refuse = (why: string): never => {
    throw new UsageError(`${file} is no rollback file: ${why}. perf apply writes one before each change. Name that one, unchanged.`)
  }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    return refuse((cause as Error).message)
  }
  const { format } = (content ?? {}) as { format?: unknown }
  if (typeof format === 'number' && format > rollbackFormat)
    throw new UsageError(`${file} has format ${format}. This version of perf reads formats up to ${rollbackFormat}. Update scale-surgeon to put it back.`)
  const parsed = rollbackSchema.safeParse(content)
  if (!parsed.success) return refuse(`${parsed.error.issues[0]?.message} at "${parsed.error.issues[0]?.path.join('.')}"`)
  return parsed.data
}

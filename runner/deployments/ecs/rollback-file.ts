/** What a service had before `perf apply` wrote anything, on disk: what putting it back needs, and nothing secret. */
import { randomUUID } from 'node:crypto'
import { link, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { UsageError } from '../../errors/usage-error.ts'
import { writeWhole } from '../../stores/files/file-store.ts'
import type { Place } from './place.ts'
import { settingsSchema, taskSizeSchema } from './settings.ts'

/** 1 did not say what was written, so putting it back overwrote what others had changed since. */
export const rollbackFormat = 2

export const rollbackSchema = z
  .strictObject({
    format: z.union([z.literal(1), z.literal(rollbackFormat)]),
    savedAt: z.iso.datetime(),
    settledAt: z.iso.datetime().optional().describe('when the change was done, or undone; absent: it stopped half-way'),
    account: z.string().regex(/^\d{12}$/),
    region: z.string().min(1),
    cluster: z.string().min(1),
    service: z.string().min(1),
    undoes: z.string().optional().describe('the file that was being put back; absent: advice was being applied'),
    runs: z.array(z.string()).describe('what the recommendation rested on'),
    before: settingsSchema,
    after: settingsSchema.optional().describe('what was to be written, but for a revision that did not exist yet'),
    size: taskSizeSchema.optional().describe('of the revision that was to be registered'),
    registered: z.string().min(1).optional().describe('ARN of that revision'),
    desired: z.int().min(0).describe('tasks that were wanted'),
  })
  .refine(
    ({ region, account, before: { definition } }) => definition === '' || definition.includes(`:${region}:${account}:`),
    'the task definition is of another account or region',
  )
export type Rollback = z.infer<typeof rollbackSchema>

type Where = Pick<Place, 'account' | 'region' | 'cluster' | 'service'>

const textOf = (rollback: Rollback): string => `${JSON.stringify(rollback, null, 2)}\n`

const begins = 'rollback-'

const failed = (file: string, cause: unknown): UsageError =>
  new UsageError(
    `${file} can't be written (${(cause as NodeJS.ErrnoException).code}). What a service had is kept before anything is changed. Make room or give permission, or choose another folder with --out.`,
    { cause },
  )

/** Whole or not at all, and never in the place of another one: that may be the only one that knows what was there. */
const create = async (file: string, text: string): Promise<boolean> => {
  const part = `${file}.${randomUUID()}.part`
  await writeFile(part, text)
  try {
    await link(part, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(part, { force: true })
  }
}

/** @param out the folder of results @returns the file's path @throws {UsageError} when it can't be written: nothing is changed without it */
export const saveRollback = async (out: string, rollback: Rollback): Promise<string> => {
  const name = join(out, `${begins}${rollback.service}-${rollback.savedAt.replace(/[:.]/g, '-')}`)
  try {
    await mkdir(out, { recursive: true })
    for (let at = 1; ; at++) {
      const file = at === 1 ? `${name}.json` : `${name}-${at}.json`
      if (await create(file, textOf(rollback))) return file
    }
  } catch (cause) {
    throw failed(`${name}.json`, cause)
  }
}

/** @throws {UsageError} when it can't be written */
export const updateRollback = async (file: string, rollback: Rollback): Promise<void> => {
  await writeWhole(file, textOf(rollback)).catch((cause: unknown) => {
    throw failed(file, cause)
  })
}

const parsed = (text: string, file: string): Rollback => {
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
  const result = rollbackSchema.safeParse(content)
  if (!result.success) return refuse(`${result.error.issues[0]?.message} at "${result.error.issues[0]?.path.join('.')}"`)
  return result.data
}

/** Newest first, by their names; those of no service in particular. */
const namesIn = async (out: string): Promise<string[]> => {
  const names = await readdir(out).catch((): string[] => [])
  return names.filter((name) => name.startsWith(begins) && name.endsWith('.json')).sort((a, b) => b.localeCompare(a))
}

const mostNamed = 5

/** @param out where others lie @param shown how the file is named in a sentence @throws {UsageError} when it is no such file */
export const readRollback = async (file: string, out: string, shown = file): Promise<Rollback> => {
  const text = await readFile(file, 'utf8').catch(async (cause: NodeJS.ErrnoException) => {
    const names = (await namesIn(out)).slice(0, mostNamed)
    const others = names.length === 0 ? 'Name that one' : `In ${basename(out)} there ${names.length === 1 ? 'is' : 'are'} ${names.join(', ')}`
    throw new UsageError(`${shown} can't be read (${cause.code}). It is the file that perf apply wrote before its change. ${others}.`, { cause })
  })
  return parsed(text, shown)
}

/** Those of one service, newest first; what can't be read is not among them. */
export const rollbacksOf = async (
  { account, region, cluster, service }: Where,
  out: string,
): Promise<{ readonly file: string; readonly rollback: Rollback }[]> => {
  const files = (await namesIn(out)).map((name) => join(out, name))
  const read = await Promise.all(
    files.map((file) =>
      readRollback(file, out).then(
        (rollback) => ({ file, rollback }),
        () => undefined,
      ),
    ),
  )
  return read
    .filter((each) => each !== undefined)
    .filter(({ rollback: of }) => of.account === account && of.region === region && of.cluster === cluster && of.service === service)
    .sort((a, b) => b.rollback.savedAt.localeCompare(a.rollback.savedAt))
}

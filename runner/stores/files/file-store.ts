/** Runs as folders of files: `<out>/<run-id>/run.json` and `timeline.ndjson.gz`, and `<out>/latest` pointing to the newest. */
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { StoreError } from '../../errors/store-error.ts'
import { UsageError } from '../../errors/usage-error.ts'
import { type Run, runFormat, runSchema } from '../../run.ts'
import { Timeline } from '../../timeline.ts'
import type { SavedRun, Store } from '../store.ts'
import { dropJournal, readHeader, readIncomplete } from './journal.ts'
import { pointLatest } from './latest.ts'
import { readTimeline, writeWholeTimeline } from './timeline-file.ts'

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

/** Written beside and renamed, so that a crash leaves the old file or the new one, never half of one. */
export const writeWhole = async (file: string, content: string | Uint8Array): Promise<void> => {
  const part = `${file}.part`
  await writeFile(part, content)
  await rename(part, file)
}

const writeRecord = async ({ timeline: _, ...record }: Run, folder: string): Promise<void> => {
  // Last, because a folder with a run.json is a whole run.
  await writeWhole(join(folder, 'run.json'), `${JSON.stringify(record)}\n`)
}

const writeRun = async (run: Run, folder: string): Promise<void> => {
  await writeWholeTimeline(run.timeline, folder)
  await writeRecord(run, folder)
}

const folderOf = async (out: string, name: string, cwd: string): Promise<string | undefined> => {
  const path = isAbsolute(name) ? name : resolve(cwd, name)
  for (const candidate of [path, join(out, name)]) {
    const found = await stat(candidate).catch(() => undefined)
    if (found?.isDirectory()) return candidate
    if (found?.isFile() && basename(candidate) === 'latest') return join(dirname(candidate), (await readFile(candidate, 'utf8')).trim())
    if (found?.isFile()) return dirname(candidate)
  }
  return undefined
}

const shortest = 4 // letters that name a run: as many as an id ends with

/** @throws {UsageError} for a name that is none, or the beginning of several */
const findFolder = async (out: string, name: string, cwd: string): Promise<string> => {
  const folder = await folderOf(out, name, cwd)
  if (folder !== undefined) return folder
  const saved = (await readdir(out).catch(() => [])).filter((id) => id !== 'latest')
  const shown = relative(cwd, out) || '.'
  if (saved.length === 0)
    throw new UsageError(`Run "${name}" does not exist: there are no runs in ${shown}. Make one with perf run, or name another folder with --out.`)
  const [only, ...others] = name.length < shortest ? [] : saved.filter((id) => id.startsWith(name) || id.endsWith(`-${name}`)).toSorted()
  if (only === undefined)
    throw new UsageError(
      `Run "${name}" does not exist. A run is named by its id, the beginning or the last letters of it, its folder or latest. perf list shows those in ${shown}.`,
    )
  if (others.length > 0)
    throw new UsageError(
      `"${name}" names ${others.length + 1} runs, the first ${only}, the last ${others.at(-1)}. One is needed. Write more of its id; perf list shows them.`,
    )
  return join(out, only)
}

const readRecord = async (folder: string, shown: string): Promise<Omit<Run, 'timeline'>> => {
  const text = await readFile(join(folder, 'run.json'), 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`${shown} holds no run.json (${cause.code}). A run's folder has one once the run was saved. Name another run; perf list shows them.`, {
      cause,
    })
  })
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (cause) {
    throw new UsageError(
      `${join(shown, 'run.json')} is corrupt: ${(cause as Error).message}. It is written by perf as one JSON document. Restore it, or name another run.`,
      { cause },
    )
  }
  const format = (content as { format?: unknown } | null)?.format
  if (typeof format === 'number' && format > runFormat)
    throw new UsageError(
      `${join(shown, 'run.json')} has format ${format}. This version of perf reads formats up to ${runFormat}. Update scale-surgeon to read it.`,
    )
  const parsed = runSchema.safeParse(content)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new UsageError(
      `${join(shown, 'run.json')} is not a run: ${issue?.message ?? 'unreadable'} at "${issue?.path.join('.') ?? ''}". It is written by perf and follows its schema. Restore it, or name another run.`,
    )
  }
  return parsed.data
}

const readSeconds = async (folder: string, shown: string, { load }: Pick<Run, 'load'>): Promise<Timeline> => {
  const timeline = new Timeline(() => {}, 0)
  let [requests, started] = [0, 0]
  try {
    await readTimeline(folder, false, (part) => {
      timeline.settle(part.second)
      timeline.add(part)
      started += part.started ?? 0
      for (const { count } of part.cells ?? []) requests += count
    })
  } catch (cause) {
    throw new UsageError(
      `${join(shown, 'timeline.ndjson.gz')} is missing or corrupt: ${(cause as Error).message}. It holds the run's seconds. Restore it, or name another run.`,
      { cause },
    )
  }
  if (timeline.length > 0 && (requests !== load.completed || started !== load.started))
    throw new UsageError(
      `${shown} contradicts itself: run.json counts ${load.completed} requests and ${load.started} arrivals, its timeline ${requests} and ${started}. Both come from one run. Restore the folder, or name another run.`,
    )
  return timeline
}

/** @param out the folder that holds all runs @param cwd what relative names of runs are relative to */
export const fileStore = (out: string, cwd: string): Store => ({
  open: async (id) => {
    const folder = join(out, id)
    try {
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, '.writable'), 'x'.repeat(64 * 1024)) // enough to notice a disk that is full already
      await rm(join(folder, '.writable'))
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException
      await rm(folder, { recursive: true, force: true }).catch(() => {})
      throw new UsageError(
        `Output folder ${out} can't be written (${code}). The run and its report are kept there. Make room or give permission, or choose another with --out.`,
        { cause },
      )
    }
    return folder
  },
  abandon: async (folder) => {
    const names = await readdir(folder).catch(() => [])
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0))
    if (sizes.every((size) => size === 0)) await rm(folder, { recursive: true, force: true }).catch(() => {})
  },
  save: async (run, folder, isTimelineKept = false) => {
    try {
      await (isTimelineKept ? writeRecord : writeRun)(run, folder)
      await dropJournal(folder)
      // Of a staircase and the runs that narrow its answer, the staircase is what people mean; each was the latest while it went on.
      const staircase = run.breakpoint?.refines === undefined ? folder : join(out, run.breakpoint.refines)
      await pointLatest(out, (await exists(staircase)) ? staircase : folder)
      return { folder, moved: undefined }
    } catch (first) {
      // What was measured must not be lost to a disk that filled up or a folder that went away meanwhile.
      const refuge = await mkdtemp(join(tmpdir(), `perf-results-${run.id}-`)).catch(() => undefined)
      try {
        if (refuge === undefined) throw first
        await writeRun(run, refuge)
        return {
          folder: refuge,
          moved: `The run could not be saved in ${folder} (${(first as NodeJS.ErrnoException).code ?? (first as Error).message}). It was saved in ${refuge} instead. Make room, and move it where it belongs.`,
        }
      } catch (cause) {
        throw new StoreError(
          `The run could not be saved in ${folder} (${(first as NodeJS.ErrnoException).code ?? (first as Error).message}), nor in the temporary folder. A run is kept before it is judged. Make room and run again; the verdict below stands.`,
          { cause },
        )
      }
    }
  },
  find: (name) => findFolder(out, name, cwd),
  load: async (name) => {
    const folder = await findFolder(out, name, cwd)
    const shown = relative(cwd, folder) || folder
    const header = (await exists(join(folder, 'run.json'))) ? undefined : await readHeader(folder)
    if (header !== undefined) return readIncomplete(folder, header)
    const record = await readRecord(folder, shown)
    return { ...record, timeline: await readSeconds(folder, shown, record) }
  },
  list: async () => {
    const names = (await readdir(out).catch(() => [])).filter((name) => name !== 'latest')
    const runs = await Promise.all(
      names.map(async (id): Promise<SavedRun | undefined> => {
        const folder = join(out, id)
        const isWhole = await exists(join(folder, 'run.json'))
        const record = await (isWhole ? readRecord(folder, id) : readHeader(folder)).catch(() => undefined)
        return record && { id, folder, startedAt: record.startedAt, test: record.test, target: record.target.url }
      }),
    )
    return runs.filter((run) => run !== undefined).sort((a, b) => a.startedAt.localeCompare(b.startedAt))
  },
})

/** Keeps a run on disk while it goes on: what was known of it before the load, its timeline and what probes have read, as far as they were told. */
import { readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assemble, type RunHeader } from '../../assemble.ts'
import { type ProbeEntry, ProbeRecord } from '../../probe-record.ts'
import type { Run } from '../../run.ts'
import { type SecondPart, SecondSum } from '../../second-sum.ts'
import { Timeline } from '../../timeline.ts'
import { pointLatest } from './latest.ts'
import { type LineWriter, readLines, readTimeline, writeLines, writeTimeline } from './timeline-file.ts'

/** Both are there until the run is saved whole. */
const headerFile = 'run.partial.json'
const probesFile = 'probes.partial.ndjson.gz'

export type Journal = {
  readonly begin: (header: RunHeader) => void
  readonly add: (part: SecondPart) => void
  /** What a probe has told. */
  readonly watched: (entry: ProbeEntry) => void
  /** Resolves when the disk is not behind; a line is taken all the same when it is. */
  readonly caughtUp: () => Promise<void>
  /** True when the whole timeline is on disk; nothing is written afterwards. */
  readonly close: () => Promise<boolean>
}

/** Errors are left to the end of the run: a disk that is full now may have room then, and load must not stop for it. */
export const journalIn = (folder: string): Journal => {
  let begun: Promise<void> | undefined
  let writer: LineWriter<SecondPart> | undefined
  let probes: LineWriter<ProbeEntry> | undefined
  return {
    begin: (header) => {
      writer = writeTimeline(folder)
      probes = writeLines(join(folder, probesFile))
      begun = writeFile(join(folder, headerFile), JSON.stringify(header))
        .catch(() => {})
        .then(() => pointLatest(dirname(folder), folder))
    },
    add: (part) => writer?.add(part),
    watched: (entry) => probes?.add(entry),
    caughtUp: async () => writer?.caughtUp(),
    close: async () => {
      const [isWhole = false] = await Promise.all([writer?.close(), probes?.close(), begun])
      return isWhole
    },
  }
}

/** The journal has served once the run is saved whole. */
export const dropJournal = async (folder: string): Promise<void> => {
  for (const file of [headerFile, probesFile]) await rm(join(folder, file), { force: true })
}

/** What was known before the load of a run that was never saved; undefined when the folder has no such run. */
export const readHeader = async (folder: string): Promise<RunHeader | undefined> => {
  const text = await readFile(join(folder, headerFile), 'utf8').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as RunHeader)
}

const readRecords = async (folder: string): Promise<ProbeRecord[]> => {
  const records = new Map<string, ProbeRecord>()
  await readLines<ProbeEntry>(join(folder, probesFile), true, (entry) => {
    if ('every' in entry) records.set(entry.probe, new ProbeRecord(entry.probe, entry.kind, entry.every))
    else records.get(entry.probe)?.add(entry)
  })
  return [...records.values()]
}

/**
 * The run as far as its journal goes; what probes tell only at its end, such as the slowest queries, is lost. What was still planned, nobody can tell from here, so planned is what was started or dropped,
 * second by second; started journeys that left no trace count as interrupted.
 */
export const readIncomplete = async (folder: string, header: RunHeader): Promise<Run> => {
  const total = new SecondSum(0)
  const timeline = new Timeline((part) => total.add(part), 0)
  await readTimeline(folder, true, (part) => {
    timeline.settle(part.second)
    timeline.add({ ...part, planned: (part.started ?? 0) + (part.dropped ?? 0) })
  })
  timeline.settle(timeline.length)
  const { started, iterations } = total.total
  const interrupted = Math.max(0, started - iterations.completed - iterations.interrupted)
  if (interrupted > 0) timeline.add({ second: timeline.last, iterations: { completed: 0, failed: 0, interrupted, unavailable: 0 } })
  const because = `perf itself ended in mid-run; ${timeline.length} of ${header.plannedSeconds} s were kept`
  const records = await readRecords(folder)
  const known = {
    ...header,
    caveats: [...header.caveats, ...records.flatMap(({ caveats }) => caveats)],
    watched: records.map(({ watched }) => watched).filter(({ kind }) => kind !== null),
  }
  return assemble(
    known,
    timeline,
    { state: 'incomplete', because },
    records.flatMap(({ series }) => series),
    total.total,
  )
}

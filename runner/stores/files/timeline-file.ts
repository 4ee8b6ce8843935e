/**
 * `timeline.ndjson.gz`: what a run tells, one line for each second that has settled and one for whatever is told of it later. Written
 * while the run goes on and complete when it ends, so that nothing is left to do then, and a run that is killed loses its last seconds.
 */
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { constants, createGunzip, createGzip } from 'node:zlib'
import type { TimelineSecond } from '../../run.ts'
import type { SecondPart } from '../../second-sum.ts'

const name = 'timeline.ndjson.gz'
/** Milliseconds between moments at which all that was told is readable on disk: with the 5 s that k6's seconds take to settle, less than 10 s are at stake. */
const pause = 2000
/** Half of zlib's usual effort: a tenth larger, in half the time. */
const level = 4

const chunkSize = 256 * 1024 // bytes; each is a round trip to another thread

const lineOf = (line: unknown): string => `${JSON.stringify(line)}\n`

export type LineWriter<Line> = {
  readonly add: (line: Line) => void
  /** Resolves when the disk is not behind; a line is taken all the same when it is. */
  readonly caughtUp: () => Promise<void>
  /** True when every line is on disk. */
  readonly close: () => Promise<boolean>
}

export const writeTimeline = (folder: string): LineWriter<SecondPart> => writeLines(join(folder, name))

/** Lines of JSON, packed. */
export const writeLines = <Line>(path: string): LineWriter<Line> => {
  const gzip = createGzip({ level }).on('error', () => {})
  const file = createWriteStream(path)
  let isBroken = false
  // A disk that is full now may have room when the run is saved, so load does not stop for it.
  const written = pipeline(gzip, file).catch(() => {
    isBroken = true
  })
  const timer = setInterval(() => {
    if (!isBroken) gzip.flush(constants.Z_SYNC_FLUSH)
  }, pause)
  return {
    add: (line) => {
      if (!isBroken) gzip.write(lineOf(line))
    },
    caughtUp: async () => {
      if (!isBroken && gzip.writableNeedDrain) await Promise.race([once(gzip, 'drain'), written])
    },
    close: async () => {
      clearInterval(timer)
      gzip.end()
      await written
      // The folder may have been moved or removed meanwhile, and the bytes with it.
      return !isBroken && (await stat(path).catch(() => undefined))?.size === file.bytesWritten
    },
  }
}

/** All of it at once, for a disk that took nothing while the run went on. */
export const writeWholeTimeline = async (seconds: Iterable<TimelineSecond>, folder: string): Promise<void> => {
  const lines = function* () {
    for (const second of seconds) yield lineOf(second)
  }
  await pipeline(Readable.from(lines()), createGzip({ level }), createWriteStream(join(folder, name)))
}

/**
 * Hands each line to `take`, in order.
 * @param isCutOff the file ends where the program did: its last line may be half a line, and that is no mistake
 */
export const readLines = async <Line>(path: string, isCutOff: boolean, take: (line: Line) => void): Promise<void> => {
  const gunzip = createGunzip({ chunkSize, ...(isCutOff && { finishFlush: constants.Z_SYNC_FLUSH }) })
  const read = pipeline(createReadStream(path), gunzip)
  read.catch(() => {}) // it is waited for below, after what could be read was taken
  let rest = ''
  const decoder = new TextDecoder()
  try {
    for await (const chunk of gunzip) {
      const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) take(JSON.parse(line) as Line)
    }
    await read
  } catch (cause) {
    if (!isCutOff) throw cause
  }
  if (!isCutOff && rest !== '') take(JSON.parse(rest) as Line)
}

/** Those of the timeline; see {@link readLines}. */
export const readTimeline = (folder: string, isCutOff: boolean, take: (part: SecondPart) => void): Promise<void> =>
  readLines(join(folder, name), isCutOff, take)

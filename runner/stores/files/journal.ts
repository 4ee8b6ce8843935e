/** Keeps what a run tells while it goes on: a run that is killed loses its last seconds and not its hours. */
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { assembleIncomplete, type RunHeader } from '../../assemble.ts'
import type { Run } from '../../run.ts'
import { type SecondPart, Timeline } from '../../timeline.ts'
import { pointLatest } from './latest.ts'

const files = { header: 'run.partial.json', seconds: 'timeline.partial.ndjson' } as const
const pause = 2000 // milliseconds between writes: with the 3 s that k6 takes to tell a second, less than 10 s are at stake

export type Journal = {
  readonly begin: (header: RunHeader) => void
  readonly add: (part: SecondPart) => void
  /** Writes what is left; nothing is written afterwards. */
  readonly close: () => Promise<void>
}

/** Errors are left to the end of the run: a disk that is full now may have room then, and load must not stop for it. */
export const journalIn = (folder: string): Journal => {
  let header: RunHeader | undefined
  let lines: string[] = []
  let writing = Promise.resolve()
  const write = (): void => {
    const [first, text] = [header, lines.join('')]
    header = undefined
    lines = []
    writing = writing.then(async () => {
      if (first !== undefined) {
        await writeFile(join(folder, files.header), JSON.stringify(first)).catch(() => {})
        await pointLatest(dirname(folder), folder)
      }
      if (text !== '') await appendFile(join(folder, files.seconds), text).catch(() => {})
    })
  }
  const timer = setInterval(write, pause)
  return {
    begin: (given) => {
      header = given
      write()
    },
    add: (part) => {
      lines.push(`${JSON.stringify(part)}\n`)
    },
    close: () => {
      clearInterval(timer)
      write()
      return writing
    },
  }
}

/** The journal has served once the run is saved whole. */
export const dropJournal = (folder: string): Promise<unknown> => Promise.all(Object.values(files).map((name) => rm(join(folder, name), { force: true })))

/** The run as far as its journal goes; undefined when the folder has none. A last line that was cut in half is left out. */
export const readJournal = async (folder: string): Promise<Run | undefined> => {
  const header = await readFile(join(folder, files.header), 'utf8').catch(() => undefined)
  if (header === undefined) return undefined
  const text = await readFile(join(folder, files.seconds), 'utf8').catch(() => '')
  const timeline = new Timeline()
  for (const line of text.slice(0, text.lastIndexOf('\n') + 1).split('\n')) if (line !== '') timeline.add(JSON.parse(line) as SecondPart)
  return assembleIncomplete(JSON.parse(header) as RunHeader, timeline.seconds())
}

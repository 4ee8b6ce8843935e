/**
 * Requests of each hour, from a file of the past: an access log as nginx and Apache write it, CSV or NDJSON of a time and a number. Read line
 * by line, because logs are long.
 */
import { parse } from 'csv-parse/sync'
import { UsageError } from './errors/usage-error.ts'
import { readText } from './text-lines.ts'
import { loggedMoment, momentOfRow, writtenMoment } from './written-moment.ts'

export type RequestHistory = {
  /** Start of the first hour, seconds of the epoch. */
  readonly from: number
  /** Requests of each hour; null: the file says nothing of it. */
  readonly hours: readonly (number | null)[]
  /** Busiest minute of an hour over its mean minute, of the busiest hour; undefined: the file tells only hours. */
  readonly busiestMinute: number | undefined
}

const [minute, hour] = [60, 3600] as const

type Entry = { readonly at: number; readonly requests: number; readonly isRequest: boolean }

const countNames = ['requests', 'count', 'value', 'sum']

const fromObject = (line: string): Entry | undefined => {
  const row = JSON.parse(line) as Record<string, unknown>
  const requests = row[countNames.find((name) => name in row) ?? '']
  return { at: momentOfRow(row) ?? Number.NaN, requests: Number(requests ?? 1), isRequest: requests === undefined }
}

const fromRow = (line: string): Entry | undefined => {
  const [time, requests] = (parse(line, { bom: true, trim: true }) as string[][])[0] ?? []
  return { at: writtenMoment(time) ?? Number.NaN, requests: requests === undefined || requests === '' ? Number.NaN : Number(requests), isRequest: false }
}

/** Undefined where the line is none. */
const entryOf = (line: string): Entry | undefined => {
  const at = loggedMoment(line)
  if (at !== undefined) return { at, requests: 1, isRequest: true }
  try {
    const entry = line.trimStart().startsWith('{') ? fromObject(line) : fromRow(line)
    return entry !== undefined && Number.isFinite(entry.at) && entry.requests >= 0 ? entry : undefined
  } catch {
    return undefined
  }
}

const mostUnread = 0.01 // of the lines; a log has some that are cut off

const inHours = (counts: ReadonlyMap<number, number>, isLog: boolean): Pick<RequestHistory, 'from' | 'hours'> => {
  const known = [...counts.keys()].sort((a, b) => a - b)
  const [first, last] = [known[0] ?? 0, known.at(-1) ?? 0]
  // An hour without a line of a log had no request; the first and the last one are whole by chance only.
  const [from, until] = isLog ? [first + 1, last - 1] : [first, last]
  const hours = Array.from({ length: Math.max(0, until - from + 1) }, (_, at) => counts.get(from + at) ?? (isLog ? 0 : null))
  return { from: from * hour, hours }
}

const busiestMinuteOf = (hours: ReadonlyMap<number, number>, minutes: ReadonlyMap<number, number>): number | undefined => {
  const [busiest] = [...hours].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0] as readonly [number, number])
  const inIt = Array.from({ length: hour / minute }, (_, at) => minutes.get((busiest * hour) / minute + at) ?? 0)
  const all = inIt.reduce((sum, value) => sum + value, 0)
  return all === 0 ? undefined : (Math.max(...inIt) * inIt.length) / all
}

/** @throws {UsageError} when the file can't be read, or too many of its lines can't */
export const readHistory = async (file: string, shown: string): Promise<RequestHistory> => {
  const [hours, minutes] = [new Map<number, number>(), new Map<number, number>()]
  let [lines, unread, isLog, firstUnread] = [0, 0, false, 0]
  const add = ({ at, requests, isRequest }: Entry): void => {
    isLog = isRequest
    const [inHour, inMinute] = [Math.floor(at / hour), Math.floor(at / minute)]
    hours.set(inHour, (hours.get(inHour) ?? 0) + requests)
    if (isRequest) minutes.set(inMinute, (minutes.get(inMinute) ?? 0) + requests)
  }
  await readText(file, { named: `History ${shown}`, because: 'It holds requests of the past.' }, (line) => {
    if (line.trim() === '') return
    lines += 1
    const entry = entryOf(line)
    if (entry !== undefined) add(entry)
    // A header is the first line of a CSV file.
    else if (lines > 1) [unread, firstUnread] = [unread + 1, firstUnread === 0 ? lines : firstUnread]
  })
  if (hours.size === 0 || unread > mostUnread * lines)
    throw new UsageError(
      `History ${shown} ${hours.size === 0 ? 'holds no line' : `holds ${unread} of ${lines} lines, the first of them line ${firstUnread},`} that ${hours.size === 0 ? 'can' : "can't"} be understood. It is an access log, or CSV or NDJSON of a time and the requests of that hour. Correct it.`,
    )
  return { ...inHours(hours, isLog), busiestMinute: isLog ? busiestMinuteOf(hours, minutes) : undefined }
}

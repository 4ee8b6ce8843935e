/**
 * Requests of each hour, from a file of the past: an access log as nginx and Apache write it, CSV or NDJSON of a time and a number. Read line
 * by line, because logs are long.
 */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { parse } from 'csv-parse/sync'
import { UsageError } from './errors/usage-error.ts'

export type RequestHistory = {
  /** Start of the first hour, seconds of the epoch. */
  readonly from: number
  /** Requests of each hour; null: the file says nothing of it. */
  readonly hours: readonly (number | null)[]
  /** Busiest minute of an hour over its mean minute, of the busiest hour; undefined: the file tells only hours. */
  readonly busiestMinute: number | undefined
}

const [minute, hour] = [60, 3600] as const
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const logged = /\[(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})\]/

const fromLog = (line: string): number | undefined => {
  const [, day, month, year, time, hours, minutes] = logged.exec(line) ?? []
  const at = months.indexOf(month ?? '') + 1
  if (at === 0) return undefined
  return Date.parse(`${year}-${String(at).padStart(2, '0')}-${day}T${time}${hours}:${minutes}`) / 1000
}

/** ISO, or seconds or milliseconds of the epoch. */
const momentOf = (value: unknown): number => {
  const number = typeof value === 'number' || /^\d{9,13}(\.\d+)?$/.test(String(value)) ? Number(value) : undefined
  if (number !== undefined) return number > 1e11 ? number / 1000 : number
  // A time without a zone is UTC: the machine that reads it is not the one that wrote it.
  const text = String(value).trim().replace(' ', 'T')
  return Date.parse(/[Zz]$|[+-]\d{2}:?\d{2}$/.test(text) || !text.includes('T') ? text : `${text}Z`) / 1000
}

type Entry = { readonly at: number; readonly requests: number; readonly isRequest: boolean }

const timeNames = ['time', 'timestamp', 'at', 'hour', 'date']
const countNames = ['requests', 'count', 'value', 'sum']
const among = (row: Record<string, unknown>, names: readonly string[]): unknown => row[names.find((name) => name in row) ?? '']

const fromObject = (line: string): Entry | undefined => {
  const row = JSON.parse(line) as Record<string, unknown>
  const requests = among(row, countNames)
  return { at: momentOf(among(row, timeNames)), requests: Number(requests ?? 1), isRequest: requests === undefined }
}

const fromRow = (line: string): Entry | undefined => {
  const [time, requests] = (parse(line, { bom: true, trim: true }) as string[][])[0] ?? []
  return { at: momentOf(time), requests: requests === undefined || requests === '' ? Number.NaN : Number(requests), isRequest: false }
}

/** Undefined where the line is none. */
const entryOf = (line: string): Entry | undefined => {
  const at = fromLog(line)
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
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      if (line.trim() === '') continue
      lines += 1
      const entry = entryOf(line)
      if (entry !== undefined) add(entry)
      // A header is the first line of a CSV file.
      else if (lines > 1) [unread, firstUnread] = [unread + 1, firstUnread === 0 ? lines : firstUnread]
    }
  } catch (cause) {
    throw new UsageError(`History ${shown} can't be read (${(cause as NodeJS.ErrnoException).code}). It holds requests of the past. Check the path.`, { cause })
  }
  if (hours.size === 0 || unread > mostUnread * lines)
    throw new UsageError(
      `History ${shown} ${hours.size === 0 ? 'holds no line' : `holds ${unread} of ${lines} lines, the first of them line ${firstUnread},`} that ${hours.size === 0 ? 'can' : "can't"} be understood. It is an access log, or CSV or NDJSON of a time and the requests of that hour. Correct it.`,
    )
  return { ...inHours(hours, isLog), busiestMinute: isLog ? busiestMinuteOf(hours, minutes) : undefined }
}

/**
 * Moments as logs and tables write them: [10/Oct/2000:13:55:36 -0700] of Apache and nginx, ISO, seconds or milliseconds of the epoch.
 * The packages that read access logs know single layouts of a line; of a line only its moment counts here.
 */
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const logged = /(?:^|\[)(\d{2})\/(\w{3})\/(\d{4}):(\d{2}:\d{2}:\d{2}) ([+-]\d{2})(\d{2})(?:$|\])/
const zoned = /(?:[Zz]|GMT|[+-]\d{2}:?\d{2})$/
const secondsFrom = 1e8 // in 1973: a smaller number is a year, an hour or a count
const millisecondsFrom = 1e11 // a number of seconds would be in the year 5138

const known = (milliseconds: number): number | undefined => (Number.isFinite(milliseconds) ? milliseconds / 1000 : undefined)

/**
 * Of a line in the common or combined format, or of that moment alone, in seconds of the epoch; undefined where none is in it.
 * @example loggedMoment('::1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.1" 200 5') // 971211336
 */
export const loggedMoment = (line: string): number | undefined => {
  const [, day, name, year, time, zoneHours, zoneMinutes] = logged.exec(line) ?? []
  const month = months.indexOf(name ?? '') + 1
  return month === 0 ? undefined : known(Date.parse(`${year}-${String(month).padStart(2, '0')}-${day}T${time}${zoneHours}:${zoneMinutes}`))
}

/**
 * Of a field, in seconds of the epoch; undefined of what is no moment. A time without a zone is UTC: the machine that reads it is not the
 * one that wrote it.
 * @example writtenMoment('2000-10-10 20:55:36') // 971211336
 */
export const writtenMoment = (value: unknown): number | undefined => {
  const text = String(value).trim()
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) < secondsFrom ? undefined : Number(text) / (Number(text) < millisecondsFrom ? 1 : 1000)
  const iso = text.replace(/^(\d{4}-\d{2}-\d{2}) /, '$1T')
  if (/^\d{4}-\d{2}-\d{2}T/.test(iso)) return known(Date.parse(zoned.test(iso) ? iso : `${iso}Z`))
  // Of other texts Date.parse reads nearly anything, and in this machine's zone: only days, and what names its zone.
  return loggedMoment(text) ?? (/^\d{4}-\d{2}-\d{2}$/.test(text) || zoned.test(text) ? known(Date.parse(text)) : undefined)
}

/** Names that servers, proxies and tables give it. */
const names = ['time', 'timestamp', '@timestamp', 'ts', 'time_iso8601', 'time_local', 'StartUTC', 'date', 'msec', 'at', 'hour'] as const

/** Of a row of named fields, in seconds of the epoch: the first field that holds one. @example momentOfRow({ ts: 971211336.2 }) // 971211336.2 */
export const momentOfRow = (row: Readonly<Record<string, unknown>>): number | undefined => {
  for (const name of names) {
    const found = row[name] === undefined ? undefined : writtenMoment(row[name])
    if (found !== undefined) return found
  }
  return undefined
}

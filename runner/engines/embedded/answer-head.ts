/** An answer's header lines, looked at when somebody asks: most journeys never do. */

/** Header values are bytes; those beyond ASCII are read as UTF-8. */
const decoded = (value: string): string => (/[\u0080-\u00ff]/.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value)

/** Name in lower case and value of each line. @param head lines as they came, in Latin-1, each with its line end */
function* linesOf(head: string): Generator<readonly [string, string], void, void> {
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) yield [line.slice(0, colon).toLowerCase(), decoded(line.slice(colon + 1).trim())]
  }
}

/** Headers by name in lower case; values of the same name are joined by a comma. */
export const headersOf = (head: string): Record<string, string> => {
  const headers = new Map<string, string>()
  for (const [name, value] of linesOf(head)) {
    const known = headers.get(name)
    headers.set(name, known === undefined ? value : `${known}, ${value}`)
  }
  return Object.fromEntries(headers)
}

/** Every value of a header, in order. @param wanted in lower case */
export const valuesOf = (head: string, wanted: string): string[] => {
  const values: string[] = []
  for (const [name, value] of linesOf(head)) if (name === wanted) values.push(value)
  return values
}

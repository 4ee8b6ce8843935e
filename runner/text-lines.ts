/** Reads a text line by line, so that gigabytes of it need no memory; one that ends in .gz is unpacked. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { UsageError } from './errors/usage-error.ts'

/** What it is and what it is for, in the sentence that says it can't be read. */
type Purpose = { readonly named: string; readonly because: string }

/** @throws {UsageError} when the file can't be read */
export const readText = async (file: string, { named, because }: Purpose, onLine: (line: string) => void): Promise<void> => {
  try {
    const source = createReadStream(file)
    // An error of either stream ends the other, and is told by the lines.
    const input = file.endsWith('.gz') ? pipeline(source, createGunzip(), () => {}) : source
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) if (line !== '') onLine(line)
  } catch (cause) {
    throw new UsageError(`${named} can't be read (${(cause as NodeJS.ErrnoException).code ?? (cause as Error).message}). ${because} Check the path.`, { cause })
  }
}

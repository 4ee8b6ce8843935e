/** Takes a body's compression off, never past a limit: a few kilobytes may unpack to gigabytes. */
import { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib'

/** Some servers leave out the zlib header that "deflate" stands for, and browsers have learned to read both. */
const inflate = (bytes: Buffer) => (((bytes[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw())

const unpackers = { gzip: createGunzip, 'x-gzip': createGunzip, br: createBrotliDecompress, deflate: inflate } as const

export type Unpacked = { readonly state: 'whole' | 'cut'; readonly bytes: Buffer } | { readonly state: 'unreadable' }

const isKnown = (encoding: string): encoding is keyof typeof unpackers => Object.hasOwn(unpackers, encoding)

const unpackOnce = async (bytes: Buffer, encoding: keyof typeof unpackers, limit: number): Promise<Unpacked> => {
  const parts: Buffer[] = []
  let size = 0
  try {
    for await (const part of Readable.from([bytes]).pipe(unpackers[encoding](bytes))) {
      const room = limit - size
      parts.push(part.subarray(0, room))
      size += part.length
      if (size > limit) return { state: 'cut', bytes: Buffer.concat(parts) }
    }
  } catch {
    return { state: 'unreadable' } // says it is compressed and is not, or was cut on the way
  }
  return { state: 'whole', bytes: Buffer.concat(parts) }
}

/** @param encodings as Content-Encoding lists them: the last was applied last */
export const unpack = async (bytes: Buffer, encodings: readonly string[], limit: number): Promise<Unpacked> => {
  let found: Unpacked = { state: 'whole', bytes }
  for (const encoding of encodings.filter((each) => each !== 'identity').toReversed()) {
    if (found.state === 'unreadable' || !isKnown(encoding)) return { state: 'unreadable' }
    found = await unpackOnce(found.bytes, encoding, limit)
  }
  return found
}

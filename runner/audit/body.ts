/** What a body is: its size sent and unpacked, what compression would make of it, and which image it holds. */
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { imageSize } from 'image-size'
import { type Body, type Headers, headerOf, type Image } from './visit.ts'

/** Formats that gain from compression; images, video and WOFF fonts have their own. */
const textual =
  /^(text\/|application\/(javascript|ecmascript|json|manifest\+json|xml|wasm|vnd\.ms-fontobject)|font\/(ttf|otf)|image\/(svg\+xml|bmp))|[+/](xml|json)$/

/** The media type without its parameters, in lower case. @example 'text/html' */
export const typeOf = (headers: Headers): string => (headerOf(headers, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

const packedSizes = (bytes: Buffer): { readonly gzip: number; readonly brotli: number } => ({
  gzip: gzipSync(bytes, { level: 6 }).length,
  brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length,
})

/** Undefined for what is no image, or none that is known. */
const imageIn = (bytes: Buffer): Image | undefined => {
  try {
    const { type = '', width, height } = imageSize(bytes)
    return { format: type, width, height }
  } catch {
    return undefined
  }
}

/**
 * @param sent bytes that came
 * @param unpacked the same without its compression; undefined when that could not be taken off
 */
export const bodyOf = (sent: number, unpacked: Buffer | undefined, isWhole: boolean, headers: Headers): Body => {
  const image = unpacked === undefined || unpacked.length === 0 || textual.test(typeOf(headers)) ? undefined : imageIn(unpacked)
  return {
    sent,
    unpacked: unpacked?.length ?? null,
    isWhole,
    ...(unpacked !== undefined && isWhole && textual.test(typeOf(headers)) && { packed: packedSizes(unpacked) }),
    ...(image && { image }),
  }
}

/** Runs inside k6: a request's body in the two forms that k6 sends, text and ArrayBuffer. k6 has no TextEncoder. */

/** UTF-8. A lone half of a surrogate pair becomes U+FFFD, as in TextEncoder. @example bytesOf('é') // [0xc3, 0xa9] */
export const bytesOf = (text: string): number[] => {
  const bytes: number[] = []
  for (const sign of text) {
    const read = sign.codePointAt(0) ?? 0
    const code = read >= 0xd800 && read <= 0xdfff ? 0xfffd : read
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63))
  }
  return bytes
}

type Content = string | Uint8Array | readonly (string | Uint8Array)[]

export const bodyOf = (content: Content): string | ArrayBuffer => {
  if (typeof content === 'string') return content
  if (content instanceof Uint8Array) return content.slice().buffer as ArrayBuffer
  if (content.every((part) => typeof part === 'string')) return content.join('')
  const parts = content.map((part) => (typeof part === 'string' ? bytesOf(part) : part))
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole.buffer
}

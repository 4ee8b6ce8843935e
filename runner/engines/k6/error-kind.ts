/** k6's error codes in this project's words. Shared by the translation and by the code that runs inside k6, so: no imports but types. */
import type { ErrorKind, TransportError } from '../../run.ts'

/** Source: k6's documentation of error codes; those met in practice checked against k6 1.8.1 (k6.md §5). */
const kindOfCode: Readonly<Record<number, TransportError>> = {
  1000: 'other',
  1020: 'protocol', // unparsable URL
  1050: 'timeout',
  1100: 'dns',
  1101: 'dns',
  1110: 'blocked', // address in a blacklisted range
  1111: 'blocked', // host name blocked
  1200: 'unreachable',
  1201: 'closed', // broken pipe while writing
  1202: 'other',
  1210: 'unreachable',
  1211: 'timeout', // the dialer's own limit
  1212: 'refused',
  1213: 'unreachable',
  1220: 'reset',
  1300: 'tls',
  1310: 'tls',
  1311: 'tls',
  1600: 'protocol',
  1700: 'protocol', // answer could not be decompressed
}

/**
 * Why a request without an answer failed. `text` is k6's `error`: code 1000 has several causes that only it tells apart.
 * @example transportErrorOf(1000, 'EOF') // 'closed'
 */
export const transportErrorOf = (code: number, text: string): TransportError => {
  if (code === 1000) {
    if (/EOF|server closed|broken pipe|closed network connection/i.test(text)) return 'closed'
    if (/malformed HTTP|unsupported protocol|HTTP response|HTTP\/1\.x|invalid header/i.test(text)) return 'protocol'
    if (/unreachable|no route/i.test(text)) return 'unreachable'
    return 'other'
  }
  // 1301 is "not TLS at all", 13xx what certificates can be wrong with, 15xx HTTP/2, 16xx its settings.
  return kindOfCode[code] ?? (code >= 1300 && code < 1400 ? 'tls' : code >= 1500 && code < 1700 ? 'protocol' : 'other')
}

/** @example errorKindOf({ status: 503, code: 1503, text: '' }) // 'HTTP 503' */
export const errorKindOf = ({ status, code, text }: { status: number; code: number; text: string }): ErrorKind =>
  status > 0 ? `HTTP ${status}` : transportErrorOf(code, text)

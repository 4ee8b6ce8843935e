/** Which of the run's kinds of failure an error of Node or undici is. */
import type { TransportError } from './run.ts'

const kinds: Readonly<Record<string, TransportError>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  UND_ERR_SOCKET: 'closed',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'closed',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'protocol',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
}

const isTls = (code: string): boolean => /^(ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH)/.test(code)

/**
 * Looks through `cause` and, for a host with several addresses, through each attempt's own error.
 * @example transportErrorOf(Object.assign(new Error(), { code: 'ECONNREFUSED' })) // 'refused'
 */
export const transportErrorOf = (error: unknown): TransportError => {
  if (!(error instanceof Error)) return 'other'
  const code = (error as NodeJS.ErrnoException).code ?? ''
  if (code in kinds) return kinds[code] as TransportError
  if (isTls(code)) return 'tls'
  if (code.startsWith('HPE_')) return 'protocol'
  if (error.name === 'TimeoutError') return 'timeout'
  const inner = error instanceof AggregateError ? (error.errors as unknown[])[0] : error.cause
  return inner === undefined ? 'other' : transportErrorOf(inner)
}

/** Names what went wrong on the wire with the run's own words. */
import type { TransportError } from './run.ts'

/** Refused by us before a packet was sent: the address is neither loopback nor on the list of checked ones. */
export class BlockedError extends Error {
  readonly code = 'PERF_BLOCKED'
}
/** Reached the request's limit. */
export class TimeoutError extends Error {
  readonly code = 'PERF_TIMEOUT'
}

const kinds: Readonly<Record<string, TransportError>> = {
  PERF_BLOCKED: 'blocked',
  PERF_TIMEOUT: 'timeout',
  PERF_CLOSED: 'closed',
  PERF_PROTOCOL: 'protocol',
  ETIMEDOUT: 'timeout',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'closed',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  EPROTO: 'tls',
  HPE_INVALID_EOF_STATE: 'closed',
}

// OpenSSL's certificate errors have no common prefix.
const certificate = /^(ERR_TLS|ERR_SSL|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH)/

/** Codes that mean this machine ran out of something: never the target's fault. */
const ownShortage = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'])

const closedEarly = /^(socket hang up|aborted)$/

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  // Several addresses were tried, each with its own error: the first stands for all.
  return error instanceof AggregateError ? codeOf(error.errors[0]) : ''
}

/**
 * The run's word for an error of ours, Node or OpenSSL.
 * @example errorKind(Object.assign(new Error(), { code: 'ECONNREFUSED' })) // 'refused'
 */
export const errorKind = (error: unknown): TransportError => {
  if (error instanceof Error && error.name === 'TimeoutError') return 'timeout' // AbortSignal.timeout's, which has a number for a code
  const code = codeOf(error)
  // Node's own client says ECONNRESET, too, of a connection that was closed in good order and too early.
  if (code === 'ECONNRESET' && error instanceof Error && closedEarly.test(error.message)) return 'closed'
  const known = kinds[code]
  if (known !== undefined) return known
  if (code.startsWith('HPE_')) return 'protocol'
  return certificate.test(code) ? 'tls' : 'other'
}

/** Such as `EMFILE`, when the generator itself lacks file descriptors, ports or memory; else undefined. */
export const shortageOf = (error: unknown): string | undefined => {
  const code = codeOf(error)
  return ownShortage.has(code) ? code : undefined
}

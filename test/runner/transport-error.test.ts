import { expect, test } from 'vitest'
import { BlockedError, errorKind, shortageOf, TimeoutError } from '../../runner/transport-error.ts'

const error = (code: string, message = ''): Error => Object.assign(new Error(message), { code })

test.each([
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'closed'],
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['EHOSTUNREACH', 'unreachable'],
  ['ENETUNREACH', 'unreachable'],
  ['ETIMEDOUT', 'timeout'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['EPROTO', 'tls'],
  ['PERF_CLOSED', 'closed'],
  ['PERF_PROTOCOL', 'protocol'],
  ['HPE_INVALID_CONSTANT', 'protocol'],
  ['HPE_INVALID_EOF_STATE', 'closed'],
  ['EMFILE', 'other'],
])('%s is %s', (code, kind) => {
  expect(errorKind(error(code))).toBe(kind)
})

test("Node's own client calls an early close a reset", () => {
  expect(errorKind(error('ECONNRESET', 'socket hang up'))).toBe('closed')
  expect(errorKind(error('ECONNRESET', 'read ECONNRESET'))).toBe('reset')
})

test('when several addresses fail the first one speaks for all', () => {
  expect(errorKind(new AggregateError([error('ECONNREFUSED'), error('ENETUNREACH')]))).toBe('refused')
})

test('our own refusal and limit have kinds of their own', () => {
  expect(errorKind(new BlockedError())).toBe('blocked')
  expect(errorKind(new TimeoutError())).toBe('timeout')
})

test('running out of file descriptors is the fault of this machine', () => {
  expect(shortageOf(error('EMFILE'))).toBe('EMFILE')
  expect(shortageOf(error('ECONNREFUSED'))).toBeUndefined()
})

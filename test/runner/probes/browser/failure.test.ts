import { expect, test } from 'vitest'
import { failureOf } from '../../../../runner/probes/browser/failure.ts'

test.each([
  ['page.goto: net::ERR_CONNECTION_REFUSED at http://127.0.0.1:1/', 'refused'],
  ['page.goto: Timeout 3000ms exceeded.', 'timeout'],
  ['page.goto: net::ERR_EMPTY_RESPONSE at http://127.0.0.1:1/', 'closed'],
  ['page.goto: net::ERR_CONNECTION_RESET at http://127.0.0.1:1/', 'reset'],
  ['page.goto: net::ERR_CERT_AUTHORITY_INVALID at https://127.0.0.1:1/', 'tls'],
  ['page.goto: net::ERR_UNSAFE_PORT at http://127.0.0.1:1/', 'blocked'],
  ['page.goto: net::ERR_NAME_NOT_RESOLVED at http://nowhere.invalid/', 'dns'],
  ['page.goto: Page crashed', 'other'],
])('%s is %s', (message, kind) => {
  expect(failureOf(message)).toBe(kind)
})

import { expect, test } from 'vitest'
import { purposeOf, userAgentOf } from '../../runner/user-agent.ts'

test('says the version, the run, and what a request beside the load is for', () => {
  expect(userAgentOf('1.2.3', 'a-run')).toBe('scale-surgeon/1.2.3 (run a-run)')
  expect(userAgentOf('1.2.3', 'a-run', 'preflight')).toBe('scale-surgeon/1.2.3 (run a-run; preflight)')
})

test('the purpose is read from our own user agents alone', () => {
  expect(purposeOf(userAgentOf('1.2.3', 'a-run', 'pilot'))).toBe('pilot')
  expect(purposeOf(`Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0.0.0 Safari/537.36 ${userAgentOf('1.2.3', 'a-run', 'browser')}`)).toBe('browser')
  for (const other of [undefined, '', userAgentOf('1.2.3', 'a-run'), 'curl/8 (run a-run; pilot)', userAgentOf('1.2.3', 'a-run', 'other' as 'pilot')])
    expect(purposeOf(other)).toBeUndefined()
})

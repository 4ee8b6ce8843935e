import { expect, test } from 'vitest'
import { transportErrorOf } from '../../../../runner/engines/k6/error-kind.ts'
import { failureBeforeLoad } from '../../../../runner/engines/k6/failure.ts'
import { k6Log } from '../../../../runner/engines/k6/log.ts'
import { endOf, messageIn, placeIn } from '../../../../runner/engines/k6/outcome.ts'
import { EngineError } from '../../../../runner/errors/engine-error.ts'
import { ScenarioError } from '../../../../runner/errors/scenario-error.ts'
import { constant } from '../../../../scenarios/shapes.ts'
import { aPlan } from './measuring.ts'

test.each([
  [0, null, 'code 0 (normal end)'],
  [103, null, 'code 103 (stopped)'],
  [104, null, 'code 104 (an option that k6 does not accept)'],
  [107, null, 'code 107 (script exception)'],
  [77, null, 'code 77 (a code that k6 1.8 does not have)'],
  [null, 'SIGKILL', 'signal SIGKILL (killed from outside; the last seconds are lost, and a system short of memory does that)'],
  [null, 'SIGSEGV', 'signal SIGSEGV (ended by SIGSEGV)'],
] as const)('code %s, signal %s is told as %s', (code, signal, sentence) => {
  expect(endOf(code, signal)).toBe(sentence)
})

test.each([
  [1212, 'dial: connection refused', 'refused'],
  [1050, 'request timeout', 'timeout'],
  [1211, 'dial: i/o timeout', 'timeout'],
  [1220, 'read: connection reset by peer', 'reset'],
  [1000, 'EOF', 'closed'],
  [1000, 'unexpected EOF', 'closed'],
  [1000, 'malformed HTTP response "220 mail"', 'protocol'],
  [1101, 'lookup: no such host', 'dns'],
  [1311, 'x509: unknown authority', 'tls'],
  [1301, 'tls: first record does not look like a TLS handshake', 'tls'],
  [1110, 'ip is blacklisted', 'blocked'],
  [1111, 'hostname is blocked', 'blocked'],
  [1000, 'something new', 'other'],
] as const)('k6\'s error %i "%s" is %s', (code, text, kind) => {
  expect(transportErrorOf(code, text)).toBe(kind)
})

const stack = `TypeError: Cannot read property 'total' of undefined
\tat cart (file:///shop/journeys/check%20out.ts:18:5(11))
\tat arrive (file:///package/runner/engines/k6/runtime.ts:120:9(44))`

test('a stack leads to the innermost line of the user', () => {
  expect(placeIn(stack, (file) => file.startsWith('/package/'))).toEqual({ file: '/shop/journeys/check out.ts', line: 18 })
  expect(placeIn(stack.split('\n').toReversed().join('\n'), (file) => file.startsWith('/package/'))?.line).toBe(18)
  expect(placeIn('no stack', () => false)).toBeUndefined()
})

test.each([
  [stack, "Cannot read property 'total' of undefined"],
  ['Uncaught (in promise) Error: no shop', 'no shop'],
  ['no shop\n\tat setup (file:///a.ts:1:2(3))', 'no shop'],
])('%j says %j', (text, message) => {
  expect(messageIn(text)).toBe(message)
})

test("what ends k6 before its load is the scenario's fault when its code threw, and the engine's otherwise", () => {
  const plan = aPlan('http://127.0.0.1:1', '/shop/scenario.ts', constant({ rate: '1/s', duration: '1s' }))
  const threw = failureBeforeLoad(plan, [{ level: 'error', msg: stack }], { code: 107, signal: null }, 0.42)
  expect(threw).toBeInstanceOf(ScenarioError)
  expect(threw.message).toBe(
    `k6 ended after 0.4 s with code 107 (script exception) in /shop/journeys/check out.ts:18: "Cannot read property 'total' of undefined". A scenario must load and set up before any load is made. Correct it, and try it with perf run smoke.`,
  )
  const refused = failureBeforeLoad(plan, [{ level: 'error', msg: 'unknown option' }], { code: 104, signal: null }, 0.1)
  expect(refused).toBeInstanceOf(EngineError)
  expect(refused).toMatchObject({ engineExitCode: 104 })
})

test('a log is read in whatever pieces it comes, kept short, and says what it left out', () => {
  const lines: string[] = []
  const starts: number[] = []
  const log = k6Log(
    (line) => lines.push(line),
    (at) => starts.push(at),
  )
  const text = [
    '{"level":"info","msg":"perf-start 1795277079000","source":"console"}',
    ...Array.from({ length: 50 }, (_, n) => `{"level":"warning","msg":"Request Failed","error":"Get ${n}"}`),
    ...Array.from(
      { length: 3 },
      () => '{"level":"error","msg":"perf-threw {\\"message\\":\\"no cart\\",\\"stack\\":\\"Error: no cart\\"}","source":"console"}',
    ),
    '{"level":"error","msg":"Failed to push","output":"cloudv2"}',
    'not JSON at all',
  ].join('\n')
  for (let at = 0; at < text.length; at += 7) log.write(text.slice(at, at + 7))
  log.end()
  expect(starts).toEqual([1795277079000])
  expect(lines.filter((line) => line.startsWith('a request failed'))).toHaveLength(5)
  expect(lines).toContain('… and 45 more lines like "request failed"')
  expect(log.thrown).toEqual([{ message: 'no cart', stack: 'Error: no cart' }])
  expect(log.lostPushes()).toBe(1)
  expect(lines).toContain('not JSON at all')
})

import { expect, test } from 'vitest'
import { clockFinding, coresFinding, filesFinding, memoryFinding, nodeFinding, portsFinding, spaceFinding } from '../../../runner/doctor/machine.ts'

test.each([
  ['an old Node', nodeFinding('20.18.3', '>=20.19'), 'missing'],
  ['the oldest Node that serves', nodeFinding('20.19.0', '>=20.19'), 'ok'],
  ['a later major version with a low minor one', nodeFinding('22.0.0', '>=20.19'), 'ok'],
  ['a machine at work', coresFinding(4, 2.1), 'warning'],
  ['one core', coresFinding(1, 0.1), 'warning'],
  ['cores at rest', coresFinding(2, 0.9), 'ok'],
  ['half a gigabyte', memoryFinding(5e8), 'warning'],
  ['room in memory', memoryFinding(4e9), 'ok'],
  ['the usual limit of a shell', filesFinding(1024), 'warning'],
  ['many files', filesFinding(65_536), 'ok'],
  ['no limit of files', filesFinding(undefined), 'ok'],
  ['few ports', portsFinding({ from: 60_000, to: 65_000 }), 'warning'],
  ['the usual ports of Linux', portsFinding({ from: 32_768, to: 60_999 }), 'ok'],
  ['late timers', clockFinding(6, 'tsc'), 'warning'],
  ['a slow clock', clockFinding(0.3, 'hpet'), 'warning'],
  ['a clock nobody tells of', clockFinding(0.3, undefined), 'ok'],
  ['a full disk', spaceFinding(5e8, 'perf-results'), 'warning'],
])('%s', (_, finding, state) => {
  expect(finding.state).toBe(state)
  // What is not ok says what to do, and what is ok needs nothing done.
  expect(finding.advice === undefined).toBe(state === 'ok')
})

test('only a Node that is too old keeps a run from starting', () => {
  expect(nodeFinding('18.20.0', '>=20.19').endsRun).toBe(5)
  expect(filesFinding(10).endsRun).toBeUndefined()
})

test('ports are told as what they allow', () => {
  expect(portsFinding({ from: 32_768, to: 60_999 }).found).toBe('28,232 (32768 to 60999): 471 new connections a second to one address, when none is kept')
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aPool } from '../../support/a-pool.ts'
import { aRun, holds } from '../../support/a-run.ts'
import { saveRuns } from '../../support/a-store.ts'
import { perfHere } from '../../support/perf-here.ts'
// Loaded with this file: several hundred modules, which are not to count as its first test's time.
import '../../../runner/commands/ready.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-ready-'))
const line = (second: number): string =>
  `::1 - - [${new Date(second * 1000).toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) (\S+) GMT$/, '$1/$2/$3:$4 +0000')}] "GET / HTTP/1.1" 200 5\n`
/** 2/s for two minutes, and 400 in one second of them. */
const log = Array.from({ length: 120 }, (_, at) => line(1.7e9 + at).repeat(at === 60 ? 400 : 2)).join('')

beforeAll(async () => {
  const rates = [20, 40, 60, 80, 120, 160]
  await saveRuns(cwd, [
    aRun({ id: 'broken', test: 'breakpoint', shape: holds(...rates.map((rate) => [rate, 12] as const)), answer: aPool({ connections: 4, busy: 40 }) }),
  ])
  writeFileSync(join(cwd, 'access.log'), log)
  writeFileSync(join(cwd, 'access.log.gz'), gzipSync(log))
})
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const ready = async (...flags: string[]) => {
  const { code, stdout, stderr } = await perfHere(['ready', '--from', 'broken', ...flags], { cwd })
  return { code, stderr, prose: stdout.replace(/\s+/g, ' ') }
}

test.each([
  ['--access-log', 'access.log'],
  ['--access-log', 'access.log.gz'],
  ['--expect', 'access-log:access.log'],
])('%s %s expects what the log of a past rush shows', async (...flags) => {
  const { code, prose } = await ready(...flags, '--size', '0.5/1')
  expect(prose).toContain('NOT READY: It broke at 120/s, and 400/s are expected: 5 times what held.')
  expect(prose).toContain('638 requests in 2 min, 5.32/s on the average and 400 in the busiest second')
  expect(prose).toContain('A user is one journey')
  // Half a vCPU and 1 GB are 18.02 USD a month; five more of them.
  expect(prose).toMatch(/What would change it: - 6 instances like this one, .* That would hold 480\/s, for 90 USD more a month\./)
  expect(code).toBe(1)
})

test.each([
  ['0.3/0.6', 'Write --size 0.5/1, the cheapest that holds both.'],
  ['1/1', 'Write --size 1/2, the cheapest that holds both.'],
  ['32/64', 'Write --size 16/120, the largest there is.'],
])('--size %s is refused with the size that would be paid for', async (size, words) => {
  const { code, stderr } = await ready('--expect', '400/s', '--size', size)
  expect(stderr.replace(/\s+/g, ' ')).toContain(`--size "${size}" is no size that Fargate has. Each number of vCPU has its own memory sizes. ${words}`)
  expect(code).toBe(2)
})

test('a log that is not there', async () => {
  const { code, stderr } = await ready('--access-log', 'gone.log')
  expect(stderr).toMatch(/^Access log .*gone\.log can't be read \(ENOENT\)\. What is expected follows from it\. Check the path\.$/m)
  expect(code).toBe(2)
})

test('--from takes several runs, and may be repeated', async () => {
  await saveRuns(cwd, [aRun({ id: 'calm', test: 'spike' })])
  const together = await perfHere(['ready', '--expect', '300/s', '--from', 'broken', 'calm'], { cwd })
  const apart = await perfHere(['ready', '--from', 'broken', '--from', 'calm', '--expect', '300/s'], { cwd })
  expect([together.code, together.stdout]).toEqual([apart.code, apart.stdout])
  expect(together.stdout).toContain('NOT READY')
  // That is said of the second one, a spike test without a spike; without it nobody looked.
  const ofSpike = 'the load had no peak'
  expect(together.stdout).toContain(ofSpike)
  expect((await ready('--expect', '300/s')).prose).not.toContain(ofSpike)
})

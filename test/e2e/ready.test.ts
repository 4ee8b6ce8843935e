/** `perf ready` makes the runs it needs, and answers from them. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { perf } from '../support/perf.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-ready-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

test('without runs it makes a smoke, a breakpoint and a spike test of the demo shop, and answers', async () => {
  const { stdout, stderr, exitCode } = await perf(['ready', '--expect', '40/s', '--engine', 'embedded', '--duration', '20s', '--quiet', '--json'], { cwd })
  const answer = JSON.parse(stdout)
  expect(stderr).toMatch(/smoke.*breakpoint.*spike/s)
  expect(answer.runs).toHaveLength(3)
  expect(
    readdirSync(join(cwd, 'perf-results'))
      .filter((name) => name !== 'latest')
      .map((name) => name.split('-')[4]),
  ).toEqual(['smoke', 'breakpoint', 'spike'])
  expect(answer.expectation.peak).toBe(40)
  // The shop holds some 280 journeys a second; a starved machine can't tell, and says so.
  expect(['READY', "CAN'T TELL"]).toContain(answer.word)
  expect(exitCode).toBe(answer.word === 'READY' ? 0 : 3)
})

test('from those runs it answers another expectation at once', async () => {
  const names = readdirSync(join(cwd, 'perf-results')).filter((name) => name !== 'latest')
  const { stdout, exitCode } = await perf(['ready', '--expect', '5000/s', ...names.flatMap((name) => ['--from', name])], { cwd })
  expect(stdout.replace(/\s+/g, ' ')).toMatch(/^CAN'T TELL: 5,000\/s are expected, and .* What would tell: - perf run breakpoint --peak 6500\/s/)
  expect(exitCode).toBe(3)
})

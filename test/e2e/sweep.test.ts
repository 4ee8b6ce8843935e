/** perf run stress --sweep as a user types it, on a server of known delay. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Summary } from '../../reports/json.ts'
import { perf } from '../support/perf.ts'
import { startConstantDelay } from '../targets/delays.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-sweep-'))
let target: Awaited<ReturnType<typeof startConstantDelay>>
beforeAll(async () => {
  target = await startConstantDelay(20)
})
afterAll(async () => {
  await target.stop()
  rmSync(cwd, { recursive: true, force: true })
})
const sweep = (...more: readonly string[]) => perf(['run', 'stress', '--sweep', '--target', target.url, '--hold', '2s', ...more], { cwd })

test('the levels are printed, kept in the summary, and played back alike', async () => {
  const { stdout, stderr, exitCode } = await sweep('--max-connections', '4', '--json')
  expect(exitCode).toBe(0)
  expect(stderr).toContain('closed-loop sweep: 1, 2, 4 connections')
  const summary = JSON.parse(stdout) as Summary
  expect(summary.engine.name).toBe('autocannon')
  expect(summary.responseTime.p50).toBeNull()
  expect(summary.sweep?.levels.map(({ connections }) => connections)).toEqual([1, 2, 4])
  // Four times the connections of a server that serves each by itself: more than twice the answers, on any machine.
  const [one, , four] = summary.sweep?.levels ?? []
  expect(four?.throughput?.mean).toBeGreaterThan(2 * (one?.throughput?.mean ?? Infinity))
  expect(one?.throughput?.mean).toBeLessThanOrEqual(51)

  const { stdout: text } = await perf(['report', 'latest'], { cwd })
  expect(text).toMatch(/^ *N +Throughput +95 % interval +p50/m)
  expect(text.replace(/\s+/g, ' ')).toContain('GET /, over N connections at a time; it ended because N = 4 was the last level planned.')

  const replayed = JSON.parse(
    (await perf(['run', 'stress', '--engine', 'replay', '--from', `perf-results/${summary.id}`, '--json'], { cwd })).stdout,
  ) as Summary
  expect(replayed.sweep?.levels).toEqual(summary.sweep?.levels)
})

test('a budget on response time is unknown, with the reason; one on errors is judged', async () => {
  writeFileSync(join(cwd, 'budgets.json'), JSON.stringify({ api: 'p95 < 200ms', errors: { metric: 'error_rate', at_most: '1%' } }))
  const { stdout, exitCode } = await sweep('--max-connections', '1', '--json', '--budget', 'budgets.json')
  const { budgets } = JSON.parse(stdout) as Summary
  expect(budgets.map(({ status }) => status)).toEqual(['unknown', 'met'])
  expect(budgets[0]?.because).toBe('a closed loop has no due times, from which response time counts, so "api" can\'t be judged.')
  expect(exitCode).toBe(3)
})

test('--dry-run prints the levels and sends nothing', async () => {
  const before = await target.requests()
  const { stdout, exitCode } = await sweep('--dry-run', '--request', 'GET /search?q=tea')
  const { sweep: plan } = JSON.parse(stdout)
  expect(exitCode).toBe(0)
  expect(plan).toMatchObject({ planned: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024], hold: 2, requests: [{ method: 'GET', path: '/search?q=tea' }] })
  expect(await target.requests()).toBe(before)
})

test('Ctrl-C keeps the levels that were whole', async () => {
  const running = sweep('--json', '--quiet')
  const before = await target.requests()
  // The second level has more than a hundred requests behind it: the first one made less than 200 in its 4 s.
  while ((await target.requests()) < before + 260) await wait(50)
  running.kill('SIGINT')
  const { stdout, exitCode } = await running
  const summary = JSON.parse(stdout) as Summary
  expect(exitCode).toBe(130)
  expect(summary.sweep?.levels.at(0)?.connections).toBe(1)
  expect(summary.sweep?.stopped).toBe('it was interrupted (Ctrl-C)')
})

test('what has no place in a sweep is refused before any load', async () => {
  const { stderr, exitCode } = await sweep('--rate', '50/s')
  expect(exitCode).toBe(2)
  expect(stderr).toContain('--rate was given with --sweep.')
})

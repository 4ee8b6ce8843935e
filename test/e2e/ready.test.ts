/** `perf ready` makes the runs it needs, and answers from them. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { startDemoShop } from '../../runner/demo-shop/start.ts'
import { perf } from '../support/perf.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-ready-'))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const runs = (): string[] => readdirSync(join(cwd, 'perf-results')).filter((name) => name !== 'latest')

test('without runs it makes a smoke, a breakpoint and a spike test of the demo shop, and answers', async () => {
  const { stdout, stderr, exitCode } = await perf(['ready', '--expect', '40/s within 5s', '--engine', 'embedded', '--duration', '20s', '--quiet', '--json'], {
    cwd,
  })
  const answer = JSON.parse(stdout)
  expect(stderr).toMatch(/smoke.*breakpoint.*spike/s)
  expect(answer.runs).toHaveLength(3)
  expect(runs().map((name) => name.split('-')[4])).toEqual(['smoke', 'breakpoint', 'spike'])
  const spike = JSON.parse(readFileSync(join(cwd, 'perf-results', runs()[2] as string, 'run.json'), 'utf8'))
  expect(spike.shape.segments[1]).toMatchObject({ label: 'rise', duration: 5, to: 40 })
  expect(answer.expectation.peak).toBe(40)
  // The shop holds some 280 journeys a second; a starved machine can't tell, and says so.
  expect(['READY', "CAN'T TELL"]).toContain(answer.word)
  expect(exitCode).toBe(answer.word === 'READY' ? 0 : 3)
})

test('from those runs it answers another expectation at once', async () => {
  const { stdout, exitCode } = await perf(['ready', '--expect', '5000/s', ...runs().flatMap((name) => ['--from', name])], { cwd })
  expect(stdout.replace(/\s+/g, ' ')).toMatch(/^CAN'T TELL: 5,000\/s are expected, and .* What would tell: - perf run breakpoint --peak 6500\/s/)
  expect(exitCode).toBe(3)
})

test('what is too much for a shop of one connection is NOT READY, and says what held; a run that was INVALID would be named', async () => {
  const shop = await startDemoShop({ pool: 1 })
  const folder = mkdtempSync(join(tmpdir(), 'perf-ready-'))
  try {
    const flags = ['--target', shop.url, '--engine', 'embedded', '--duration', '15s', '--quiet']
    const { stdout, exitCode } = await perf(['ready', '--expect', '400/s', ...flags], { cwd: folder })
    const said = stdout.replace(/\s+/g, ' ')
    if (exitCode === 3) expect(said).toMatch(/^CAN'T TELL: .* is INVALID: .* What would tell: - .* Then perf run breakpoint --peak 520\/s/)
    else {
      expect(exitCode).toBe(1)
      expect(said).toMatch(/^NOT READY: It broke at [\d.]+\/s, and 400\/s are expected: .* What would change it: /)
      expect(said).toMatch(/\d+ instances like this one, .* That would hold [\d,.]+\/s/)
    }
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  } finally {
    await shop.stop()
    rmSync(folder, { recursive: true, force: true })
  }
})

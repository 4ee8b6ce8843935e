/** `perf advise --prove` starts a service at a size and at the next smaller one, and leaves nothing behind. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aRun } from '../support/a-run.ts'
import { saveRuns } from '../support/a-store.ts'
import { groupsLeft, mayMakeGroups } from '../support/control-groups.ts'
import { perf } from '../support/perf.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-proof-'))
const target = fileURLToPath(new URL('../targets/cpu-bound.mjs', import.meta.url))
/** 5 ms of a core for each request: at 70/s it takes 0.35 of one and some more. */
const start = ['--start', `exec "${process.execPath}" "${target}" --cpu-ms 5`]
const budget = join(cwd, 'budget.json')
beforeAll(async () => {
  writeFileSync(budget, JSON.stringify({ p90: { metric: 'response_time', stat: 'p90', at_most: '1500ms' } }))
  await saveRuns(cwd, [aRun({ id: 'original' })])
})
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const advise = (...flags: string[]) => perf(['advise', 'original', '--rate', '10/s', '--expect', '70/s', '--budget', budget, '--prove', ...flags], { cwd })

describe.skipIf(!mayMakeGroups)('a proof in control groups of this machine', () => {
  test('half a vCPU serves what a quarter can not', async () => {
    const running = advise('--size', '0.5/1', '--duration', '12s', '--json', ...start)
    const { stdout, stderr, exitCode } = await running
    const { proof } = JSON.parse(stdout)
    expect(stderr).toMatch(/^recommended: 0\.5 vCPU, 1 GB …/)
    const [recommended, smaller] = proof.attempts
    // A starved machine can't tell, and says why; it never proves or disproves anything.
    if (recommended.isMet === null || smaller?.isMet === null)
      expect(proof).toMatchObject({ state: 'not proved', because: expect.stringContaining('could not be told') })
    else {
      expect(proof).toMatchObject({ state: 'proved', because: '0.5 vCPU and 1 GB meet the objective, and 0.25 vCPU and 1 GB do not.' })
      expect(smaller.because).toMatch(/^Budget "p90" is exceeded/)
      expect(exitCode).toBe(0)
    }
    for (const { run } of proof.attempts) expect(existsSync(join(cwd, 'perf-results', run, 'report.html'))).toBe(true)
    expect(groupsLeft(running.pid)).toEqual([])
  })

  test('a service that ends at once meets nothing', async () => {
    const { stdout, exitCode } = await advise('--size', '0.5/1', '--json', '--start', 'echo no database >&2; exit 3')
    expect(JSON.parse(stdout).proof).toMatchObject({
      state: 'not proved',
      because: expect.stringContaining('it ended with code 3; its last words were "no database"'),
      attempts: [{ role: 'recommended', run: null, isMet: false }],
    })
    expect(exitCode).toBe(1)
  })

  test('Ctrl-C ends the service, and says that it could not be told', async () => {
    const running = advise('--size', '0.5/1', '--duration', '60s', '--json', ...start)
    while (groupsLeft(running.pid).length === 0) await pause(50)
    await pause(1500)
    running.kill('SIGINT')
    const { stdout, exitCode } = await running
    expect(JSON.parse(stdout).proof).toMatchObject({ state: 'not proved', because: expect.stringContaining('could not be told. It was interrupted.') })
    expect(exitCode).toBe(3)
    expect(groupsLeft(running.pid)).toEqual([])
  })
})

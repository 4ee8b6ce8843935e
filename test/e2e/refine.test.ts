import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { perf } from '../support/perf.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-refine-'))
let target: Server
let url = ''

// It fails while the second step lasts, by the number of the request and not by its time, so that a slow machine changes nothing.
const fails = (request: number): boolean => request >= 470 && request <= 955

beforeAll(async () => {
  let asked = 0
  target = createServer((_, response) => {
    asked += 1
    response.statusCode = fails(asked) ? 503 : 200
    response.end()
  })
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(target.address() as AddressInfo).port}`
})
afterAll(() => {
  target.close()
  rmSync(cwd, { recursive: true, force: true })
})

test('a staircase from 92/s to 100/s is narrowed by a run of its own, and perf capacity tells both together', async () => {
  const load = [
    '--engine',
    'embedded',
    '--target',
    url,
    '--rate',
    '92/s',
    '--peak',
    '100/s',
    '--duration',
    '10s',
    '--refine',
    '2s',
    '--instances',
    '2',
    '--objective',
    'p95 < 2s',
  ]
  const { stdout, stderr } = await perf(['run', 'breakpoint', ...load], { cwd })
  expect(stderr).toContain('96/s: held')
  const sentence = stdout.replace(/\s+/g, ' ')
  expect(sentence).toContain('Refined: It lies in (96/s, 100/s], 4.2 % wide, by 2 runs: it held 96/s; at 100/s')
  expect(sentence).toMatch(/Told again by perf capacity \S+\.\s*$/)
  // The staircase is the latest run, and those that narrow its answer are read with it.
  const told = await perf(['capacity', 'latest', '--json'], { cwd })
  const { runs, ...capacity } = JSON.parse(told.stdout)
  expect(runs).toHaveLength(2)
  expect(capacity).toMatchObject({
    breakpoint: { found: true, lastGood: 96, firstBad: 100 },
    instances: { each: 48 },
    objective: { quantile: 0.95, milliseconds: 2000 },
  })
})

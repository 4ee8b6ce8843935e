/** Answers to questions about three built runs, word by word: `UPDATE_GOLDEN=1` renews them; then read them as the one who asked. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Observation, Run } from '../../../runner/run.ts'
import { expectGolden } from '../../reports/support/golden.ts'
import { aRun, holds } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'
import { saveRuns } from '../../support/a-store.ts'
import { perfHere } from '../../support/perf-here.ts'

const seconds = 60
const breaks = 40
const grows = { shape: holds([20, breaks], [80, seconds - breaks]), latency: ({ t }: { readonly t: number }) => (t < breaks ? 20 : 900) }
const database = (connections: number, active: number, waiting = 0) => [
  aSeries('postgres.connections', 'count', seconds, (at) => (at < breaks ? 3 : connections), 97),
  aSeries('postgres.active', 'count', seconds, (at) => (at < breaks ? 1 : active)),
  aSeries('postgres.waiting_for_locks', 'count', seconds, (at) => (at < breaks ? 0 : waiting)),
]
const host = [
  aSeries('target.cpu', 'cores', seconds, (at) => (at < breaks ? 0.1 : 0.3), 2),
  aSeries('target.memory', 'bytes', seconds, (at) => 6e7 + 1e5 * at, 8e9),
]
const query = (subject: string, means: readonly number[]): Observation => {
  const history = means.map((mean, index) => ({ from: 10 * index, until: 10 * (index + 1), calls: 200, total: 200 * mean }))
  const total = history.reduce((sum, each) => sum + each.total, 0)
  return { probe: 'postgres', kind: 'query', subject, values: { calls: 1200, total, mean: total / 1200, rows: 1200, share: 0.9999 }, history }
}
const table: Observation = {
  probe: 'postgres',
  kind: 'table',
  subject: 'public.orders',
  values: { scans: 1200, rows_per_scan: 300_000, index: 'CREATE INDEX CONCURRENTLY ON "public"."orders" ("customer_id");' },
}

const runs: readonly Run[] = [
  { ...aRun({ id: 'pool', ...grows, probes: [...database(6, 5), ...host] }), observations: [query('select pg_sleep($1)', [50, 50, 50, 50, 50, 50])] },
  {
    ...aRun({ id: 'missing-index', ...grows, endpoints: ['GET /orders', 'GET /'], probes: [...database(6, 5), ...host] }),
    observations: [query('select id from orders where customer_id = $1', [4, 4, 4, 4, 40, 40]), table],
  },
  aRun({ id: 'healthy', shape: holds([20, breaks], [80, seconds - breaks]), latency: 20, probes: [...database(6, 2), ...host] }),
]
const questions: Readonly<Record<string, readonly string[]>> = {
  pool: ['why did latency spike at 0:45?', 'is it the database?', 'why not CPU?', 'would more instances help?', 'how many connections between 0:30 and 0:50?'],
  'missing-index': [
    'what broke first?',
    'which queries were slow at 0:45?',
    'is it the database?',
    'would more instances help?',
    'why is /orders slow at the end?',
  ],
  healthy: ['what broke first?', 'is there a memory leak?', 'is it the database?', 'what happened during the spike?', 'how is the weather?'],
}

const cwd = mkdtempSync(join(tmpdir(), 'perf-why-answers-'))
beforeAll(() => saveRuns(cwd, runs))
afterAll(() => rmSync(cwd, { recursive: true, force: true }))

const told = async (...argv: string[]): Promise<string> => {
  const { code, stdout } = await perfHere(argv, { cwd })
  expect(code).toBe(0)
  return stdout
}

test.each(Object.keys(questions))('five questions about the run "%s"', async (run) => {
  const answers = []
  for (const question of questions[run] ?? []) answers.push(`> ${question}\n${await told('why', run, question)}`)
  for (const line of answers.join('\n').split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expectGolden(`why/${run}.txt`, answers.join('\n'))
})

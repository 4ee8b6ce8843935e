/** One scenario file on servers that nobody here wrote, with both engines: the figures are those of the servers' own logs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Summary } from '../../reports/json.ts'
import { k6 } from '../support/k6.ts'
import { nginxProgram, startNginx } from '../support/nginx.ts'
import { perf } from '../support/perf.ts'
import { startPostgraphile } from '../support/postgraphile.ts'
import { hasPostgres } from '../support/postgres.ts'

const base = mkdtempSync(join(tmpdir(), 'perf-third-party-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

const scenario = `
import { constant, journey, scenario } from 'scale-surgeon'
const site = journey('site', async ({ http, check }) => {
  check(await http.get('/'), { 'the page answers': ({ ok, body }) => ok && body.includes('Hello') })
  await http.batch([['GET', '/site.css'], ['GET', '/missing.css']])
  await http.get('/limited')
})
const api = journey('api', async ({ http, check, random }) => {
  const id = 1 + Math.floor(random() * 500)
  const query = 'query ($id: Int!) { productById(id: $id) { name reviewsByProductId { totalCount } } }'
  const answer = await http.post('/graphql', { json: { query, variables: { id } } })
  check(answer, { 'it is the product asked for': (response) => response.json<{ data: { productById: { name: string } } }>().data.productById.name === 'product ' + id })
})
const failing = journey('failing', async ({ http }) => { await http.post('/graphql', { json: { query: '{ nonsense' } }) })
export default scenario({
  shape: constant({ rate: '40/s', duration: '6s' }),
  journeys: [],
})`

/** The same three journeys, one file each, because a scenario is fixed before it runs. */
const fileFor = (cwd: string, what: 'site' | 'api' | 'both'): string => {
  const journeys = what === 'both' ? '[{ weight: 3, journey: api }, { weight: 1, journey: failing }]' : `[{ weight: 1, journey: ${what} }]`
  writeFileSync(join(cwd, 'third-party.ts'), scenario.replace('journeys: []', `journeys: ${journeys}`))
  return 'third-party.ts'
}

const run = async (engine: string, url: string, what: 'site' | 'api' | 'both') => {
  const cwd = mkdtempSync(join(base, `${engine}-`))
  const { stdout, stderr } = await perf(['run', '--scenario', fileFor(cwd, what), '--engine', engine, '--target', url, '--json'], { cwd })
  expect(stderr).toContain('custom test: 240 arrivals')
  return { summary: JSON.parse(stdout) as Summary, html: readFileSync(join(cwd, 'perf-results', 'latest', 'report.html'), 'utf8') }
}
const endpoint = (summary: Summary, name: string) => summary.endpoints.find((candidate) => candidate.name === name)

describe.each(['embedded', ...(k6 ? ['k6'] : [])])('with %s', (engine) => {
  test.skipIf(!nginxProgram)('nginx with a static site and limit_req: errors are named by status, and counts are those of its access log', async () => {
    const nginx = await startNginx({ rate: 20, burst: 5 })
    const { summary, html } = await run(engine, nginx.url, 'site')
    await nginx.stop()
    const log = await nginx.counts()
    for (const name of ['GET /site.css', 'GET /missing.css', 'GET /limited']) {
      const logged = Object.values(log[name] ?? {}).reduce((sum, count) => sum + count, 0)
      expect(endpoint(summary, name)?.completed, name).toBe(logged)
    }
    expect(endpoint(summary, 'GET /')?.completed).toBe(240)
    expect(log['GET /']).toEqual({ 200: 240 })
    const errors = Object.fromEntries(summary.errors.map(({ kind, count }) => [kind, count]))
    expect(errors).toEqual({ 'HTTP 404': 240, 'HTTP 429': log['GET /limited']?.['429'] })
    expect(errors['HTTP 429']).toBeGreaterThanOrEqual(240 - nginx.truth(7).atMost)
    expect(html).toContain('HTTP 429')
  })

  test.skipIf(!hasPostgres)('PostGraphile on PostgreSQL: answers are checked by their content, and its 400s are named', async () => {
    const api = await startPostgraphile()
    const { summary } = await run(engine, api.url, 'both')
    await api.stop()
    expect(summary.load.completed).toBe(240)
    expect(summary.errors.map(({ kind }) => kind)).toEqual(['HTTP 400'])
    expect(summary.errors[0]?.count).toBe(summary.load.failed)
    expect(summary.load.failed).toBeGreaterThan(30) // a quarter, chosen by seed
    expect(summary.load.failed).toBeLessThan(90)
  })
})

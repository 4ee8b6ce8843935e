/** The pilot before a k6 run, through the whole execution: users it raises, requests it sends, and what the target saw. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { k6Engine } from '../../../../runner/engines/k6/k6.ts'
import { execute } from '../../../../runner/execute.ts'
import type { LoadedFeed, Plan } from '../../../../runner/plan.ts'
import { purposeOf } from '../../../../runner/user-agent.ts'
import { constant } from '../../../../scenarios/shapes.ts'
import { k6 } from '../../../support/k6.ts'
import { aPlan, testWithK6 } from './measuring.ts'

vi.setConfig({ testTimeout: 60_000 })

type Seen = { readonly phase: string; readonly url: string }

/** Runs a scenario whole against a server that answers after `delay` milliseconds and notes what it is asked. */
const runOn = async (delay: number, scenario: string, change: Partial<Plan>, feeds: readonly LoadedFeed[] = []) => {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    seen.push({ phase: purposeOf(request.headers['user-agent']) ?? 'load', url: request.url ?? '' })
    setTimeout(() => response.end('ok'), delay)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const folder = await mkdtemp(join(tmpdir(), 'perf-pilot-test-'))
  const file = join(folder, 'scenario.mjs')
  await writeFile(file, `import { csv, journey, scenario } from 'scale-surgeon'\n${scenario}`)
  const shape = constant({ rate: '10/s', duration: '3s' })
  const plan = aPlan(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, file, shape, {
    journeys: [{ name: 'one', weight: 1 }],
    users: 20,
    sizing: { because: 'the test', most: 500 },
    gracefulStop: 10,
    ...change,
  })
  const never = new AbortController().signal
  try {
    const { run } = await execute({
      ...{ plan, engine: k6Engine({ path: k6 ?? '', version: '1.8.1' }), secrets: {}, feeds, stopRules: [], probes: [], scenarioFile: null },
      ...{
        log: () => {},
        journal: { begin: () => {}, add: () => {}, watched: () => {}, caughtUp: async () => {} },
        redact: (text: string) => text,
        onSecond: () => {},
      },
      signals: { stop: never, kill: never },
      provenance: {
        version: '',
        node: '',
        platform: '',
        cpus: { model: '', count: 1 },
        memoryBytes: 1,
        gitCommit: null,
        seed: 1,
        command: [],
        configuration: {},
      },
    })
    return { run, seen, of: (phase: string) => seen.filter((one) => one.phase === phase) }
  } finally {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  }
}

testWithK6('long thoughts are seen in a second, and users raised so that none of them costs an arrival', async () => {
  const thoughtful = `export default scenario({ journeys: [journey('one', async ({ http, think }) => { await http.get('/'); await think('5s') })] })`
  const { run, of } = await runOn(0, thoughtful, {})
  // 20 users at 10/s would be at work after 2 s, and the last 10 of 30 arrivals dropped.
  expect(run.load).toMatchObject({ planned: 30, started: 30, dropped: 0 })
  expect(run.engine.users).toBeGreaterThanOrEqual(90)
  expect(run.engine.users).toBeLessThan(120)
  expect(run.engine.usersBecause).toMatch(/^10\/s × \(5(\.\d)? s of a pilot's journey \+ 4 s\)$/)
  expect(of('pilot')).toHaveLength(8)
  expect(run.preflightRequests).toBe(1 + 8)
  expect(of('load')).toHaveLength(run.load.completed)
})

testWithK6('a pilot whose time is up leaves no request unaccounted for', async () => {
  const long = `export default scenario({ journeys: [journey('one', async ({ http }) => { for (let n = 0; n < 6; n++) await http.get('/') })] })`
  const { run, of } = await runOn(400, long, { shape: constant({ rate: '2/s', duration: '2s' }), planned: 4 })
  expect(run.engine.usersBecause).toMatch(/^\d journeys of a pilot took more than 1(\.\d)? s$/)
  expect(run.preflightRequests).toBe(1 + of('pilot').length)
  expect(of('load')).toHaveLength(run.load.completed)
})

testWithK6('rows of the pilot come after those of the load', async () => {
  const feed = { path: 'users.csv', rows: Array.from({ length: 50 }, (_, row) => ({ name: `user${row}` })) }
  const scenario = `const people = csv('users.csv')
export default scenario({ journeys: [journey('one', async (user) => { await user.http.get('/' + user.take(people).name + '?arrival=' + user.arrival) })] })`
  const { of } = await runOn(0, scenario, {}, [feed])
  const pilot = new Set(of('pilot').map(({ url }) => url))
  expect([...pilot].sort()).toEqual(Array.from({ length: 8 }, (_, n) => `/user${30 + n}?arrival=${30 + n}`).sort())
  expect(of('load').filter(({ url }) => pilot.has(url))).toEqual([])
})

/** Bare `k6 run` of plain synchronous scripts: the yardstick. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findK6 } from '../../dist/runner/engines/k6/find.js'
import { generate } from '../generator.mjs'

const found = await findK6({ env: process.env })
export const k6 = found.kind === 'found' ? found.path : undefined

const journeys = {
  'one-request': (url) => `import http from 'k6/http'
    export default function () { http.get('${url}/') }`,
  // The same requests and checks as in journeys/five-steps.mjs.
  'five-steps': (url) => `import http from 'k6/http'
    import { check } from 'k6'
    const conditions = { 'status is 200': (response) => response.status === 200, 'says hello': (response) => response.body.includes('hello') }
    export default function () { for (const path of ['/', '/search', '/item', '/cart', '/checkout']) check(http.get('${url}' + path), conditions) }`,
}

const run = async (script) => {
  const folder = mkdtempSync(join(tmpdir(), 'perf-bench-k6-'))
  writeFileSync(join(folder, 'script.js'), script)
  const summary = join(folder, 'summary.json')
  const used = await generate([k6, 'run', '--quiet', '--address', '', '--summary-export', summary, join(folder, 'script.js')], {
    env: { K6_NO_USAGE_REPORT: 'true' },
  })
  const { metrics } = JSON.parse(readFileSync(summary, 'utf8'))
  rmSync(folder, { recursive: true, force: true })
  const count = (name) => metrics[name]?.count ?? 0
  return { ...used, iterations: count('iterations'), dropped: count('dropped_iterations'), requests: count('http_reqs') }
}

const withOptions = (options, journey, url) => `export const options = ${JSON.stringify(options)}\n${journeys[journey](url)}`

export const closedLoop = ({ url, seconds, users = 20, journey = 'one-request' }) => run(withOptions({ vus: users, duration: `${seconds}s` }, journey, url))

export const openLoop = ({ url, seconds, rate, users = 300 }) => {
  const load = { executor: 'constant-arrival-rate', rate, timeUnit: '1s', duration: `${seconds}s`, preAllocatedVUs: users, maxVUs: users }
  return run(withOptions({ scenarios: { load } }, 'one-request', url))
}

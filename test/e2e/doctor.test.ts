/** `perf doctor` as a user types it. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { perf } from '../support/perf.ts'

let cwd: string
let shop: Server
let url: string
let paths: string[]
beforeEach(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'perf-doctor-'))
  paths = []
  shop = createServer((request, response) => {
    paths.push(request.url ?? '')
    response.end('shop')
  })
  await once(shop.listen(0, '127.0.0.1'), 'listening')
  url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
})
afterEach(async () => {
  await new Promise((resolve) => shop.close(resolve))
  rmSync(cwd, { recursive: true })
})

const configure = (config: object): void => writeFileSync(join(cwd, 'perf.config.json'), JSON.stringify(config))
const tooWide = (text: string): string[] => text.split('\n').filter((line) => line.length > 80)

test('the machine is told line by line, each with a state, within 80 columns', async () => {
  const { stdout, exitCode } = await perf(['doctor'], { cwd })
  expect(exitCode).toBe(0)
  for (const subject of ['Node', 'cores', 'open files', 'embedded', 'k6', 'configuration', 'package'])
    expect(stdout).toMatch(new RegExp(`^(ok     |warning|missing)  ${subject} `, 'm'))
  expect(tooWide(stdout)).toEqual([])
  const { findings } = JSON.parse((await perf(['doctor', '--json'], { cwd })).stdout)
  expect(findings.find(({ subject }: { subject: string }) => subject === 'Node')).toEqual({ subject: 'Node', state: 'ok', found: process.versions.node })
})

test('a k6 that is named and not there is missing, with what to do, and ends no run that does not need it', async () => {
  const env = { PERF_K6: join(cwd, 'no-k6') }
  const { stdout, exitCode } = await perf(['doctor'], { cwd, env })
  expect(stdout).toMatch(/^missing {2}k6 +.*can't be run/m)
  expect(stdout).toContain('Correct the path')
  expect(exitCode).toBe(0)
  expect((await perf(['doctor'], { cwd, env: { ...env, PERF_ENGINE: 'k6' } })).exitCode).toBe(5)
})

test('a configuration that can not be read is told beside the rest, and ends with 2', async () => {
  configure({ probes: [{ kind: 'postgress' }] })
  const { stdout, exitCode } = await perf(['doctor'], { cwd })
  expect(stdout).toMatch(/^missing {2}configuration +Probe kind "postgress" is not known\./m)
  expect(stdout).toMatch(/^ok {7}Node/m)
  expect(exitCode).toBe(2)
})

test('a target is told with what works now and what each other kind needs, within 80 columns', async () => {
  const { stdout, exitCode } = await perf(['doctor', '--target', url], { cwd })
  expect(exitCode).toBe(0)
  expect(stdout).toContain(`${url} answers with status 200.`)
  expect(stdout).toContain(`paste  { kind: 'process', port: ${new URL(url).port} }`)
  expect(stdout).toContain("CREATE ROLE perf LOGIN PASSWORD '…'")
  expect(tooWide(stdout)).toEqual([])
  expect(paths.length).toBeLessThan(20) // one request, and those pages by which a server tells of itself
})

test('a configured probe is read, its secret is not printed, and one that can not be read ends with 2', async () => {
  configure({ target: url, probes: [{ kind: 'host' }, { kind: 'redis', name: 'cache', url: `$${'{CACHE_URL}'}` }] })
  const env = { CACHE_URL: 'redis://perf:hunter22@127.0.0.1:1' }
  const { stdout, exitCode } = await perf(['doctor', '--target'], { cwd, env })
  expect(stdout).toMatch(/Configured, and read just now\n\nhost\n/)
  expect(stdout).toMatch(/Configured, and can't be read\n\ncache \(redis\)\n +connect ECONNREFUSED/)
  expect(exitCode).toBe(2)
  const json = await perf(['doctor', '--target', '--json'], { cwd, env })
  const { target, probes } = JSON.parse(json.stdout)
  expect(target).toEqual({ url, status: 200, server: null })
  expect(probes.slice(0, 2).map(({ name, state }: Record<string, string>) => [name, state])).toEqual([
    ['host', 'works'],
    ['cache', 'fails'],
  ])
  expect(`${stdout}${json.stdout}`).not.toContain('hunter22')
})

test.each([
  ['--target http://192.0.2.7', 4, /192\.0\.2\.7 is not in targets\.allow/],
  ['--target http://127.0.0.1:1', 3, /gave no answer/],
  ['--target', 2, /No target was named\. .*Write perf doctor --target http/],
  ['--target nonsense', 2, /is not a URL that can be tested/],
])('%s ends with %i', async (line, code, sentence) => {
  const { stderr, stdout, exitCode } = await perf(['doctor', ...line.split(' ')], { cwd })
  expect(exitCode).toBe(code)
  expect(stderr).toMatch(sentence)
  expect(stdout).toBe('')
})

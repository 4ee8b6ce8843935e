/** What a user types, rightly and wrongly, against servers of this process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { perfHere } from '../../support/perf-here.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-audit-'))
const servers: Server[] = []
const asked: IncomingMessage[] = []
let url = ''

const start = async (listener: RequestListener): Promise<string> => {
  const server = createServer((request, response) => {
    asked.push(request)
    listener(request, response)
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

type Page = { readonly status?: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer }
const html = { 'content-type': 'text/html' }
const pages: Readonly<Record<string, Page>> = {
  '/': {
    headers: html,
    body: '<link rel="stylesheet" href="/site.css"><script src="http://cdn.example.com/x.js"></script><script src="http://cdn.example.com/y.js"></script>',
  },
  '/site.css': { headers: { 'content-type': 'text/css' }, body: `h1 { color: teal }\n`.repeat(500) },
  '/bare': { headers: html },
  '/json': { headers: { 'content-type': 'application/json' }, body: '{}' },
  '/bomb': { headers: { ...html, 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(60_000_000)) },
  '/huge': { headers: html, body: Buffer.alloc(11_000_000, ' ') },
  '/lie': { headers: { ...html, 'content-encoding': 'gzip' }, body: 'this is no gzip' },
  '/circle': { status: 302, headers: { location: '/round' } },
  '/round': { status: 302, headers: { location: '/circle' } },
  '/away': { status: 302, headers: { location: 'http://shop.example.com/' } },
  '/closing': { headers: { ...html, connection: 'close' } },
}

beforeAll(async () => {
  url = await start(({ url: path = '' }, response) => {
    const hops = /^\/hops\/(\d+)/.exec(path)?.[1]
    const page = hops === undefined ? pages[path] : { status: 302, headers: { location: `/hops/${Number(hops) + 1}` } }
    response.writeHead(page?.status ?? (page ? 200 : 404), page?.headers).end(page?.body)
  })
})
afterAll(() => {
  for (const server of servers) {
    server.close()
    server.closeAllConnections()
  }
  rmSync(cwd, { recursive: true, force: true })
})

const now = () => new Date('2026-11-21T12:00:00Z')
const perf = (...argv: string[]) => perfHere(argv, { cwd, now })

describe('a page that is there', () => {
  test('is told in 80 columns, with what was not looked at and why', async () => {
    const { code, stdout } = await perf('audit', url)
    expect(code).toBe(0)
    expect(stdout).toContain('1 text file is sent without compression, 9.5 kB in all.')
    expect(stdout).toContain('2 files: cdn.example.com is not in targets.allow')
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('is asked for one file after the other, by an audit that says so', async () => {
    asked.length = 0
    await perf('audit', url)
    expect(asked.map((request) => request.url)).toEqual(['/', '/', '/site.css'])
    expect(asked.every(({ headers }) => /^scale-surgeon\/\S+ \(audit\)$/.test(headers['user-agent'] ?? ''))).toBe(true)
  })

  test('is one JSON document of the published schema', async () => {
    const document = JSON.parse((await perf('audit', url, '--json')).stdout)
    const validate = new Ajv2020({ formats: { 'date-time': true } }).compile(JSON.parse((await perf('schema', 'audit')).stdout))
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
    expect(document).toMatchObject({
      format: 1,
      page: `${url}/`,
      requests: 3,
      exitCode: 0,
      files: [{ roles: ['page'] }, { roles: ['style'], status: 200, sent: 9500 }],
    })
  })

  test.each([
    [[], 0],
    [['--fail-on', 'critical'], 0],
    [['--fail-on', 'warning'], 1],
  ])('with warnings and %j exits %i', async (flags, code) => {
    expect((await perf('audit', url, ...flags)).code).toBe(code)
  })

  test('of which a ceiling left a part out is no pass', async () => {
    const { code, stdout } = await perf('audit', url, '--max-files', '1', '--fail-on', 'critical')
    expect(stdout).toContain('3 files: --max-files 1 was reached')
    expect(code).toBe(3)
  })

  test('that is no HTML is judged by itself', async () => {
    const { code, stdout } = await perf('audit', `${url}/json`)
    expect(stdout).toContain('nothing found · 1 file')
    expect(code).toBe(0)
  })

  test('that hangs up after each answer is caught by the second request', async () => {
    expect((await perf('audit', `${url}/closing`)).stdout).toContain('closed the connection after 1 of 2 answers.')
    expect((await perf('audit', `${url}/bare`)).stdout).toContain('connections are kept')
  })

  test.each([
    ['/bomb', 'only its first 20 MB, unpacked, were read'],
    ['/huge', 'only its first 10 MB were read'],
  ])('at %s is read no further than its limit', async (path, words) => {
    const { code, stdout } = await perf('audit', url + path, '--fail-on', 'critical')
    expect(stdout.replace(/\s+/g, ' ')).toContain(words)
    expect(code).toBe(3)
  })

  test('that is not packed as it says is critical', async () => {
    const { code, stdout } = await perf('audit', `${url}/lie`, '--fail-on', 'critical')
    expect(stdout).toContain("✗ critical  1 file can't be unpacked")
    expect(code).toBe(1)
  })
})

describe('headers of the configuration', () => {
  test("go to the page's own origin and to no other, and a secret in an address is not shown", async () => {
    const other = await start((_, response) => void response.writeHead(200, { 'content-type': 'text/css' }).end())
    const own = await start(
      (_, response) =>
        void response.writeHead(200, html).end(`<link rel="stylesheet" href="${other}/a.css"><link rel="stylesheet" href="/b.css?token=hunter22">`),
    )
    writeFileSync(join(cwd, 'perf.config.json'), JSON.stringify({ headers: { 'x-key': 'hunter22' } }))
    asked.length = 0
    const { stdout } = await perfHere(['audit', own, '--json'], { cwd, now, env: { PERF_SECRET_TOKEN: 'hunter22' } })
    rmSync(join(cwd, 'perf.config.json'))
    expect(asked.map(({ url: path, headers }) => [path, headers['x-key']])).toEqual([
      ['/', 'hunter22'],
      ['/', 'hunter22'],
      ['/a.css', undefined],
      ['/b.css?token=hunter22', 'hunter22'],
    ])
    expect(stdout).toContain('/b.css?token=[secret TOKEN]')
    expect(stdout).not.toContain('hunter22')
  })
})

describe("what can't be audited", () => {
  test.each([
    ['shop.example.com', 2, 'Write perf audit https://shop.example.com.'],
    ['ftp://127.0.0.1/', 2, '"ftp://127.0.0.1/" is not a URL that can be audited.'],
    ['http://me:hunter22@127.0.0.1/', 2, 'carries a user name or password'],
    ['http://127.0.0.1:1/', 3, 'gave no answer: refused'],
    ['http://169.254.169.254/latest', 4, 'is not in targets.allow'],
  ])('%s ends with %i', async (asking, code, words) => {
    const result = await perf('audit', asking)
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toContain(words)
    expect(result.stderr).not.toContain('hunter22')
  })

  test.each([
    ['/gone', 3, 'answered with status 404'],
    ['/circle', 3, 'redirects in a circle'],
    ['/hops/1', 3, 'redirects 10 times'],
    ['/away', 4, 'redirects to http://shop.example.com/, and shop.example.com is not in targets.allow.'],
  ])('%s ends with %i', async (path, code, words) => {
    const result = await perf('audit', url + path)
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toContain(words)
  })

  test('a server without TLS is said to have none', async () => {
    const { code, stderr } = await perf('audit', url.replace('http:', 'https:'))
    expect(stderr).toMatch(/gave no answer: tls \(.+\)\. .*use http:\/\//)
    expect(code).toBe(3)
  })

  test.each([
    [['--fail-on', 'fatal'], '--fail-on "fatal" is not known.'],
    [['--max-files', '0'], '--max-files "0" is no whole number of at least 1.'],
    [['--max-megabytes', 'much'], '--max-megabytes "much" is no whole number of at least 1.'],
  ])('%j ends with 2', async (flags, words) => {
    const { code, stderr } = await perf('audit', url, ...flags)
    expect(stderr).toContain(words)
    expect(code).toBe(2)
  })
})

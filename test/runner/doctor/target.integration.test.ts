import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { type ProbeFinding, probeFindings } from '../../../runner/doctor/target.ts'
import type { ProbeEntry } from '../../../runner/settings.ts'
import { freePort } from '../../support/free-port.ts'
import { hasMariadb, startMariadb } from '../../support/mariadb.ts'
import { nginxProgram, startNginx } from '../../support/nginx.ts'
import { phpFpmProgram, startPhpFpm } from '../../support/php-fpm.ts'
import { hasPostgres, startPostgres } from '../../support/postgres.ts'
import { hasPrometheus, startPrometheus } from '../../support/prometheus.ts'
import { hasRabbitMq, startRabbitMq } from '../../support/rabbitmq.ts'
import { hasRedis, startRedis } from '../../support/redis.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

const root = fileURLToPath(new URL('../../..', import.meta.url))

/** An application that listens on a port and holds connections. @param opens statements that open them, in a module @returns its URL */
const startApp = async (opens: string, ...flags: string[]): Promise<{ readonly url: string; readonly pid: number }> => {
  const program = `import { createServer } from 'node:http'
    ${opens}
    const server = createServer((_, response) => response.end('shop')).listen(0, '127.0.0.1', () => console.log(server.address().port))`
  const child = spawn(process.execPath, [...flags, '--input-type=module', '-e', program], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  stops.push(() => child.kill('SIGKILL'))
  const [port] = await once(child.stdout, 'data')
  return { url: `http://127.0.0.1:${Number(port)}`, pid: child.pid ?? 0 }
}

const findingsOn = (url: string, entries: readonly ProbeEntry[] = []): Promise<ProbeFinding[]> =>
  probeFindings(entries, { target: { url, hostname: '127.0.0.1', addresses: ['127.0.0.1'] } })
const of = (kind: string, findings: readonly ProbeFinding[], part = ''): ProbeFinding | undefined =>
  findings.find((finding) => finding.kind === kind && `${finding.because}${finding.entry}`.includes(part))

test('an application that uses nothing is watched as a process of this machine, and every other kind says what it needs', async () => {
  const { url, pid } = await startApp('')
  const findings = await findingsOn(url)
  const own = of('process', findings)
  expect(own).toMatchObject({ state: 'works', entry: `{ kind: 'process', port: ${new URL(url).port} }` })
  expect(own?.because).toContain(`Process ${pid} (node)`)
  expect(own?.samples.find(({ name }) => name === 'process.processes')?.value).toBe(1)
  expect(of('host', findings)?.state).toBe('works')
  expect(of('node', findings)?.state).toBe('not-here')
  expect(of('command', findings)).toMatchObject({ state: 'possible', entry: "{ kind: 'command', command: ['…'] }" })
  for (const { needs, entry, state } of findings) expect([state, needs.length > 10, entry?.startsWith('{ kind: ')]).toEqual([state, true, true])
})

test('an application that lets itself be asked is found by its process', async () => {
  const { url, pid } = await startApp('', '--import', './dist/runner/probes/node/health.js')
  const found = of('node', await findingsOn(url))
  expect(found?.state).toBe('works')
  expect(found?.because).toContain(`Process ${pid} of the target`)
  expect(found?.samples.find(({ name }) => name === 'node.heap')?.value).toBeGreaterThan(1e6)
})

describe.skipIf(!hasPostgres)('a PostgreSQL', () => {
  test('is found by the connections of the target, with the role and the variable that it lacks', async () => {
    const postgres = await startPostgres()
    stops.push(() => postgres.stop())
    const { url } = await startApp(`import pg from 'pg'
      for (let n = 0; n < 3; n += 1) await new pg.Client('${postgres.url}').connect()`)
    const found = of('postgres', await findingsOn(url))
    expect(found).toMatchObject({
      state: 'possible',
      because: `The target has 3 connections to 127.0.0.1:${postgres.port}, where PostgreSQL answers`,
      variables: { POSTGRES_URL: `postgres://perf:…@127.0.0.1:${postgres.port}/…` },
    })
    expect(found?.needs).toContain('GRANT pg_monitor TO perf')
  })

  test('that is configured is started and read, and a role that is too weak is told', async () => {
    const postgres = await startPostgres()
    stops.push(() => postgres.stop())
    await postgres.sql("create role weak login password 'x'; grant connect on database postgres to weak")
    const { url } = await startApp('')
    const findings = await findingsOn(url, [
      { kind: 'postgres', name: 'orders', options: { url: postgres.url } },
      { kind: 'postgres', name: 'weak', options: { url: postgres.url.replace('postgres@', 'weak@') } },
      { kind: 'postgres', name: 'gone', options: { url: 'postgres://perf@127.0.0.1:1/shop' } },
    ])
    const named = (name: string): ProbeFinding | undefined => findings.find((finding) => finding.name === name)
    expect(findings.slice(0, 3).map(({ name, state }) => [name, state])).toEqual([
      ['orders', 'works'],
      ['weak', 'works'],
      ['gone', 'fails'],
    ])
    const most = Number(await postgres.sql("select current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"))
    expect(named('orders')?.samples.find(({ name }) => name === 'orders.connections')?.limit).toBe(most)
    expect(named('weak')?.caveats.join(' ')).toContain('GRANT pg_monitor')
    expect(named('gone')?.because).toContain('ECONNREFUSED')
    expect(findings.filter(({ kind }) => kind === 'postgres')).toHaveLength(3) // not looked for besides
    expect(await postgres.sql("select count(*) from pg_stat_activity where application_name = 'scale-surgeon'")).toBe('0')
  })
})

describe.skipIf(!hasRedis)('a Redis', () => {
  const opens = (port: number, password = ''): string => `import { Redis } from 'ioredis'
    await new Redis({ port: ${port}, host: '127.0.0.1', password: '${password}' || undefined }).ping()`

  test('without a password is found by the connections of the target and read', async () => {
    const redis = await startRedis({ maxmemory: '50mb' })
    stops.push(() => redis.stop())
    const found = of('redis', await findingsOn((await startApp(opens(redis.port))).url))
    expect(found).toMatchObject({ state: 'works', entry: `{ kind: 'redis', url: 'redis://127.0.0.1:${redis.port}' }` })
    expect(found?.because).toBe(`The target has a connection to 127.0.0.1:${redis.port}, where Redis answers`)
    expect(found?.samples.find(({ name }) => name === 'redis.memory')?.limit).toBe(await redis.field('maxmemory'))
  })

  test('with one is found and not let in', async () => {
    const redis = await startRedis()
    stops.push(() => redis.stop())
    await redis.cli('config', 'set', 'requirepass', 'hunter22')
    const found = of('redis', await findingsOn((await startApp(opens(redis.port, 'hunter22'))).url))
    expect(found).toMatchObject({ state: 'possible', variables: { REDIS_URL: `redis://perf:…@127.0.0.1:${redis.port}` }, samples: [] })
    expect(found?.because).toContain('where Redis with a password answers')
  })
})

test.skipIf(!hasMariadb)('a MariaDB says its version before anybody has a name', async () => {
  const mariadb = await startMariadb()
  stops.push(() => mariadb.stop())
  await mariadb.sql("create user app@'127.0.0.1'")
  const { url } = await startApp(`import { createConnection } from 'mysql2/promise'
    await createConnection('mysql://app@127.0.0.1:${mariadb.port}')`)
  const found = of('mysql', await findingsOn(url))
  const version = /^\d+\.\d+\.\d+/.exec(await mariadb.sql('select version()'))?.[0]
  expect(found?.because).toBe(`The target has a connection to 127.0.0.1:${mariadb.port}, where MariaDB ${version} answers`)
  expect(found).toMatchObject({ state: 'possible', variables: { MYSQL_URL: `mysql://perf:…@127.0.0.1:${mariadb.port}/…` } })
})

test.skipIf(nginxProgram === undefined)('the page of an nginx is found at its usual place and read', async () => {
  const nginx = await startNginx()
  stops.push(() => nginx.stop())
  const found = of('nginx', await findingsOn(nginx.url))
  expect(found).toMatchObject({ state: 'works', entry: `{ kind: 'nginx', url: '${nginx.url}/nginx-status' }` })
  expect(found?.samples.find(({ name }) => name === 'nginx.writing')?.value).toBe(1) // the page itself
})

test.skipIf(phpFpmProgram === undefined)('the status page of PHP-FPM is found where it listens', async () => {
  const php = await startPhpFpm({ children: 2 })
  stops.push(() => php.stop())
  const found = of('php-fpm', await findingsOn((await startApp('')).url), `fcgi://127.0.0.1:${php.statusPort}/status`)
  expect(found?.state).toBe('works')
  expect(found?.samples.find(({ name }) => name === 'php-fpm.accepted')).toBeDefined()
})

test.skipIf(!hasPrometheus)('a Prometheus of this machine is found, and said to scrape something else', async () => {
  const prometheus = await startPrometheus()
  stops.push(() => prometheus.stop())
  const found = of('prometheus', await findingsOn((await startApp('')).url), prometheus.url)
  expect(found).toMatchObject({ state: 'possible', entry: `{ kind: 'prometheus', url: '${prometheus.url}', queries: { up: 'up' } }` })
  expect(found?.steps).toEqual(['let it scrape the target or what the target uses, and query that'])
})

test.skipIf(!hasRabbitMq)(
  'a RabbitMQ says its version, and where its management listens is found',
  async () => {
    const rabbit = await startRabbitMq()
    stops.push(() => rabbit.stop())
    const { url } = await startApp(`import amqp from 'amqplib'
    // Its management answers before its queues do.
    for (let open; open === undefined; ) open = await amqp.connect('${rabbit.amqp}').catch(() => new Promise((resolve) => setTimeout(resolve, 100)))`)
    const found = of('rabbitmq', await findingsOn(url))
    const version = await rabbit.control('version')
    expect(found?.because).toBe(`The target has a connection to 127.0.0.1:${new URL(rabbit.amqp).port}, where RabbitMQ ${version} answers`)
    expect(found).toMatchObject({ state: 'possible', steps: [], variables: { RABBITMQ_URL: `http://perf:…@127.0.0.1:${new URL(rabbit.url).port}` } })
  },
  120_000,
) // Erlang takes half a minute to start on a busy machine

test('an application that was told to push OpenTelemetry is found by where to, and a receiver is tried there', async () => {
  const port = await freePort()
  stops.push(() => delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT)
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://localhost:${port}`
  const { url } = await startApp('')
  const found = of('otlp', await findingsOn(url))
  expect(found).toMatchObject({
    state: 'works',
    because: `The target pushes OpenTelemetry to http://localhost:${port}`,
    entry: `{ kind: 'otlp', port: ${port} }`,
  })
  expect(found?.caveats[0]).toContain('nothing was pushed')
})

import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { postgresKind } from '../../../../runner/probes/postgres/postgres.ts'
import type { Probe, Sample } from '../../../../runner/probes/probe.ts'
import type { Observation } from '../../../../runner/run.ts'
import { hasPostgres, type Postgres, startPostgres } from '../../../support/postgres.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const valuesOf = (samples: readonly Sample[]) => new Map(samples.map(({ name, value }) => [name, value]))

describe.skipIf(!hasPostgres)('a PostgreSQL', () => {
  let server: Postgres
  beforeAll(async () => {
    server = await startPostgres({ max_connections: '20', shared_preload_libraries: 'pg_stat_statements' })
    await server.sql(`
      create extension pg_stat_statements;
      create table orders (id serial primary key, customer_id int, total int);
      insert into orders (customer_id, total) select n % 1000, n from generate_series(1, 50000) n;
      create table items (id serial primary key, order_id int);
      insert into items (order_id) select n from generate_series(1, 2000) n;
      analyze;
      create role weak login;
      create role perf login; grant pg_monitor to perf;`)
  })
  afterAll(() => server?.stop())
  const asRole = (role: string): string => server.url.replace('postgres@', `${role}@`)
  const probeOf = (url: string): Probe => postgresKind.create('postgres', { url }, world)

  test('sessions by state, waits for locks and rates are what its own client prints', async () => {
    const probe = probeOf(asRole('perf'))
    await probe.start(never)
    await probe.read(never)
    const clients = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const client = new pg.Client({ connectionString: server.url })
        await client.connect()
        return client
      }),
    )
    const [holder, waiter, sleeper, idle] = clients as [pg.Client, pg.Client, pg.Client, pg.Client]
    await holder.query('begin; update orders set total = 0 where id = 1')
    const waiting = waiter.query('update orders set total = 1 where id = 1')
    const sleeping = sleeper.query('select pg_sleep(2)')
    await idle.query('select 1')
    await new Promise((resolve) => setTimeout(resolve, 500))
    const values = valuesOf(await probe.read(never))
    const psql = await server.sql("select count(*) filter (where backend_type = 'client backend') - 1 from pg_stat_activity") // psql is a client too
    expect(values.get('postgres.connections')).toBe(Number(psql))
    expect(values.get('postgres.active')).toBe(2)
    expect(values.get('postgres.waiting_for_locks')).toBe(1)
    expect(values.get('postgres.idle_in_transaction')).toBe(1)
    expect(values.get('postgres.longest_transaction')).toBeGreaterThan(400)
    expect(values.get('postgres.longest_lock_wait')).toBeGreaterThan(300)
    await holder.query('commit')
    await Promise.all([waiting, sleeping])
    await Promise.all(clients.map((client) => client.end()))
    await probe.stop()
  })

  test('the limit is what ordinary roles may use, and the probe goes on when the rest is taken', async () => {
    const probe = probeOf(asRole('perf'))
    await probe.start(never)
    const clients: pg.Client[] = []
    for (let n = 0; n < 16; n += 1) {
      const client = new pg.Client({ connectionString: asRole('weak') })
      await client.connect()
      clients.push(client)
    }
    await expect(new pg.Client({ connectionString: asRole('weak') }).connect()).rejects.toThrow()
    const connections = (await probe.read(never)).find(({ name }) => name === 'postgres.connections')
    expect(connections).toMatchObject({ value: 17, limit: 17 })
    await Promise.all(clients.map((client) => client.end()))
    await probe.stop()
  })

  test('what took the time is named, with its calls, and the index that is missing', async () => {
    const probe = probeOf(asRole('perf'))
    await probe.start(never)
    await probe.read(never)
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    for (let n = 0; n < 40; n += 1) await client.query('select sum(total) from orders where customer_id = $1', [n])
    await probe.read(never, 10)
    for (let n = 0; n < 300; n += 1) await client.query('select * from items where id = $1', [n])
    await probe.read(never, 20)
    await client.end()
    const { observations = [], caveats } = await probe.stop()
    expect(caveats).toEqual([])
    const queries = observations.filter(({ kind }) => kind === 'query')
    const of = (text: string): Observation['values'] | undefined => queries.find(({ subject }) => subject.includes(text))?.values
    expect(queries[0]?.subject).toContain('customer_id')
    expect(of('from orders where customer_id')).toMatchObject({ calls: 40, rows: 40 })
    expect(of('from items where id')).toMatchObject({ calls: 300 })
    const historyOf = (text: string) => queries.find(({ subject }) => subject.includes(text))?.history?.map(({ from, until, calls }) => [from, until, calls])
    expect(historyOf('from orders where customer_id')).toEqual([[0, 10, 40]])
    expect(historyOf('from items where id')).toEqual([[10, 20, 300]])
    const told = await server.sql("select calls from pg_stat_statements where query like '%from orders where customer_id%' and query not like '%pg_stat%'")
    expect(of('from orders where customer_id')?.calls).toBe(Number(told))
    const tables = observations.filter(({ kind }) => kind === 'table')
    expect(tables).toMatchObject([
      { subject: 'public.orders', values: { scans: 40, rows_per_scan: 50000, index: 'CREATE INDEX CONCURRENTLY ON "public"."orders" ("customer_id");' } },
    ])
    await server.sql(`${tables[0]?.values.index}`.replace(' CONCURRENTLY', '')) // psql sends several statements as one transaction
  })

  test('the time of queries is what its own client prints, the mean exactly and percentiles within what they were', async () => {
    const probe = probeOf(asRole('perf'))
    await probe.start(never)
    await server.sql('select pg_stat_statements_reset()')
    await probe.read(never, 0)
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    const timed = async (statement: string, times: number): Promise<number[]> => {
      const took: number[] = []
      for (let n = 0; n < times; n += 1) {
        const before = performance.now()
        await client.query(statement)
        took.push(performance.now() - before)
      }
      return took
    }
    const took = [...(await timed('select pg_sleep(0.03)', 20)), ...(await timed('select count(*) from items', 60))]
    await client.end()
    const values = valuesOf(await probe.read(never, 1))
    const [calls, mean] = (
      await server.sql(
        "select sum(calls), sum(total_exec_time) / sum(calls) from pg_stat_statements where query like '%pg_sleep(%' or query like 'select count(*) from items'",
      )
    ).split('|')
    expect(calls).toBe('80')
    expect(values.get('postgres.query_time')).toBeCloseTo(Number(mean), 6)
    const { observations = [] } = await probe.stop()
    const told = observations.find(({ kind }) => kind === 'query_time')?.values
    expect(Number(told?.p50_low)).toBeLessThan(took.toSorted((a, b) => a - b)[40] ?? 0)
    // A quarter of the queries slept 30 ms, so the nineteenth in twenty did.
    expect(told?.p95_high).toBeGreaterThan(30)
    expect(told?.max_high).toBeLessThanOrEqual(Math.max(...took))
  })

  test('a role without pg_monitor and a server without the extension are caveats, and what can be read is', async () => {
    const probe = probeOf(asRole('weak'))
    await probe.start(never)
    await probe.read(never)
    const other = new pg.Client({ connectionString: server.url })
    await other.connect()
    const values = valuesOf(await probe.read(never))
    expect(values.get('postgres.connections')).toBeGreaterThan(1)
    expect(values.get('postgres.active')).toBeNull()
    await other.end()
    expect((await probe.stop()).caveats?.map(({ code }) => code)).toContain('postgres-role-too-weak')

    await server.sql('drop extension pg_stat_statements')
    const without = probeOf(asRole('perf'))
    await without.start(never)
    await without.read(never)
    expect((await without.stop()).caveats).toMatchObject([{ code: 'postgres-without-statements', text: expect.stringContaining('does not exist') }])
    await server.sql('create extension pg_stat_statements')
  })

  test('a server that ends sessions is read again as soon as it lets us in', async () => {
    const probe = probeOf(asRole('perf'))
    await probe.start(never)
    await probe.read(never)
    await server.sql("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'scale-surgeon'")
    const tries: boolean[] = []
    for (let n = 0; n < 10 && !tries.includes(true); n += 1) {
      tries.push(
        await probe.read(never).then(
          () => true,
          () => false,
        ),
      )
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(tries).toContain(true)
    await probe.stop()
  })
})

test('no server is an error in words', async () => {
  await expect(postgresKind.create('postgres', { url: 'postgres://perf@127.0.0.1:1/shop' }, world).start(never)).rejects.toThrow(/ECONNREFUSED/)
})

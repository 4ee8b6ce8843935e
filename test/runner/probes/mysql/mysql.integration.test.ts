import { type Connection, createConnection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mysqlKind } from '../../../../runner/probes/mysql/mysql.ts'
import type { Probe, Sample } from '../../../../runner/probes/probe.ts'
import { hasMariadb, type Mariadb, startMariadb } from '../../../support/mariadb.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const byName = (samples: readonly Sample[]) => new Map(samples.map((sample) => [sample.name, sample]))
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe.skipIf(!hasMariadb)('a MariaDB', () => {
  let server: Mariadb
  beforeAll(async () => {
    server = await startMariadb({ max_connections: '20', performance_schema: 'ON' })
    await server.sql(`
      create database shop; use shop;
      create table orders (id int primary key auto_increment, customer_id int, total int);
      insert into orders (customer_id, total) select seq % 1000, seq from seq_1_to_20000;
      create user perf@'127.0.0.1' identified by 'hunt/er22'; grant process on *.* to perf@'127.0.0.1'; grant select on performance_schema.* to perf@'127.0.0.1';
      grant select on shop.* to perf@'127.0.0.1';
      create user weak@'127.0.0.1' identified by 'hunter22'; grant select on shop.* to weak@'127.0.0.1';
      create user app@'127.0.0.1' identified by 'hunter22'; grant all on shop.* to app@'127.0.0.1';`)
  })
  afterAll(() => server?.stop())
  const asRole = (role: string, password: string): string => `mysql://${role}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/shop`
  const probeOf = (url: string): Probe => mysqlKind.create('mysql', { url }, world)
  const clients = (count: number): Promise<Connection[]> =>
    Promise.all(Array.from({ length: count }, () => createConnection({ uri: asRole('app', 'hunter22') })))

  test('connections, locks and the statements that took the time are what its own client prints', async () => {
    const probe = probeOf(asRole('perf', 'hunt/er22'))
    await probe.start(never)
    await probe.read(never)
    const [holder, waiter, busy] = (await clients(3)) as [Connection, Connection, Connection]
    await holder.query('begin')
    await holder.query('update orders set total = 0 where id = 1')
    const waiting = waiter.query('update orders set total = 1 where id = 1')
    for (let n = 0; n < 25; n += 1) await busy.query('select sum(total) from orders where customer_id = ?', [n])
    await pause(1200)
    const samples = byName(await probe.read(never, 10))
    const printed = async (name: string): Promise<number> => Number((await server.sql(`show global status like '${name}'`)).split('\t')[1])
    expect(samples.get('mysql.connections')).toMatchObject({ value: (await printed('Threads_connected')) - 1, limit: 20 }) // its client is one too
    expect(samples.get('mysql.connections')?.value).toBe(4)
    expect(samples.get('mysql.waiting_for_locks')?.value).toBe(await printed('Innodb_row_lock_current_waits'))
    expect(samples.get('mysql.waiting_for_locks')?.value).toBe(1)
    expect(samples.get('mysql.longest_lock_wait')?.value).toBeGreaterThan(100)
    expect(samples.get('mysql.longest_transaction')?.value).toBeGreaterThan(100)
    expect(samples.get('mysql.table_scans')?.value).toBeGreaterThan(0)
    await holder.query('commit')
    await waiting
    for (const client of [holder, waiter, busy]) await client.end()

    const { observations = [], caveats } = await probe.stop()
    expect(caveats).toEqual([])
    const query = observations.find(({ subject }) => subject.includes('`customer_id`'))
    const told = await server.sql(
      "select count_star, sum_rows_examined, sum_no_index_used from performance_schema.events_statements_summary_by_digest where digest_text like '%WHERE `customer_id`%' and schema_name = 'shop'",
    )
    const [calls, examined, without] = told.split('\t').map(Number)
    expect(query?.values).toMatchObject({ calls, rows_examined: examined, without_index: without })
    expect(calls).toBe(25)
    expect(query?.history).toMatchObject([{ from: 0, until: 10, calls: 25 }])
    expect(without).toBe(25)
  })

  test('clients beyond the limit are rejected and counted, while the probe goes on', async () => {
    const probe = probeOf(asRole('perf', 'hunt/er22'))
    await probe.start(never)
    await probe.read(never)
    // Both by one client: root may have one beyond the limit, and the next not before that is gone.
    const printed = async (): Promise<readonly number[]> => {
      const said = await server.sql("show global status where variable_name in ('Connection_errors_max_connections', 'Aborted_connects')")
      const values = new Map(said.split('\n').map((line) => line.split('\t') as [string, string]))
      return ['Connection_errors_max_connections', 'Aborted_connects'].map((name) => Number(values.get(name)))
    }
    const before = await printed()
    const connected = await clients(19)
    const turnedAway = await Promise.allSettled(Array.from({ length: 5 }, () => clients(1)))
    expect(turnedAway.every(({ status }) => status === 'rejected')).toBe(true)
    await pause(100) // until it has counted the last one
    const samples = byName(await probe.read(never))
    expect(samples.get('mysql.connections')).toMatchObject({ value: 20, limit: 20 })
    const after = await printed()
    const [rejected = 0, aborted = 0] = after.map((count, index) => count - (before[index] ?? 0))
    expect(samples.get('mysql.rejected_connections')?.value).toBe(rejected)
    expect(samples.get('mysql.aborted_connections')?.value).toBe(aborted)
    expect(aborted).toBe(5)
    for (const client of connected) await client.end()
    await probe.stop()
  })

  test('a role without PROCESS and without the performance schema is two caveats, and the rest is read', async () => {
    const probe = probeOf(asRole('weak', 'hunter22'))
    await probe.start(never)
    const samples = byName(await probe.read(never))
    expect(samples.get('mysql.connections')?.value).toBeGreaterThan(0)
    expect(samples.has('mysql.longest_transaction')).toBe(false)
    expect((await probe.stop()).caveats?.map(({ code }) => code)).toEqual(['mysql-without-statements', 'mysql-role-too-weak'])
  })

  test('a wrong password and nobody there are told as such; a killed connection is opened anew', async () => {
    await expect(probeOf(asRole('perf', 'wrong')).start(never)).rejects.toThrow(/Access denied for user 'perf'/)
    await expect(probeOf('mysql://perf@127.0.0.1:1/shop').start(never)).rejects.toThrow(/ECONNREFUSED/)
    const probe = probeOf(asRole('perf', 'hunt/er22').replace('mysql:', 'mariadb:'))
    await probe.start(never)
    await probe.read(never)
    await server.sql("kill user perf@'127.0.0.1'")
    await pause(200)
    const tries: boolean[] = []
    for (let n = 0; n < 2; n += 1)
      tries.push(
        await probe.read(never).then(
          () => true,
          () => false,
        ),
      )
    expect(tries.at(-1)).toBe(true)
    await probe.stop()
  })
})

/**
 * What cases borrow: one PostgreSQL for all of them, started when the first asks for it; programs of this folder; the servers that the
 * tests start (`tests('support/redis')`); a folder for an nginx's or another server's files.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadTests } from './load-tests.mjs'
import { startProgram } from './server.mjs'

const tables = `
  create extension pg_stat_statements;
  create table orders (id serial primary key, customer_id int, total int);
  insert into orders (customer_id, total) select n % 50000, n from generate_series(1, 300000) n;
  create table items (id serial primary key, order_id int, name text);
  insert into items (order_id, name) select n, 'item ' || n from generate_series(1, 100000) n;
  create index on items (order_id);
  create table stock (shop int primary key, left_over int);
  insert into stock values (1, 1000000);
  analyze;`

const startDatabase = async () => {
  const { startPostgres } = await loadTests('support/postgres')
  const postgres = await startPostgres({
    shared_preload_libraries: 'pg_stat_statements',
    max_connections: '60',
    max_parallel_workers_per_gather: '0',
    jit: 'off',
  })
  await postgres.sql(tables)
  return postgres
}

export const openWorld = () => {
  let database
  const folders = []
  return {
    /** @returns the shop's database, its statements counted anew: `url`, `sql(statements)` */
    postgres: async () => {
      database ??= startDatabase()
      const postgres = await database
      await postgres.sql('select pg_stat_statements_reset()')
      return postgres
    },
    /** A program of bench/faults that prints its port: `url`, `pid`, `stop`. */
    program: startProgram,
    /** A helper of the tests. @example const { startRedis } = await world.tests('support/redis') */
    tests: loadTests,
    folder: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'perf-fault-'))
      folders.push(folder)
      return folder
    },
    close: async () => {
      await database?.then((postgres) => postgres.stop())
      for (const folder of folders) await rm(folder, { recursive: true, force: true })
    },
  }
}

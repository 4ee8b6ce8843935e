/** A private PostgreSQL on a free loopback port, gone without a trace when it is stopped. */
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { findProgram } from './programs.ts'
import { untilReady } from './until-ready.ts'

const initdb = findProgram('initdb')
const postgres = findProgram('postgres')
const psql = findProgram('psql')
export const hasPostgres = initdb !== undefined && postgres !== undefined && psql !== undefined

export type Postgres = {
  /** Connection URL of the superuser; no password is asked for on loopback. */
  readonly url: string
  readonly port: number
  /** Runs SQL; returns the rows, columns separated by `|`. @throws when a statement fails */
  sql(statements: string): Promise<string>
  /** Ends all sessions, and starts again on the same port after so many milliseconds. */
  restart(downtime?: number): Promise<void>
  stop(): Promise<void>
}

/** PostgreSQL refuses to run as root; Debian's package brings a user for it. */
const account = async (): Promise<{ readonly uid?: number; readonly gid?: number }> => {
  if (process.getuid?.() !== 0) return {}
  const idOf = async (flag: string): Promise<number> => Number((await execa('id', [flag, 'postgres'])).stdout)
  return { uid: await idOf('-u'), gid: await idOf('-g') }
}

// Nothing of it must last, so nothing is forced to disk.
const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', listen_addresses: '127.0.0.1' }

/** @param more settings, such as `{ max_connections: '20' }` */
export const startPostgres = async (more: Readonly<Record<string, string>> = {}): Promise<Postgres> => {
  if (initdb === undefined || postgres === undefined || psql === undefined)
    throw new Error('PostgreSQL is not installed. Tests that need it skip when hasPostgres is false.')
  const owner = await account()
  const folder = await mkdtemp(join(tmpdir(), 'scale-surgeon-postgres-'))
  if (owner.uid !== undefined && owner.gid !== undefined) await chown(folder, owner.uid, owner.gid)
  const as = { ...owner, cwd: folder, stdin: 'ignore' } as const
  const cluster = join(folder, 'cluster')
  await execa(initdb, ['--pgdata', cluster, '--username', 'postgres', '--auth', 'trust', '--no-sync', '--encoding', 'UTF8', '--locale', 'C'], as)
  const port = await freePort()
  const options = Object.entries({ ...settings, unix_socket_directories: folder, ...more }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const start = () => execa(postgres, ['-D', cluster, '-p', String(port), ...options], { ...as, reject: false })
  let server = start()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  const sql: Postgres['sql'] = async (statements) =>
    (await execa(psql, [url, '--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set', 'ON_ERROR_STOP=1'], { input: statements })).stdout
  let isStopped = false
  const stop: Postgres['stop'] = async () => {
    if (isStopped) return
    isStopped = true
    // SIGINT is PostgreSQL's fast shutdown: it ends sessions; SIGTERM would wait for them.
    server.kill('SIGINT')
    await server
    await rm(folder, { recursive: true, force: true })
  }
  const ready = (): Promise<void> => untilReady({ server: 'PostgreSQL', running: server, isReady: async () => (await sql('select 1')) === '1', stop })
  const restart: Postgres['restart'] = async (downtime = 0) => {
    server.kill('SIGINT')
    await server
    await pause(downtime)
    server = start()
    await ready()
  }
  await ready()
  return { url, port, sql, restart, stop }
}

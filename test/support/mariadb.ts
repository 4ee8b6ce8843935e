/** A private MariaDB on a free loopback port, gone without a trace when it is stopped. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { findProgram } from './programs.ts'
import { untilReady } from './until-ready.ts'

const install = findProgram('mariadb-install-db')
const server = findProgram('mariadbd')
const client = findProgram('mariadb')
export const hasMariadb = install !== undefined && server !== undefined && client !== undefined

export type Mariadb = {
  readonly port: number
  /** Runs SQL as root; what the client prints: columns separated by tabs, no names. @throws when a statement fails */
  sql(statements: string): Promise<string>
  stop(): Promise<void>
}

/** @param settings such as `{ max_connections: '20' }` */
export const startMariadb = async (settings: Readonly<Record<string, string>> = {}): Promise<Mariadb> => {
  if (install === undefined || server === undefined || client === undefined)
    throw new Error('MariaDB is not installed. Tests that need it skip when hasMariadb is false.')
  const folder = await mkdtemp(join(tmpdir(), 'scale-surgeon-mariadb-'))
  const files = join(folder, 'files')
  const owner = process.getuid?.() === 0 ? ['--user=root'] : [] // it refuses to run as root unless told to
  await execa(install, ['--no-defaults', `--datadir=${files}`, '--auth-root-authentication-method=normal', '--skip-test-db', ...owner])
  const port = await freePort()
  const socket = join(folder, 'socket')
  // Nothing of it must last, so nothing is forced to disk.
  const all = { innodb_flush_log_at_trx_commit: '0', innodb_buffer_pool_size: '32M', ...settings }
  const flags = [`--datadir=${files}`, `--port=${port}`, '--bind-address=127.0.0.1', `--socket=${socket}`, `--pid-file=${join(folder, 'pid')}`, ...owner]
  const running = execa(server, ['--no-defaults', ...flags, ...Object.entries(all).map(([name, value]) => `--${name}=${value}`)], {
    reject: false,
    stdin: 'ignore',
  })
  const sql: Mariadb['sql'] = async (statements) =>
    (await execa(client, ['--no-defaults', `--socket=${socket}`, '--user=root', '--batch', '--skip-column-names'], { input: statements })).stdout
  const stop = async (): Promise<void> => {
    running.kill('SIGTERM')
    await running
    await rm(folder, { recursive: true, force: true })
  }
  await untilReady({ server: 'MariaDB', running, isReady: async () => (await sql('select 1')) === '1', stop })
  return { port, sql, stop }
}

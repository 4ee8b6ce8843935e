/** A private Redis on a free loopback port that keeps nothing on disk. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { findProgram } from './programs.ts'
import { untilReady } from './until-ready.ts'

const server = findProgram('redis-server')
const client = findProgram('redis-cli')
export const hasRedis = server !== undefined && client !== undefined

export type RedisServer = {
  readonly url: string
  readonly port: number
  /** What redis-cli prints. @throws when the server does not answer */
  cli(...words: string[]): Promise<string>
  /** A field of INFO, as redis-cli prints it. */
  field(name: string): Promise<number>
  stop(): Promise<void>
}

/** @param settings such as `{ maxmemory: '2mb' }` */
export const startRedis = async (settings: Readonly<Record<string, string>> = {}): Promise<RedisServer> => {
  if (server === undefined || client === undefined) throw new Error('Redis is not installed. Tests that need it skip when hasRedis is false.')
  const folder = await mkdtemp(join(tmpdir(), 'scale-surgeon-redis-'))
  const port = await freePort()
  const all = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', dir: folder, ...settings }
  const running = execa(
    server,
    Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]),
    { reject: false, stdin: 'ignore', cwd: folder },
  )
  const cli: RedisServer['cli'] = async (...words) => (await execa(client, ['-h', '127.0.0.1', '-p', String(port), ...words])).stdout
  const stop = async (): Promise<void> => {
    running.kill('SIGTERM')
    await running
    await rm(folder, { recursive: true, force: true })
  }
  await untilReady({ server: 'Redis', running, isReady: async () => (await cli('ping')) === 'PONG', stop })
  const field: RedisServer['field'] = async (name) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(await cli('info'))?.[1])
  return { url: `redis://127.0.0.1:${port}`, port, cli, field, stop }
}

/** A private RabbitMQ with its management plugin: its own node, name server (epmd) and folders, on free loopback ports. */
import { chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { findProgram } from './programs.ts'
import { untilAnswering } from './until-answering.ts'

// Debian's commands on the PATH change the user, the folder and the output. What they wrap is here.
const wrapped = '/usr/lib/rabbitmq/bin'
const server = findProgram('rabbitmq-server', [wrapped])
const control = findProgram('rabbitmqctl', [wrapped])
const epmd = findProgram('epmd')
export const hasRabbitMq = server !== undefined && control !== undefined && epmd !== undefined

export type RabbitMq = {
  /** Of the management plugin, without a user. */
  readonly url: string
  /** With the user and password that may do everything. */
  readonly administrator: string
  /** For clients that publish and consume. */
  readonly amqp: string
  /** What rabbitmqctl prints. @throws when the command fails */
  control(...words: string[]): Promise<string>
  /** Columns of rabbitmqctl list_queues by the queue's name, `vhost` being /. */
  queues(...columns: string[]): Promise<ReadonlyMap<string, readonly string[]>>
  stop(): Promise<void>
}

/** Started as root it runs as the user that its package brings along. */
const account = async (): Promise<{ readonly uid?: number; readonly gid?: number }> => {
  if (process.getuid?.() !== 0) return {}
  const idOf = async (flag: string): Promise<number> => Number((await execa('id', [flag, 'rabbitmq'])).stdout)
  return { uid: await idOf('-u'), gid: await idOf('-g') }
}

/** @param settings lines of rabbitmq.conf, such as `vm_memory_high_watermark.absolute = 1GB` */
export const startRabbitMq = async (...settings: readonly string[]): Promise<RabbitMq> => {
  if (server === undefined || control === undefined || epmd === undefined)
    throw new Error('RabbitMQ is not installed. Tests that need it skip when hasRabbitMq is false.')
  const owner = await account()
  const folder = await mkdtemp(join(tmpdir(), 'scale-surgeon-rabbitmq-'))
  await mkdir(join(folder, 'home'))
  const [names, distribution, port, management] = [await freePort(), await freePort(), await freePort(), await freePort()]
  await writeFile(
    join(folder, 'rabbitmq.conf'),
    [`listeners.tcp.default = 127.0.0.1:${port}`, `management.tcp.ip = 127.0.0.1`, `management.tcp.port = ${management}`, ...settings, ''].join('\n'),
  )
  await writeFile(join(folder, 'enabled_plugins'), '[rabbitmq_management].\n')
  await writeFile(join(folder, 'environment.conf'), '') // instead of the machine's own
  if (owner.uid !== undefined && owner.gid !== undefined) for (const each of [folder, join(folder, 'home')]) await chown(each, owner.uid, owner.gid)
  const env = {
    HOME: join(folder, 'home'),
    ERL_EPMD_PORT: String(names),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `surgeon${port}@localhost`,
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'environment.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    // One scheduler that does not spin while it waits: the tests share the machine with what they measure.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-noinput +S 1:1 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_ALLOW_INPUT: 'true', // the server instead of a shell that waits for it, so that the handle is the server's
  }
  const as = { ...owner, env, cwd: folder, stdin: 'ignore', reject: false } as const
  // In the foreground: one that the server starts by itself would outlive it.
  const nameServer = execa(epmd, ['-address', '127.0.0.1', '-port', String(names)], as)
  const node = execa(server, [], as)
  let isStopped = false
  const stop: RabbitMq['stop'] = async () => {
    if (isStopped) return
    isStopped = true
    node.kill('SIGTERM')
    await node
    nameServer.kill('SIGTERM')
    await nameServer
    await rm(folder, { recursive: true, force: true })
  }
  const url = `http://127.0.0.1:${management}`
  try {
    await untilAnswering(url, node, 50_000)
  } catch (error) {
    await stop()
    throw error
  }
  const ask: RabbitMq['control'] = async (...words) => (await execa(control, ['--quiet', ...words], { ...as, reject: true })).stdout
  const queues: RabbitMq['queues'] = async (...columns) =>
    new Map(
      (await ask('list_queues', '--no-table-headers', 'name', ...columns)).split('\n').map((line) => {
        const [name = '', ...values] = line.split('\t')
        return [name, values] as const
      }),
    )
  const administrator = url.replace('//', '//guest:guest@')
  return { url, administrator, amqp: `amqp://guest:guest@127.0.0.1:${port}`, control: ask, queues, stop }
}

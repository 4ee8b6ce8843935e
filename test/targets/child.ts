/** Starts child.mjs and speaks with it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Target } from './target.ts'

/** Milliseconds for which answers of status 200 were held, from the arrival of their request. */
export type Held = { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number }

/** How long a service takes, in milliseconds: always the same, with every so-manieth slow, or exponentially distributed. */
export type Service = { readonly constant: number; readonly slow?: number; readonly slowEvery?: number } | { readonly mean: number; readonly seed: number }

export type Orders = {
  readonly service: Service
  /** Kills itself as the request after so many arrives. */
  readonly dieAfter?: number
  /** So many requests are served at once, so many more wait in line, and the rest is turned away with 503 at once. */
  readonly pool?: { readonly servers: number; readonly places: number }
  /** Bytes that each request leaves behind. */
  readonly leak?: number
}

export type Reply = {
  readonly id: number
  readonly requests: number
  readonly connections: number
  readonly statuses: Readonly<Record<string, number>>
  readonly held: Held
  /** Milliseconds of service begun so far. */
  readonly work: number
  readonly leaked: number
  /** Bytes outside the heap that the process holds. */
  readonly memory: number
}

type Question = {
  /** Only requests to it. */
  readonly path?: string
  /** Milliseconds for which no answer goes out from now on. */
  readonly hold?: number
  /** Asks for times since arrivals were due, with so many milliseconds between them, of requests that carry their number in x-arrival. */
  readonly gap?: number
}

export type Child = Target & {
  readonly pid: number
  /** @throws {Error} when the child is dead */
  ask(question?: Question): Promise<Reply>
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void
}

const isDead = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

const asker = (child: ChildProcess): Child['ask'] => {
  let last = 0
  return (question = {}) => {
    last += 1
    const id = last
    return new Promise((resolve, reject) => {
      const hear = (reply: Reply): void => {
        if (reply.id !== id) return
        child.off('message', hear)
        child.off('exit', died)
        resolve(reply)
      }
      const died = (): void => reject(new Error('The target is dead and can not be asked.'))
      if (isDead(child)) return died()
      child.on('message', hear)
      child.once('exit', died)
      child.send({ id, ...question })
    })
  }
}

export const startChild = async (orders: Orders): Promise<Child> => {
  const file = fileURLToPath(new URL('./child.mjs', import.meta.url))
  // Without the test runner's own execArgv.
  const child = fork(file, [JSON.stringify(orders)], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const ask = asker(child)
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    ask,
    requests: async (path) => (await ask(path === undefined ? {} : { path })).requests,
    connections: async () => (await ask()).connections,
    signal: (name) => void child.kill(name),
    stop: async () => {
      if (isDead(child)) return
      const ended = once(child, 'exit')
      // SIGKILL ends a stopped process too.
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Starts child.mjs and speaks with it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Held } from './delays.ts'
import type { Target } from './target.ts'

type Reply = { readonly id: number; readonly requests: number; readonly connections: number; readonly held: Held }

export type Child = Target & {
  readonly pid: number
  /** @throws {Error} when the child is dead */
  ask(path?: string): Promise<Reply>
  signal(name: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void
}

const isDead = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null

const asker = (child: ChildProcess): Child['ask'] => {
  let last = 0
  return (path) => {
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
      child.send({ id, ...(path !== undefined && { path }) })
    })
  }
}

export const startChild = async (orders: { readonly delay: number; readonly dieAfter?: number }): Promise<Child> => {
  const file = fileURLToPath(new URL('./child.mjs', import.meta.url))
  // Without the test runner's own execArgv.
  const child = fork(file, [JSON.stringify(orders)], { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  const ask = asker(child)
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    ask,
    requests: async (path) => (await ask(path)).requests,
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

/** Instances of test/targets/one-at-a-time.mjs, each a process of its own, started and stopped by their handles. */
import { execa } from 'execa'
import { freePort } from './free-port.ts'

export type InstanceState = { readonly arrived: number; readonly waiting: number; readonly busy: number; readonly responseTimes: readonly number[] }

export type Instance = {
  readonly port: number
  /** @returns undefined while it does not answer */
  state(): Promise<InstanceState | undefined>
  stop(): Promise<void>
}

export type InstanceOrders = {
  /** Path of one-at-a-time.mjs: a program that was bundled from here does not know where it came from. */
  readonly program: string
  /** Requests per second that one serves. */
  readonly capacity: number
  /** s from its start until it listens. */
  readonly boot: number
}

export const startInstance = async ({ program, capacity, boot }: InstanceOrders): Promise<Instance> => {
  const port = await freePort()
  const running = execa(process.execPath, [program, String(port), String(capacity), String(boot)], { reject: false, stdin: 'ignore' })
  return {
    port,
    state: async () => {
      try {
        return (await (await fetch(`http://127.0.0.1:${port}/state`)).json()) as InstanceState
      } catch {
        return undefined
      }
    },
    stop: async () => {
      running.kill('SIGKILL')
      await running
    },
  }
}

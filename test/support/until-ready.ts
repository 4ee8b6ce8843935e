import { setTimeout as pause } from 'node:timers/promises'

type Starting = {
  /** For the message. */
  readonly server: string
  /** Settles when the server has ended, which it must not. */
  readonly running: PromiseLike<unknown>
  readonly isReady: () => Promise<boolean>
  /** Called before it throws. */
  readonly stop?: () => Promise<void>
  /** Milliseconds. @default 20000 */
  readonly patience?: number
}

/** What is worth reading of how a process ended: its last words. */
const lastWords = (ended: unknown): string => {
  const { stderr = '', stdout = '', exitCode } = ended as { readonly stderr?: string; readonly stdout?: string; readonly exitCode?: number }
  return `code ${exitCode ?? 'unknown'}: ${`${stdout}\n${stderr}`.trim().slice(-500)}`
}

/**
 * Waits until a server that was just started is ready.
 * @throws {Error} when it ends first, or is not ready in time
 */
export const untilReady = async ({ server, running, isReady, stop = async () => {}, patience = 20_000 }: Starting): Promise<void> => {
  let ended: unknown
  const end = (result: unknown): void => {
    ended = result
  }
  running.then(end, end)
  for (const start = performance.now(); performance.now() - start < patience; await pause(50)) {
    if (await isReady().catch(() => false)) return
    if (ended === undefined) continue
    await stop()
    throw new Error(`${server} ended before it was ready, with ${lastWords(ended)}`)
  }
  await stop()
  throw new Error(`${server} was not ready within ${patience} ms.`)
}

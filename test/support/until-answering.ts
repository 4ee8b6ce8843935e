import { setTimeout as pause } from 'node:timers/promises'

/**
 * Waits until a server that was just started answers HTTP.
 * @param process settles when the server has ended, which it must not
 * @throws {Error} when it ends first, or does not answer within `patience` milliseconds
 */
export const untilAnswering = async (url: string, process: PromiseLike<unknown>, patience = 20_000): Promise<void> => {
  let ended: unknown
  process.then(
    (result) => {
      ended = result
    },
    (error) => {
      ended = error
    },
  )
  for (const start = performance.now(); performance.now() - start < patience; await pause(50)) {
    if (ended !== undefined) throw new Error(`The server for ${url} ended before it answered: ${JSON.stringify(ended)}`)
    const answered = await fetch(url).then(
      (answer) => answer.arrayBuffer().then(() => true),
      () => false,
    )
    if (answered) return
  }
  throw new Error(`The server for ${url} did not answer within ${patience} ms.`)
}

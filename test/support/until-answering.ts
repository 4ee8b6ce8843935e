import { untilReady } from './until-ready.ts'

/**
 * Waits until a server that was just started answers HTTP.
 * @param running settles when the server has ended, which it must not
 * @throws {Error} when it ends first, or does not answer within `patience` milliseconds
 */
export const untilAnswering = (url: string, running: PromiseLike<unknown>, patience?: number): Promise<void> =>
  untilReady({
    server: `The server for ${url}`,
    running,
    isReady: async () => {
      await (await fetch(url)).arrayBuffer()
      return true
    },
    ...(patience !== undefined && { patience }),
  })

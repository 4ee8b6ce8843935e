/** Targets that answer after a known time. */
import { type Child, startChild } from './child.ts'
import { serve, serveRaw, type Target } from './target.ts'

/** Milliseconds. */
export type Held = { readonly p50: number; readonly p95: number; readonly p99: number; readonly max: number }

/**
 * Every request is answered after the same time, in a process of its own, so that the test's event loop does not move the truth.
 * Node's timers count whole milliseconds: an answer is up to about 1.5 ms late and never early. `held` tells how long the server
 * really held the answers, from the arrival of the request; a service time is this plus the way through the loopback interface.
 */
export const startConstantDelay = async (
  milliseconds: number,
): Promise<Child & { truth: () => { readonly milliseconds: number }; held: () => Promise<Held> }> => {
  const child = await startChild({ delay: milliseconds })
  return { ...child, truth: () => ({ milliseconds }), held: async () => (await child.ask()).held }
}

/** The head of the answer comes in pieces, the last one after `milliseconds`. The truth holds for a timer's accuracy, 1 ms a piece. */
export const startSlowHeader = async (milliseconds: number, pieces = 5): Promise<Target & { truth: () => { readonly milliseconds: number } }> => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nx-slow: yes\r\ncontent-length: 2\r\n\r\nok'
  const size = Math.ceil(head.length / pieces)
  const target = await serveRaw((socket) => {
    for (let piece = 0; piece < pieces; piece += 1)
      setTimeout(() => socket.writable && socket.write(head.slice(piece * size, (piece + 1) * size)), ((piece + 1) * milliseconds) / pieces)
  })
  return { ...target, truth: () => ({ milliseconds }) }
}

/** The head comes at once, the body in pieces, the last one after `milliseconds`. */
export const startSlowBody = async (
  milliseconds: number,
  pieces = 5,
): Promise<Target & { truth: () => { readonly milliseconds: number; readonly bytes: number } }> => {
  const piece = 'x'.repeat(1000)
  const target = await serve((_, response) => {
    response.writeHead(200, { 'content-length': pieces * piece.length }).flushHeaders()
    for (let n = 1; n <= pieces; n += 1) setTimeout(() => (n === pieces ? response.end(piece) : response.write(piece)), (n * milliseconds) / pieces)
  })
  return { ...target, truth: () => ({ milliseconds, bytes: pieces * piece.length }) }
}

/**
 * A server with a constant service time that can be stopped as a whole (SIGSTOP) for a while. POSIX only.
 *
 * truth(p) is the quantile of response time, from when arrivals were due, of a steady load of `duration` seconds with one freeze of F seconds:
 *   S for p ≤ 1 − F/T, and S + (p − (1 − F/T))·T above, because an arrival that meets the freeze waits evenly between 0 and F.
 * The burst after the freeze is taken to be answered at once. Rates don't matter, as long as every arrival is sent when it is due.
 * @example truth({ p: 0.95, duration: 10, freeze: 1 }) // 505 with a service time of 5 ms
 */
export const startFreezable = async (
  serviceTime: number,
): Promise<
  Child & {
    /** Stops the server; resolves when it goes on. @returns milliseconds that it stood still */
    freeze: (milliseconds: number) => Promise<number>
    truth: (asked: { readonly p: number; readonly duration: number; readonly freeze: number }) => number
  }
> => {
  const child = await startChild({ delay: serviceTime })
  return {
    ...child,
    freeze: async (milliseconds) => {
      const start = performance.now()
      child.signal('SIGSTOP')
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      child.signal('SIGCONT')
      return performance.now() - start
    },
    truth: ({ p, duration, freeze }) => serviceTime + Math.max(0, p - (1 - freeze / duration)) * duration * 1000,
  }
}

/** Answers the given number of requests, then kills itself as the next one arrives: that one is cut off, all later ones are refused. */
export const startDying = async (answers: number): Promise<Child & { truth: () => { readonly answered: number } }> => ({
  ...(await startChild({ delay: 0, dieAfter: answers })),
  truth: () => ({ answered: answers }),
})

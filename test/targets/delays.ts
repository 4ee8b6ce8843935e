/** Targets that answer after a known time. */
import { type Child, type Held, startChild } from './child.ts'
import { serve, serveRaw, type Target } from './target.ts'
import { boundedWaitQuantile, turnedAway } from './truth/queue.ts'

type Holding = Child & { held: () => Promise<Held> }

const holding = (child: Child): Holding => ({ ...child, held: async () => (await child.ask()).held })

/**
 * Every request is answered after the same time, in a process of its own, so that the test's event loop does not move the truth.
 * Node's timers count whole milliseconds: an answer is up to about 1.5 ms late and never early. `held` tells how long the server
 * really held the answers, from the arrival of the request; a service time is this plus the way through the loopback interface.
 */
export const startConstantDelay = async (milliseconds: number): Promise<Holding & { truth: () => { readonly milliseconds: number } }> => {
  const child = await startChild({ service: { constant: milliseconds } })
  return { ...holding(child), truth: () => ({ milliseconds }) }
}

/** Nine requests in ten take `fast` milliseconds, every tenth `slow`: so many of each after so many requests, whoever asks. */
export const startTwoPoint = async (
  fast: number,
  slow: number,
): Promise<Holding & { truth: (requests: number) => { readonly fast: number; readonly slow: number; readonly quantile: (p: number) => number } }> => {
  const child = await startChild({ service: { constant: fast, slow, slowEvery: 10 } })
  return {
    ...holding(child),
    truth: (requests) => {
      const slowOnes = Math.floor(requests / 10)
      const rank = (p: number): number => Math.max(1, Math.ceil(p * requests - 1e-9))
      return { fast: requests - slowOnes, slow: slowOnes, quantile: (p) => (rank(p) <= requests - slowOnes ? fast : slow) }
    },
  }
}

/** Exponential service times, without a queue. `truth` is what a long run comes near; a short one is what `held` says. */
export const startExponential = async (mean: number, seed = 1): Promise<Holding & { truth: (p: number) => number }> => {
  const child = await startChild({ service: { mean, seed } })
  return { ...holding(child), truth: (p) => -mean * Math.log(1 - p) }
}

/**
 * A pool of servers before which requests stand in line, and are turned away with 503 when `places` stand there already.
 * `truth` is that of Poisson arrivals and exponential service in the long run, see truth/queue.ts; of a short run `held` and `statuses` are.
 */
export const startPool = async (
  pool: { readonly servers: number; readonly places: number },
  mean: number,
  distribution: 'exponential' | 'constant' = 'exponential',
): Promise<
  Holding & {
    /** @param rate arrivals per second; waits in milliseconds */
    truth: (rate: number) => { readonly turnedAway: number; readonly wait: (p: number) => number }
  }
> => {
  const child = await startChild({ service: distribution === 'constant' ? { constant: mean } : { mean, seed: 1 }, pool })
  return {
    ...holding(child),
    truth: (rate) => {
      const queue = { ...pool, arrivals: rate / 1000, service: 1 / mean }
      return { turnedAway: turnedAway(queue), wait: (p) => boundedWaitQuantile(queue, p) }
    },
  }
}

/** Each request leaves so many bytes behind. */
export const startLeak = async (
  bytes: number,
): Promise<
  Child & { truth: (requests: number) => { readonly bytes: number } /** Bytes outside the heap that it holds now. */; memory: () => Promise<number> }
> => {
  const child = await startChild({ service: { constant: 0 }, leak: bytes })
  return { ...child, truth: (requests) => ({ bytes: requests * bytes }), memory: async () => (await child.ask()).memory }
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
 * A server with a constant service time that can be stopped as a whole (SIGSTOP, POSIX only), or hold all its answers, for a while.
 * Either way what comes in meanwhile is only begun at its end. With a limit of connections, see truth/frozen.ts.
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
    /** The server goes on accepting and reading, and answers nobody. @returns milliseconds for which it did */
    hold: (milliseconds: number) => Promise<number>
    truth: (asked: { readonly p: number; readonly duration: number; readonly freeze: number }) => number
  }
> => {
  const child = await startChild({ service: { constant: serviceTime } })
  return {
    ...child,
    freeze: async (milliseconds) => {
      const start = performance.now()
      child.signal('SIGSTOP')
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      child.signal('SIGCONT')
      return performance.now() - start
    },
    hold: async (milliseconds) => {
      await child.ask({ hold: milliseconds })
      await new Promise((resolve) => setTimeout(resolve, milliseconds))
      return milliseconds
    },
    truth: ({ p, duration, freeze }) => serviceTime + Math.max(0, p - (1 - freeze / duration)) * duration * 1000,
  }
}

/** Answers the given number of requests, then kills itself as the next one arrives: that one is cut off, all later ones are refused. */
export const startDying = async (answers: number): Promise<Child & { truth: () => { readonly answered: number } }> => ({
  ...(await startChild({ service: { constant: 0 }, dieAfter: answers })),
  truth: () => ({ answered: answers }),
})

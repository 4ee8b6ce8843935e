import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { Exit, K6Process } from '../../../../runner/engines/k6/process.ts'
import { supervise } from '../../../../runner/engines/k6/supervise.ts'

/** A k6 that ends only for the signals it is told to obey. */
const aProcess = (obeys: readonly string[]) => {
  const got: string[] = []
  let end: (exit: Exit) => void = () => {}
  const exit = new Promise<Exit>((resolve) => {
    end = resolve
  })
  const take = (signal: NodeJS.Signals): void => {
    got.push(signal)
    if (obeys.includes(signal)) end({ code: null, signal })
  }
  const k6: K6Process = { pid: 1, exit, hasEnded: () => false, signal: take, killGroup: () => take('SIGKILL') }
  return { k6, got, end }
}
const limits = { silence: 300, stopping: 200, terminating: 200, killing: 100 }
const never = new AbortController().signal
const watched = { port: 9, deadline: () => undefined, isDoomed: () => false, limits }

// Side by side: each waits for a process of its own.
test.concurrent('a k6 that neither answers nor sends anything is ended, by force if need be', async () => {
  const { k6, got } = aProcess(['SIGKILL'])
  const ended = await supervise({ ...watched, k6, lastPush: () => 0, signals: { stop: never, kill: never } })
  expect(got).toEqual(['SIGTERM', 'SIGKILL'])
  expect(ended).toMatchObject({ exit: { signal: 'SIGKILL' }, stoppedAt: undefined })
  expect(ended.problem).toContain('neither answered nor sent figures')
})

test.concurrent('one that does not end when its time is over is ended', async () => {
  const { k6 } = aProcess(['SIGTERM'])
  const ended = await supervise({ ...watched, k6, lastPush: () => Date.now(), deadline: () => Date.now() - 1, signals: { stop: never, kill: never } })
  expect(ended.problem).toContain('had not ended long after the load')
})

test.concurrent('a stop is asked for politely, then by signals', async () => {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.method ?? '')
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { k6, got } = aProcess(['SIGKILL'])
  const ended = await supervise({
    ...watched,
    k6,
    port: (server.address() as AddressInfo).port,
    lastPush: () => Date.now(),
    signals: { stop: AbortSignal.abort(), kill: never },
  })
  server.close()
  expect(asked[0]).toBe('PATCH')
  expect(got).toEqual(['SIGTERM', 'SIGKILL'])
  expect(ended.stoppedAt).toBeGreaterThan(0)
  expect(ended.problem).toBeUndefined()
})

test.concurrent('a normal end is a normal end', async () => {
  const { k6, end } = aProcess([])
  setTimeout(() => end({ code: 0, signal: null }), 50)
  expect(await supervise({ ...watched, k6, lastPush: () => Date.now(), signals: { stop: never, kill: never } })).toEqual({
    exit: { code: 0, signal: null },
    stoppedAt: undefined,
    problem: undefined,
  })
})

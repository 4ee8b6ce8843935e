import { readFileSync } from 'node:fs'
import { createServer as createTlsServer } from 'node:https'
import { afterEach, describe, expect, test } from 'vitest'
import { judgeLevel } from '../../../../budgets/capacity/sweep-level.ts'
import { quantile } from '../../../../runner/stats/quantile.ts'
import { startConstantDelay, startDying } from '../../../targets/delays.ts'
import { listen, RequestCounts, serve, serveRaw, type Target } from '../../../targets/target.ts'
import { type Swept, sweep } from './sweeping.ts'

const opened: Target[] = []
const keep = <T extends Target>(target: T): T => {
  opened.push(target)
  return target
}
afterEach(() => Promise.all(opened.splice(0).map((target) => target.stop())))

const kindsOf = ({ total }: Swept): Record<string, number> => {
  const kinds: Record<string, number> = {}
  for (const { errors } of total.cells) for (const [kind, count] of Object.entries(errors)) kinds[kind] = (kinds[kind] ?? 0) + count
  return kinds
}
const completedIn = ({ total }: Swept): number => total.cells.reduce((sum, { count }) => sum + count, 0)

/** What holds whatever the target does. */
const expectSums = (swept: Swept): void => {
  const { total } = swept
  expect(total.planned).toBe(total.started)
  expect(total.dropped).toBe(0)
  expect(total.started).toBe(total.iterations.completed + total.iterations.interrupted)
  expect(total.iterations.completed).toBe(completedIn(swept))
}

describe('a server of known delay', () => {
  test('N connections get N ÷ delay, and every request that reached it is counted once', async () => {
    const target = keep(await startConstantDelay(20))
    const swept = await sweep({ url: target.url })
    expectSums(swept)
    expect(await target.requests()).toBe(swept.total.started)
    expect(await target.connections()).toBe(1 + 2 + 4 + 1) // and the one that asked whether it listens
    const { p50: held } = await target.held()
    for (const level of swept.levels) {
      // Never faster than the server can be; how much slower is the machine's business.
      expect(level.completed / level.seconds).toBeLessThanOrEqual((level.connections * 1000) / 20 + level.connections)
      expect(level.completed / level.seconds).toBeGreaterThan((level.connections * 1000) / 20 / 4)
      expect(level.failed).toBe(0)
      expect(quantile(level.serviceTime, 0.5)).toBeGreaterThan(held * 0.99)
      expect(judgeLevel(level, { batch: 0.2 }).residual).toBeLessThan(0.1)
      expect(level.batches.reduce((sum, count) => sum + count, 0)).toBe(level.completed)
    }
    expect(swept.levels.map(({ connections }) => connections)).toEqual([1, 2, 4])
    expect(swept.ending).toMatchObject({ state: 'completed', because: 'N = 4 was the last level planned' })
  })

  test('response time is not stated, since nothing was due', async () => {
    const target = keep(await serve((_, response) => void response.end('ok')))
    const { total } = await sweep({ url: target.url, planned: [1] })
    expect(total.cells.map(({ responseTime }) => responseTime.count)).toEqual([0])
    expect(total.lag.count).toBe(0)
  })
})

test('what is asked for goes round in turn, with its method, body and headers', async () => {
  const heard: string[] = []
  const target = keep(
    await serve((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        heard.push(`${request.method} ${request.url} ${request.headers.host} ${request.headers['x-own'] ?? '-'} ${body}`)
        response.end('ok')
      })
    }),
  )
  const requests = [
    { method: 'GET', path: '/products/7?size=l' },
    { method: 'POST', path: '/cart', headers: { 'x-own': 'yes' }, body: '{"item":7}' },
  ]
  const swept = await sweep({ url: target.url.replace('127.0.0.1', 'localhost'), planned: [1], requests })
  const host = new URL(target.url.replace('127.0.0.1', 'localhost')).host
  expect(heard.slice(0, 3)).toEqual([`GET /products/7?size=l ${host} - `, `POST /cart ${host} yes {"item":7}`, `GET /products/7?size=l ${host} - `])
  expect(swept.total.cells.map(({ endpoint }) => endpoint)).toEqual(['GET /products/:id', 'POST /cart'])
  const [gets, posts] = swept.total.cells.map(({ count }) => count)
  expect(Math.abs((gets ?? 0) - (posts ?? 0))).toBeLessThanOrEqual(1)
})

describe('where autocannon alone would be wrong', () => {
  test('a server that ends the connection with each answer fails nothing and is held to N connections', async () => {
    let open = 0
    let most = 0
    const target = keep(
      await serveRaw((socket) => {
        open += 1
        most = Math.max(most, open)
        setTimeout(() => {
          open -= 1
          socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok')
        }, 5)
      }),
    )
    const swept = await sweep({ url: target.url, planned: [4] })
    expectSums(swept)
    expect(kindsOf(swept)).toEqual({})
    expect(swept.ending.caveats.map(({ code }) => code)).toEqual(['sent-again'])
    expect(most).toBeLessThanOrEqual(8) // four, and for a moment those that were sent too late
    expect(judgeLevel(swept.levels[0] as never, { batch: 0.2 }).residual).toBeLessThan(0.3)
  })

  test('an answer that ends with its connection is an answer', async () => {
    const target = keep(await serveRaw((socket) => void socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello')))
    const swept = await sweep({ url: target.url, planned: [2] })
    expectSums(swept)
    expect(kindsOf(swept)).toEqual({})
    expect(swept.levels[0]?.completed).toBeGreaterThan(10)
  })

  test('lost requests fail by their kind, and do not lengthen the times of those after them', async () => {
    let asked = 0
    const lost = { reset: 0, closed: 0 }
    const held: number[] = []
    const target = keep(
      await serveRaw((socket) => {
        asked += 1
        if (asked % 10 === 0) {
          lost.reset += 1
          socket.resetAndDestroy()
        } else if (asked % 10 === 5) {
          lost.closed += 1
          socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this')
        } else {
          const reached = performance.now()
          setTimeout(() => {
            held.push(performance.now() - reached)
            if (socket.writable) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok')
          }, 10)
        }
      }),
    )
    const swept = await sweep({ url: target.url, planned: [1, 2], hold: 1.2 })
    expectSums(swept)
    expect(kindsOf(swept)).toEqual(lost)
    const success = swept.total.cells.find(({ outcome }) => outcome === 'success')
    // With autocannon's own clock a fourth of them, those after a lost one, take 10 ms and more longer than the server held them.
    const heldLongest = held.sort((a, b) => a - b)[Math.floor(held.length * 0.85)] ?? 0
    expect(quantile(success?.serviceTime ?? ({} as never), 0.85)).toBeLessThan(heldLongest + 9)
  })

  test('a certificate that is not valid is not accepted, unless asked for', async () => {
    const tls = new URL('../../../targets/tls/', import.meta.url)
    const [key, cert] = ['key.pem', 'certificate.pem'].map((name) => readFileSync(new URL(name, tls)))
    const target = keep(
      await listen(
        createTlsServer({ key, cert } as never, (_, response) => void response.end('ok')),
        new RequestCounts(),
        true,
      ),
    )
    const refused = await sweep({ url: target.url, planned: [1] })
    expect(Object.keys(kindsOf(refused))).toEqual(['tls'])
    expect(refused.ending.because).toContain('requests in a row got no answer, the last one by "tls"')
    const accepted = await sweep({ url: target.url, planned: [1], insecure: true })
    expect(kindsOf(accepted)).toEqual({})
    expect(accepted.levels[0]?.completed).toBeGreaterThan(10)
  })
})

describe('a target that gives way', () => {
  test('dies: the connections are given up after a hundred failures, not hammered on', async () => {
    const target = keep(await startDying(30))
    const swept = await sweep({ url: target.url, planned: [2], hold: 60 })
    expectSums(swept)
    expect(kindsOf(swept).refused).toBeGreaterThan(50)
    expect(completedIn(swept)).toBeLessThan(200)
    expect(swept.ending).toMatchObject({
      state: 'completed',
      because: expect.stringMatching(/^at N = 2 100 requests in a row got no answer, the last one by "refused"$/),
    })
    expect(swept.levels).toEqual([])
  })

  test('falls silent: timeouts are failures of the length of the limit', async () => {
    const target = keep(await serve(() => {}))
    const swept = await sweep({ url: target.url, planned: [2], hold: 2.6, timeout: 1 })
    expectSums(swept)
    expect(Object.keys(kindsOf(swept))).toEqual(['timeout'])
    const [cell] = swept.total.cells
    expect(cell?.serviceTime.min).toBeGreaterThan(990)
  })

  test('was never there: said before anything is sent', async () => {
    const target = await serve(() => {})
    await target.stop()
    await expect(sweep({ url: target.url })).rejects.toThrow(/^127\.0\.0\.1 accepts no connection on port \d+ at 127\.0\.0\.1\./)
  })

  test('errors are told by status', async () => {
    let asked = 0
    const target = keep(
      await serve((_, response) => {
        asked += 1
        response.writeHead(asked % 2 === 0 ? 503 : 200).end('x')
      }),
    )
    const swept = await sweep({ url: target.url, planned: [1] })
    expectSums(swept)
    expect(Object.keys(kindsOf(swept))).toEqual(['HTTP 503'])
    expect(swept.levels[0]?.failed).toBeGreaterThan(0)
    expect(swept.levels[0]?.serviceTime.count).toBe((swept.levels[0]?.completed ?? 0) - (swept.levels[0]?.failed ?? 0))
  })
})

describe('ends', () => {
  test('at the ceiling of the target’s entry, which no second exceeds', async () => {
    const target = keep(await serve((_, response) => void response.end('ok')))
    const swept = await sweep({ url: target.url, planned: [1, 2], ceiling: 50 })
    expect(swept.ending.because).toBe('at N = 1 the target was asked 51 times in a second, and its entry in targets.allow permits 50/s')
    expect(await target.requests()).toBeLessThanOrEqual(51)
    expectSums(swept)
  })

  test('when whoever watches has seen enough', async () => {
    const target = keep(await serve((_, response) => void response.end('ok')))
    const { ending, levels } = await sweep({ url: target.url, onLevel: ({ connections }) => (connections === 2 ? 'two are enough' : undefined) })
    expect(ending).toMatchObject({ state: 'completed', because: 'two are enough' })
    expect(levels.length).toBe(2)
  })

  test('when it is stopped, with the levels that were whole and the answers under way', async () => {
    const target = keep(await startConstantDelay(50))
    const swept = await sweep({ url: target.url, stopAfter: 1.9 })
    expectSums(swept)
    expect(swept.ending).toMatchObject({ state: 'stopped', because: 'stopped at N = 2' })
    expect(swept.levels.map(({ connections }) => connections)).toEqual([1])
    expect(swept.total.iterations.interrupted).toBe(0)
  })

  test('at once when it is killed, with what was cut off counted as such', async () => {
    const target = keep(await serve(() => {}))
    const swept = await sweep({ url: target.url, planned: [3], killAfter: 0.5 })
    expectSums(swept)
    expect(swept.total.iterations.interrupted).toBe(3)
  })
})

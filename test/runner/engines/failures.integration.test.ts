import { expect, test } from 'vitest'
import { startHttp2, startNoKeepAlive, startTls } from '../../targets/answers.ts'
import { startDying } from '../../targets/delays.ts'
import {
  startCloses,
  startDeaf,
  startHalfAnswer,
  startHangs,
  startHangsInBody,
  startNoHttp,
  startRefused,
  startReset,
  startStalledTls,
} from '../../targets/faults.ts'
import { serve, serveRaw } from '../../targets/target.ts'
import { cellOf, forEachEngine } from './measuring.ts'

const get = `export default scenario({ journeys: [journey('one', async ({ http }) => { await http.get('/', { timeout: '200ms' }) })] })`
const load = { scenario: get, rate: '40/s', duration: '500ms' } as const
const patient = { ...load, scenario: get.replace("{ timeout: '200ms' }", '{}') } as const

forEachEngine((measure, engine) => {
  test.each([
    ['a port that nobody listens on', startRefused],
    ['a connection that is reset', startReset],
    ['a connection that is closed instead of an answer', startCloses],
    ['half an answer', startHalfAnswer],
    ['an answer that is no HTTP', startNoHttp],
    ['a server that never answers', startHangs],
    ['a body without an end', startHangsInBody],
    ['a server that does not even accept', startDeaf],
    ['a TLS handshake without an end', startStalledTls],
  ])('%s is counted under its own kind, as often as the server saw it', async (_, start) => {
    const target = await start()
    const { total, error, ending } = await measure({ target: target.url, ...load })
    const seen = await target.requests()
    await target.stop()
    const { error: kind } = target.truth()
    expect(error).toBeUndefined()
    expect(ending).toMatchObject({ state: 'completed' })
    expect(cellOf(total, 'GET /', 'failure')).toMatchObject({ count: 20, errors: { [kind]: 20 }, statuses: { 0: 20 } })
    if (seen > 0) expect(seen).toBe(20)
    expect(total.iterations).toMatchObject({ completed: 20, failed: 0, unavailable: 20 })
    // What was never sent has no service time; what failed never makes a percentile of successes.
    expect(cellOf(total, 'GET /', 'failure').serviceTime.count).toBe(start === startRefused || start === startStalledTls ? 0 : 20)
    expect(total.cells.filter(({ outcome }) => outcome === 'success')).toEqual([])
    if (kind === 'timeout') expect(cellOf(total, 'GET /', 'failure').responseTime.min).toBeGreaterThan(engine === 'k6' ? 199 : 199.999) // k6's own start is known to half a millisecond
  })

  test('an answer in chunks that ends in the middle is no answer', async () => {
    const target = await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n'))
    const { total } = await measure({ target: target.url, ...patient })
    await target.stop()
    expect(cellOf(total, 'GET /', 'failure')).toMatchObject({ count: 20, errors: { closed: 20 }, statuses: { 0: 20 } })
  })

  test('a certificate that nobody vouches for is a failure, unless the plan accepts it', async () => {
    const target = await startTls()
    const strict = await measure({ target: target.url, ...patient })
    const trusting = await measure({ target: target.url, ...patient, plan: { insecure: true } })
    await target.stop()
    expect(cellOf(strict.total, 'GET /', 'failure').errors).toEqual({ tls: 20 })
    expect(cellOf(trusting.total, 'GET /').count).toBe(20)
  })

  test('HTTP/2 is spoken where the engine can, and a server that speaks nothing else fails as TLS where it can not', async () => {
    for (const alone of [false, true]) {
      const target = await startHttp2({ alone })
      const { total, log } = await measure({
        target: target.url,
        rate: '10/s',
        duration: '100ms',
        plan: { insecure: true },
        scenario: `export default scenario({ journeys: [journey('one', async ({ http }) => { console.log('said ' + (await http.get('/', { timeout: '5s' })).body) })] })`,
      })
      const seen = await target.requests()
      await target.stop()
      const truth = target.truth({ speaks: engine === 'k6' ? '2.0' : '1.1' })
      if ('version' in truth) {
        expect(log.join()).toContain(`said ${truth.version}`)
        expect([cellOf(total, 'GET /').count, seen]).toEqual([1, 1])
      } else {
        expect(cellOf(total, 'GET /', 'failure').errors).toEqual({ [truth.error]: 1 })
        expect(seen).toBe(0)
      }
    }
  })

  test('a host off the list is refused without a connection', async () => {
    const target = await serve((_, response) => void response.end())
    const { total } = await measure({
      target: target.url,
      rate: '10/s',
      duration: '100ms',
      scenario: `export default scenario({ journeys: [journey('one', async ({ http }) => { await http.get('http://other.example/x') })] })`,
    })
    await target.stop()
    expect(cellOf(total, 'GET other.example/x', 'failure').errors).toEqual({ [engine === 'k6' ? 'dns' : 'blocked']: 1 }) // k6 knows addresses alone, and asks for one
  })

  test('a server that dies in the middle leaves answers, one that was cut off, and refusals', async () => {
    const target = await startDying(30)
    const { total } = await measure({ target: target.url, ...patient, rate: '100/s', duration: '1s' })
    expect(cellOf(total, 'GET /').count).toBe(30)
    const { errors, count } = cellOf(total, 'GET /', 'failure')
    const { refused = 0, ...cutOff } = errors
    expect(count).toBe(70)
    expect(refused).toBeGreaterThan(35) // a machine that is busy takes a while to close what a dead process had open
    expect(Object.keys(cutOff).every((kind) => kind === 'closed' || kind === 'reset')).toBe(true)
  })

  test('a server without keep-alive costs each request a connection, in its set-up time', async () => {
    const target = await startNoKeepAlive()
    const { total } = await measure({ target: target.url, ...patient })
    const opened = await target.connections()
    await target.stop()
    const { setupTime, count } = cellOf(total, 'GET /')
    expect(opened).toBe(20)
    expect(count).toBe(20)
    expect(setupTime.min).toBeGreaterThan(0)
  })
})

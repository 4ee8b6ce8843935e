import { request } from 'node:http'
import { request as requestOverTls } from 'node:https'
import { afterAll, expect, test } from 'vitest'
import {
  type FaultyTarget,
  startCloses,
  startDeaf,
  startHalfAnswer,
  startHangs,
  startHangsInBody,
  startNoHttp,
  startRefused,
  startReset,
  startStalledTls,
} from './faults.ts'

const targets: FaultyTarget[] = []
afterAll(() => Promise.all(targets.splice(0).map((target) => target.stop())))

/** What Node's own client says: the error's code, or `timeout` after a while. */
const ask = (url: string): Promise<string> =>
  new Promise((resolve) => {
    const asked = (url.startsWith('https') ? requestOverTls : request)(url, (response) => {
      response.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.message}`))
      response.on('end', () => resolve(`HTTP ${response.statusCode}`))
      response.resume()
    })
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(`${error.code} ${error.message}`))
    asked.setTimeout(600, () => {
      resolve('timeout')
      asked.destroy()
    })
    asked.end()
  })

// Side by side: most of them wait for what never comes.
test.concurrent.each([
  ['a port that nobody listens on', startRefused, 'refused', /ECONNREFUSED/, 0],
  ['a reset', startReset, 'reset', /ECONNRESET read/, 1],
  ['a close instead of an answer', startCloses, 'closed', /socket hang up/, 1],
  ['half an answer', startHalfAnswer, 'closed', /aborted/, 1],
  ['an answer that is no HTTP', startNoHttp, 'protocol', /HPE_/, 1],
  ['no answer', startHangs, 'timeout', /timeout/, 1],
  ['no end of the answer', startHangsInBody, 'timeout', /timeout/, 1],
  ['a deaf server', startDeaf, 'timeout', /timeout/, 0],
  ['a TLS handshake without an end', startStalledTls, 'timeout', /timeout/, 0],
] as const)('%s is what it says', async (_, start, kind, seen, requests) => {
  const target = await start()
  targets.push(target)
  expect(target.truth().error).toBe(kind)
  expect(await ask(target.url)).toMatch(seen)
  expect(await target.requests()).toBe(requests)
})

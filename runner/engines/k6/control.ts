/** k6's REST interface on loopback: start, state and stop of one running k6. */
import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'

/** A port that was free a moment ago; somebody may take it before k6 does, which k6 answers with exit 106. */
export const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** k6's own numbers for where it is; between them it prepares. */
export const states = { ready: 4, running: 7 } as const

/** Body of the answer, or undefined when none came in time: a k6 that is starting, ending or stuck. */
const ask = (port: number, method: 'GET' | 'PATCH', attributes: object | undefined, limit: number): Promise<{ status: number; body: string } | undefined> =>
  new Promise((resolve) => {
    const asked = request({ host: '127.0.0.1', port, path: '/v1/status', method, agent: false, timeout: limit }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (text: string) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
      response.on('error', () => resolve(undefined))
    })
    asked.on('error', () => resolve(undefined))
    asked.on('timeout', () => asked.destroy())
    asked.end(attributes && JSON.stringify({ data: { type: 'status', id: 'default', attributes } }))
  })

/** Number of k6's state; undefined when it did not answer within `limit` milliseconds. */
export const stateOf = async (port: number, limit = 2000): Promise<number | undefined> => {
  const answer = await ask(port, 'GET', undefined, limit)
  try {
    const parsed = JSON.parse(answer?.body ?? '') as { data?: { attributes?: { status?: unknown } } }
    const status = parsed.data?.attributes?.status
    return typeof status === 'number' ? status : undefined
  } catch {
    return undefined
  }
}

/** Starts a paused k6. Whether it took it. */
export const resume = async (port: number): Promise<boolean> => (await ask(port, 'PATCH', { paused: false }, 5000))?.status === 200

/** Ends the load within milliseconds; teardown and the last push follow. Whether k6 took it. */
export const stopLoad = async (port: number): Promise<boolean> => (await ask(port, 'PATCH', { stopped: true }, 2000))?.status === 200

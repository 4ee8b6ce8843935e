/**
 * The built-in demo shop: something true to test on a laptop. Its data stand behind a bounded pool with real service times,
 *   capacity = pool ÷ mean query time = 8 ÷ 8 ms = 1000 queries a second,
 * which is reached long before the process runs out of CPU: first answers wait, then they are refused with 503.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { randomFrom } from '../../scenarios/shape.ts'
import { purposeOf } from '../user-agent.ts'
import { type Answer, BadRequestError, json, readBody } from './answer.ts'
import { Counts } from './counts.ts'
import { Pool, PoolFullError } from './pool.ts'
import { handlerOf, type Services } from './routes.ts'
import { Sessions } from './sessions.ts'
import { type Change, defaultSwitches, readChange, type Switches } from './switches.ts'

const shortestQuery = 4 // milliseconds
const longestQuery = 12
const slowQueryFactor = 20

/** Paths that tell of the shop or change it: never slowed, never failed, never counted. */
const isControl = (path: string): boolean => path === '/stats' || path === '/switches'

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Stops the thread, and with it every answer, as a long garbage collection would; the kernel goes on accepting connections. */
const freeze = (milliseconds: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

const send = (response: ServerResponse, { status, type, body, headers }: Answer): void => {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body), ...headers })
  response.end(body)
}

/** @param seed of query times and drawn errors: the same requests in the same order meet the same shop */
export const createShop = (change: Change = {}, seed = 1): Server => {
  const { freezeMs: _, ...given } = change
  let switches: Switches = { ...defaultSwitches, ...given }
  const random = randomFrom(seed)
  const pool = new Pool(switches.pool, switches.queueLimit)
  const counts = { load: new Counts(), preflight: new Counts(), pilot: new Counts(), browser: new Counts() }
  const leaked: Buffer[] = []
  let connections = 0

  const services: Services = {
    sessions: new Sessions(),
    query: (kind) => {
      // Whole milliseconds, because a timer counts in these.
      const milliseconds = shortestQuery + Math.floor(random() * (longestQuery - shortestQuery + 1))
      return pool.query(kind === 'search' && switches.slowQuery ? milliseconds * slowQueryFactor : milliseconds)
    },
  }

  const stats = () => ({
    connections,
    requests: counts.load.requests,
    endpoints: counts.load.endpoints,
    preflight: { requests: counts.preflight.requests, endpoints: counts.preflight.endpoints },
    pilot: { requests: counts.pilot.requests, endpoints: counts.pilot.endpoints },
    browser: { requests: counts.browser.requests, endpoints: counts.browser.endpoints },
    pool: pool.state,
    memory: { rssBytes: process.memoryUsage.rss(), leakedBytes: leaked.reduce((sum, piece) => sum + piece.length, 0) },
    switches,
  })

  const turn = async (request: IncomingMessage): Promise<Answer> => {
    if (request.method === 'GET') return json(switches)
    const { freezeMs, ...changed } = readChange(JSON.parse((await readBody(request)).toString()))
    switches = { ...switches, ...changed }
    pool.resize(switches.pool, switches.queueLimit)
    // After the answer is on its way: whoever asked for the freeze must not wait for it.
    if (freezeMs !== undefined) setTimeout(() => freeze(freezeMs), 5)
    return json(switches)
  }

  const answer = async (request: IncomingMessage, path: string, query: string): Promise<Answer> => {
    const method = request.method ?? 'GET'
    if (path === '/stats') return json(stats())
    if (path === '/switches') return turn(request)
    if (path !== '/health') {
      if (switches.leakKbPerRequest > 0) leaked.push(Buffer.alloc(switches.leakKbPerRequest * 1024, 1))
      if (switches.delayMs > 0) await pause(switches.delayMs)
      if (switches.errorRate > 0 && random() < switches.errorRate) return json({ error: 'Something broke, as was asked for.' }, 500)
    }
    return handlerOf(method, path)({ path, query: new URLSearchParams(query), headers: request.headers, body: () => readBody(request) }, services)
  }

  const explain = (error: unknown): Answer => {
    if (error instanceof PoolFullError) return json({ error: error.message }, 503, { 'retry-after': '1' })
    if (error instanceof BadRequestError) return json({ error: error.message }, error.status)
    if (error instanceof RangeError || error instanceof SyntaxError) return json({ error: error.message }, 400)
    return json({ error: String(error) }, 500)
  }

  const server = createServer((request, response) => {
    const url = request.url ?? '/'
    const [path = '/', query = ''] = url.split('?', 2)
    if (!isControl(path)) {
      const phase = counts[purposeOf(request.headers['user-agent']) ?? 'load']
      phase.arrived()
      response.once('close', () => phase.answered(request.method ?? 'GET', url, response.writableFinished ? response.statusCode : 0))
    }
    answer(request, path, query)
      .catch(explain)
      .then((found) => send(response, found))
  })
  server.on('connection', () => {
    connections += 1
  })
  // Longer than any pause of a client: a server that hangs up an idle connection just as a request comes in makes errors that no test asked for.
  server.keepAliveTimeout = 75_000
  return server
}

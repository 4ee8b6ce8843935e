/**
 * A small application that can be ill: orders in PostgreSQL behind a pool of connections. Its faults are routes, so that one process is
 * healthy or ill by what it is asked for, as a real one is.
 *   node app.mjs   with DATABASE_URL, POOL (connections)
 */
import { openSync } from 'node:fs'
import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: Number(process.env.POOL ?? 5) })
pool.on('error', () => {})
const kept = []
let asked = 0
let tokens = { second: 0, left: 0 }

const anyOf = (count) => 1 + Math.floor(Math.random() * count)
const busyFor = (milliseconds) => {
  const until = performance.now() + milliseconds
  while (performance.now() < until) Math.sqrt(until)
}

const inTransaction = async (work) => {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await work(client)
    await client.query('commit')
  } finally {
    client.release()
  }
}

const routes = {
  '/': () => pool.query('select total from orders where id = $1', [anyOf(100_000)]),
  // Holds its connection for 50 ms, as a query with something slow behind it does: a pool of 5 serves 100 a second.
  '/slow': () => pool.query('select pg_sleep(0.05)'),
  '/history': () => pool.query('select id, total from history where customer_id = $1', [anyOf(50_000)]),
  '/customer': () => pool.query('select id, total from orders where customer_id = $1', [anyOf(50_000)]),
  // All change the one row of one shop, and each keeps it for 20 ms.
  '/stock': () =>
    inTransaction(async (client) => {
      await client.query('update stock set left_over = left_over - 1 where shop = 1')
      await client.query('select pg_sleep(0.02)')
    }),
  '/list': async () => {
    const { rows } = await pool.query('select id from orders where id > $1 order by id limit 20', [anyOf(99_000)])
    for (const { id } of rows) await pool.query('select name from items where order_id = $1', [id])
  },
  '/work': () => busyFor(Number(process.env.WORK ?? 5)),
  '/leak': () => {
    kept.push(Buffer.alloc(64 * 1024, 1))
  },
  // A cache with an end: 600 entries, and no more.
  '/cached': () => {
    if (kept.length < 600) kept.push(Buffer.alloc(64 * 1024, 1))
  },
  '/files': () => {
    // Every fourth request forgets to close what it opened; the others only open and close nothing.
    if (asked++ % 4 === 0) kept.push(openSync('/dev/null'))
  },
  '/limited': () => {
    const second = Math.floor(performance.now() / 1000)
    if (second !== tokens.second) tokens = { second, left: 50 }
    tokens.left -= 1
    if (tokens.left < 0) return 429
  },
}

const server = createServer(async (request, response) => {
  const route = routes[new URL(request.url, 'http://app').pathname]
  try {
    const status = route === undefined ? 404 : await route()
    response.statusCode = typeof status === 'number' ? status : 200
  } catch (error) {
    response.statusCode = 500
    response.setHeader('x-error', String(error.code ?? error.message))
  }
  response.end('done')
})
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))

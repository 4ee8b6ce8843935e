/**
 * An application with Redis in front of PostgreSQL: one report that everybody asks for, kept for five seconds, and products that are
 * kept for as long as each happens to be.
 *   node cached.mjs   with DATABASE_URL, REDIS_URL
 */
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 45 })
const redis = new Redis(process.env.REDIS_URL)

const anyOf = (count) => 1 + Math.floor(Math.random() * count)

const cached = async (key, seconds, statement, values) => {
  if ((await redis.get(key)) !== null) return
  const { rows } = await pool.query(statement, values)
  await redis.set(key, JSON.stringify(rows), 'EX', seconds)
}

const routes = {
  // Half a second in which nothing is in the cache, and everybody who comes asks the database for the same.
  '/report': () => cached('report', 5, 'select pg_sleep(0.5), sum(total) from orders where id <= 5000'),
  '/product': () => {
    const id = anyOf(60)
    return cached(`product ${id}`, 3 + anyOf(6), 'select total from orders where id = $1', [id])
  },
}

const server = createServer(async (request, response) => {
  try {
    await routes[new URL(request.url, 'http://app').pathname]?.()
  } catch {
    response.statusCode = 500
  }
  response.end('done')
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))

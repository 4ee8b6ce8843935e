/** What is watched: each request asks PostgreSQL and Redis once. Prints the port on which it listens. */
import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 5 })
const cache = new Redis(process.env.CACHE_URL)

const server = createServer(async (_, answer) => {
  const [{ rows }, seen] = await Promise.all([pool.query('select name from items where id = $1', [1 + Math.floor(Math.random() * 1000)]), cache.incr('seen')])
  answer.end(`${rows[0]?.name} ${seen}`)
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))

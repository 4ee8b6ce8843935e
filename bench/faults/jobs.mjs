/**
 * An application that puts a job into a list of Redis for each request, and does them one after another.
 *   node jobs.mjs   with REDIS_URL, WORK (milliseconds of a job)
 */
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'

const redis = new Redis(process.env.REDIS_URL)
const worker = redis.duplicate()

const work = async () => {
  for (;;) {
    await worker.brpop('jobs', 0)
    await pause(Number(process.env.WORK))
  }
}

const server = createServer(async (_request, response) => {
  await redis.lpush('jobs', JSON.stringify({ at: Date.now() }))
  response.statusCode = 202
  response.end('queued')
})
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`))
work()

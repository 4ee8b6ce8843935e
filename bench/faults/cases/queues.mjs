/** Jobs that wait in a list of Redis. */
import { held, stepped } from '../shapes.mjs'

/** @param work milliseconds of a job */
const start = (work) => async (world) => {
  const { startRedis } = await world.tests('support/redis')
  const redis = await startRedis()
  const app = await world.program('jobs.mjs', { environment: { REDIS_URL: redis.url, WORK: String(work) } })
  const stop = async () => {
    await app.stop()
    await redis.stop()
  }
  const length = `echo queue_length $(redis-cli -p ${redis.port} llen jobs)`
  const probes = [
    { kind: 'redis', url: redis.url },
    { kind: 'command', name: 'jobs', command: ['sh', '-c', length], every: 1 },
  ]
  return { url: app.url, probes, stop }
}

export const queues = [
  { name: 'queue without end', start: start(30), path: '/', shape: held(45, '45s'), illness: 'queue-growth', first: /queue_length/ },
  { name: 'queue grows after a step', start: start(30), path: '/', shape: stepped(15, 60), illness: 'queue-growth', first: /queue_length/ },
  { name: 'healthy queue', start: start(10), path: '/', shape: stepped(15, 45) },
]

/** Jobs that wait in a list of Redis, and messages in a RabbitMQ. */
import { held, stepped } from '../shapes.mjs'

/** @param work milliseconds of a message */
const startMail = (work) => async (world) => {
  const { startRabbitMq } = await world.tests('support/rabbitmq')
  const rabbit = await startRabbitMq()
  const app = await world.program('mail.mjs', { environment: { AMQP_URL: rabbit.amqp, WORK: String(work) } })
  const stop = async () => {
    await app.stop()
    await rabbit.stop()
  }
  return { url: app.url, probes: [{ kind: 'rabbitmq', url: rabbit.administrator }], stop }
}

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
  { name: 'messages without end', start: startMail(30), path: '/', shape: held(45, '50s'), illness: 'queue-growth', first: /depth/ },
  { name: 'healthy messages', start: startMail(5), path: '/', shape: held(45, '45s') },
  { name: 'healthy queue', start: start(10), path: '/', shape: stepped(15, 45) },
]

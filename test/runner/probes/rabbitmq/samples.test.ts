import { expect, test } from 'vitest'
import { Counters } from '../../../../runner/probes/counters.ts'
import { toldSamplesOf } from '../../../../runner/probes/probe.ts'
import type { Node, Queue } from '../../../../runner/probes/rabbitmq/management.ts'
import { ageOf, countedBy, nodeSamples, queueSamples } from '../../../../runner/probes/rabbitmq/samples.ts'

const sample = toldSamplesOf('broker')
const aQueue = (changes: Partial<Queue> = {}): Queue => ({
  name: 'orders',
  messages_ready: 33,
  messages_unacknowledged: 7,
  consumers: 1,
  arguments: {},
  effective_policy_definition: {},
  message_stats: { publish: 40, deliver_get: 7 },
  ...changes,
})
const grownBetween = (before: readonly Queue[], after: readonly Queue[]) => {
  let at = 0
  const counters = new Counters(() => at)
  counters.since(countedBy(before))
  at = 5000
  return counters.since(countedBy(after))
}

test('a queue tells its depth, who consumes, and what went through it since the last reading', () => {
  const now = aQueue({ message_stats: { publish: 90, deliver_get: 32, ack: 25 } })
  expect(queueSamples(sample, now, grownBetween([aQueue()], [now]), undefined)).toEqual([
    { name: 'broker.depth.orders', unit: 'count', value: 33, limit: null },
    { name: 'broker.in_flight.orders', unit: 'count', value: 7, limit: null },
    { name: 'broker.consumers.orders', unit: 'count', value: 1, limit: null },
    { name: 'broker.published.orders', unit: '/s', value: 10, limit: null },
    { name: 'broker.delivered.orders', unit: '/s', value: 5, limit: null },
    { name: 'broker.acknowledged.orders', unit: '/s', value: 5, limit: null }, // the first acknowledgement begins the count
  ])
})

test('a queue that counts anew has a gap and no rate below 0, and one that was just declared has no series', () => {
  const after = aQueue({ message_stats: { publish: 3 } })
  const rates = queueSamples(sample, after, grownBetween([aQueue()], [after]), undefined).filter(({ unit }) => unit === '/s')
  expect(rates.map(({ value }) => value)).toEqual([null, null, 0])
  const declared: Queue = { name: 'orders' }
  expect(queueSamples(sample, declared, grownBetween([], [declared]), undefined)).toEqual([])
})

test('the smaller of what its argument and its policy allow is the limit of the depth', () => {
  const limitOf = (changes: Partial<Queue>) => queueSamples(sample, aQueue(changes), grownBetween([], []), undefined)[0]?.limit
  expect(limitOf({ arguments: { 'x-max-length': 500 }, effective_policy_definition: { 'max-length': 200 } })).toBe(200)
  expect(limitOf({ arguments: { 'x-max-length': 500, 'x-queue-type': 'classic' } })).toBe(500)
  expect(limitOf({ arguments: null, effective_policy_definition: null })).toBe(null)
})

test('a message waits since its publisher says so; nothing told is no age, and an empty queue has 0 once there was one', () => {
  expect(ageOf(aQueue({ head_message_timestamp: 940 }), 1000, false)).toBe(60)
  expect(ageOf(aQueue({ head_message_timestamp: 1003 }), 1000, false)).toBe(0) // the publisher's clock is ahead
  expect(ageOf(aQueue({ head_message_timestamp: null }), 1000, false)).toBe(undefined)
  expect(ageOf(aQueue({ head_message_timestamp: null, messages_ready: 0 }), 1000, true)).toBe(0)
  expect(ageOf(aQueue({ head_message_timestamp: null }), 1000, true)).toBe(null)
})

test('of several nodes each resource is told of the one that is closest to its limit, and those that are down count for nothing', () => {
  const aNode = (changes: Partial<Node>): Node => ({ name: 'rabbit@a', running: true, ...changes })
  const samples = nodeSamples(sample, [
    aNode({ mem_used: 10, mem_limit: 100, fd_used: 90, fd_total: 100, mem_alarm: false, disk_free: 5000, disk_free_alarm: true }),
    aNode({ mem_used: 40, mem_limit: 50, fd_used: 95, fd_total: 1000, mem_alarm: true, disk_free: 9000, disk_free_alarm: false }),
    aNode({ running: false, mem_used: 50, mem_limit: 50 }),
  ])
  expect(samples).toEqual([
    { name: 'broker.nodes', unit: 'count', value: 2, limit: null },
    { name: 'broker.memory', unit: 'bytes', value: 40, limit: 50 },
    { name: 'broker.open_files', unit: 'count', value: 90, limit: 100 },
    { name: 'broker.disk_free', unit: 'bytes', value: 5000, limit: null },
    { name: 'broker.memory_alarms', unit: 'count', value: 1, limit: null },
    { name: 'broker.disk_alarms', unit: 'count', value: 1, limit: null },
  ])
})

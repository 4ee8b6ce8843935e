import { expect, test } from 'vitest'
import { Counters } from '../../../../runner/probes/counters.ts'
import { samplesOf, statusOf } from '../../../../runner/probes/mysql/status.ts'

const rows = (values: Record<string, number>) => Object.entries(values).map(([Variable_name, value]) => ({ Variable_name, Value: String(value) }))

test('what a server does not count has no series, and what a role may not see neither', () => {
  let at = 0
  const counters = new Counters(() => at)
  const first = statusOf(rows({ Threads_connected: 3, Questions: 100, Innodb_buffer_pool_read_requests: 1000, Innodb_buffer_pool_reads: 50 }))
  counters.since(first)
  at = 2000
  const second = statusOf(rows({ Threads_connected: 5, Questions: 140, Innodb_buffer_pool_read_requests: 1200, Innodb_buffer_pool_reads: 60 }))
  expect(samplesOf('mysql', second, counters.since(second), 20, undefined)).toEqual([
    { name: 'mysql.connections', unit: 'count', value: 5, limit: 20 },
    { name: 'mysql.queries', unit: '/s', value: 20, limit: null },
    { name: 'mysql.cache_hit', unit: 'ratio', value: 0.95, limit: null },
  ])
})

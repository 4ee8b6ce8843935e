import { expect, test } from 'vitest'
import { Counters } from '../../../../runner/probes/counters.ts'
import { commandsOf, countedBy, informationOf, replicationLagOf, samplesOf } from '../../../../runner/probes/redis/account.ts'
import { observationsOf, statementsBetween } from '../../../../runner/probes/statements.ts'

/** Redis 7.0.15, shortened. */
const recorded = `# Clients\r
connected_clients:12\r
maxclients:100\r
blocked_clients:2\r
# Memory\r
used_memory:1048576\r
maxmemory:2097152\r
# Stats\r
total_commands_processed:1000\r
expired_keys:40\r
evicted_keys:5\r
keyspace_hits:300\r
keyspace_misses:100\r
rejected_connections:7\r
# CPU\r
used_cpu_sys_main_thread:1.500000\r
used_cpu_user_main_thread:2.500000\r
# Replication\r
role:master\r
slave0:ip=127.0.0.1,port=7001,state=online,offset=900,lag=0\r
slave1:ip=127.0.0.1,port=7002,state=online,offset=750,lag=1\r
master_repl_offset:1000\r
`
const withMore = recorded
  .replace('keyspace_hits:300', 'keyspace_hits:390')
  .replace('keyspace_misses:100', 'keyspace_misses:110')
  .replace('evicted_keys:5', 'evicted_keys:25')
  .replace('user_main_thread:2.5', 'user_main_thread:3.5')
  .replace('rejected_connections:7', 'rejected_connections:9')

test('memory, clients and the main thread have their limits, and counters tell of the time between two readings', () => {
  let at = 0
  const counters = new Counters(() => at)
  counters.since(countedBy(informationOf(recorded), 3))
  at = 2000
  const information = informationOf(withMore)
  const samples = samplesOf('cache', information, countedBy(information, 7), counters.since(countedBy(information, 7)))
  expect(samples).toEqual([
    { name: 'cache.memory', unit: 'bytes', value: 1_048_576, limit: 2_097_152 },
    { name: 'cache.clients', unit: 'count', value: 12, limit: 100 },
    { name: 'cache.blocked_clients', unit: 'count', value: 2, limit: null },
    { name: 'cache.rejected_connections', unit: 'count', value: 2, limit: null },
    { name: 'cache.commands', unit: '/s', value: 0, limit: null },
    { name: 'cache.cpu', unit: 'cores', value: 0.5, limit: 1 },
    { name: 'cache.cache_hit', unit: 'ratio', value: 0.9, limit: null },
    { name: 'cache.misses', unit: '/s', value: 5, limit: null },
    { name: 'cache.evictions', unit: '/s', value: 10, limit: null },
    { name: 'cache.expirations', unit: '/s', value: 0, limit: null },
    { name: 'cache.slow_commands', unit: 'count', value: 4, limit: null },
    { name: 'cache.replication_lag', unit: 'bytes', value: 250, limit: null },
  ])
})

test('without maxmemory there is no limit, and without replicas no lag', () => {
  const information = informationOf('used_memory:10\r\nmaxmemory:0\r\nmaster_repl_offset:1000\r\n')
  expect(replicationLagOf(information)).toBeUndefined()
  const counted = countedBy(information, undefined)
  expect(samplesOf('redis', information, counted, new Counters().since(counted))).toEqual([{ name: 'redis.memory', unit: 'bytes', value: 10, limit: null }])
})

test('commands are told by the time they took between two looks, also when the statistics were reset', () => {
  const before = commandsOf(informationOf('cmdstat_get:calls=10,usec=100,usec_per_call=10.00\r\ncmdstat_keys:calls=5,usec=90000,usec_per_call=18000.00'))
  const after = commandsOf(informationOf('cmdstat_get:calls=110,usec=1100,usec_per_call=10.00\r\ncmdstat_keys:calls=1,usec=3000,usec_per_call=3000.00'))
  expect(observationsOf('redis', 'command', statementsBetween(before, after))).toEqual([
    { probe: 'redis', kind: 'command', subject: 'keys', values: { calls: 1, total: 3, mean: 3, share: 0.75 } },
    { probe: 'redis', kind: 'command', subject: 'get', values: { calls: 100, total: 1, mean: 0.01, share: 0.25 } },
  ])
})

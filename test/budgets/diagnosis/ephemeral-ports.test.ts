import { expect, test } from 'vitest'
import { illnessesOf, names, seconds, slow, step, well, withObservations } from '../../support/a-case.ts'
import { aSeries } from '../../support/a-series.ts'

const destination = { probe: 'host', kind: 'destination', subject: '10.0.0.7:11211', values: { ports: 28_232 } }

test('ports at the end of their range are named with where they went, and the rate that they allow', () => {
  const probes = [step('host.ephemeral_ports', 'count', 6000, 28_200, 28_232), step('host.sockets_time_wait', 'count', 6000, 28_100)]
  const [illness, ...others] = illnessesOf(withObservations(slow(probes), [destination]))
  expect(illness?.illness).toBe('ephemeral-ports')
  expect(illness?.evidence.join(' ')).toMatch(
    /connections to 10\.0\.0\.7:11211.*28,232 ports give at most 471 new connections a second.*EADDRNOTAVAIL.*28,100 sockets/,
  )
  expect(others).toEqual([])
})

test('waiting sockets of a server whose clients close are no shortage of ports', () => {
  expect(names(slow([step('host.ephemeral_ports', 'count', 20, 30, 28_232), step('host.sockets_time_wait', 'count', 6000, 60_000)]))).not.toContain(
    'ephemeral-ports',
  )
})

test('ports that stay used up while requests fail are named though something else broke before', () => {
  const probes = [aSeries('host.ephemeral_ports', 'count', seconds, (at) => Math.min(254, 5.7 * at), 256)]
  const run = well(probes, { answer: ({ t }) => (t >= 45 ? 'HTTP 502' : t >= 33 && t < 38 ? 900 : 20) })
  expect(illnessesOf(run)[0]?.evidence[0]).toMatch(/host\.ephemeral_ports was \d+ of 256 from 0:4\d on; 7\d\d requests of the run failed/)
  expect(names(well(probes))).toEqual([])
})

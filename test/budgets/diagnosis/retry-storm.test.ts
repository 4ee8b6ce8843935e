import { expect, test } from 'vitest'
import { attribute } from '../../../budgets/attribution/attribute.ts'
import { diagnose } from '../../../budgets/diagnosis/diagnose.ts'
import type { Illness } from '../../../budgets/diagnosis/illness.ts'
import type { Run, Series } from '../../../runner/run.ts'
import { aRun, holds, type RunFacts } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'

const [breaks, falls, seconds] = [34, 44, 60]
const illnessesOf = (run: Run): Illness[] => diagnose(run, attribute(run, []))
const stormOf = (run: Run): Illness | undefined => illnessesOf(run).find(({ illness }) => illness === 'retry-storm')
const shape = holds([40, breaks], [160, falls - breaks], [40, seconds - falls])
const offered = (at: number): number => (at <= breaks || at > falls ? 40 : 160) // a reading tells of the second before it
const failing: RunFacts = { shape, answer: ({ t, n }) => (t < breaks ? 20 : n % 3 === 0 ? 'HTTP 504' : 900) }
const received = (perArrival: (at: number) => number, name = 'nginx.requests'): Series => aSeries(name, '/s', seconds, (at) => offered(at) * perArrival(at))

test('three requests for each arrival where one was normal, and failures that outlast the load', () => {
  const storm = stormOf(aRun({ ...failing, probes: [received((at) => (at <= breaks ? 1 : 3))] }))
  expect(storm?.evidence).toEqual([
    expect.stringMatching(/^nginx\.requests was 1 for each arrival until 0:31, and 2\.9 from then on, 2\.9 times as much\. Somebody between/),
    expect.stringMatching(/^Meanwhile 3[34] % of the requests failed/),
    expect.stringMatching(/^The load was back at what it had been from 0:44 on, and still 3[34] % of the requests failed/),
  ])
})

test('journeys that send again themselves', () => {
  const run = aRun({ ...failing, endpoints: ['GET /', 'GET /again', 'GET /once-more'] })
  // Before the trouble the answer to the first request was enough.
  const timeline = run.timeline.map((each) => (each.second < breaks ? { ...each, cells: each.cells.filter(({ endpoint }) => endpoint === 'GET /') } : each))
  expect(stormOf({ ...run, timeline })?.evidence[0]).toMatch(
    /^The journeys sent 1 requests for each arrival until 0:31, and [23](\.\d)? from then on.*send again themselves/,
  )
})

test.each<[string, RunFacts]>([
  ['as many for each arrival as before', { ...failing, probes: [received(() => 2)] }],
  ['more for each arrival, and nobody feels it', { shape, latency: 20, probes: [received((at) => (at <= breaks ? 1 : 3))] }],
  [
    'what waited comes late',
    { ...failing, probes: [aSeries('nginx.requests', '/s', seconds, (at) => (at <= breaks ? 40 : at <= falls ? 80 : at <= falls + 10 ? 120 : 40))] },
  ],
  ['fewer, because most fail early', { ...failing, probes: [received((at) => (at <= breaks ? 5 : 1))] }],
  ['counts that come late and many at once', { ...failing, probes: [aSeries('postgres.commits', '/s', seconds, (at) => (at === 28 || at === 44 ? 900 : 1))] }],
  ['connections that are opened anew', { ...failing, probes: [received((at) => (at <= breaks ? 0.1 : 3), 'nginx.accepted')] }],
])('is not named: %s', (_, facts) => expect(stormOf(aRun(facts))).toBeUndefined())

test('a cache that sends more to the database is a stampede and no storm', () => {
  const expires = (at: number): boolean => at > breaks && at % 5 === 0
  const probes = [
    aSeries('cache.cache_hit', 'ratio', seconds, (at) => (expires(at) ? 0.3 : 0.99)),
    aSeries('postgres.commits', '/s', seconds, (at) => (expires(at) ? 900 : 2)),
  ]
  const names = illnessesOf(aRun({ ...failing, probes })).map(({ illness }) => illness)
  expect(names).toContain('cache-stampede')
  expect(names).not.toContain('retry-storm')
})

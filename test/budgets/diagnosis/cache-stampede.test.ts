import { expect, test } from 'vitest'
import { attribute } from '../../../budgets/attribution/attribute.ts'
import { diagnose } from '../../../budgets/diagnosis/diagnose.ts'
import type { Illness } from '../../../budgets/diagnosis/illness.ts'
import type { Run, Series } from '../../../runner/run.ts'
import { aRun } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'

const seconds = 60
const illnessesOf = (run: Run): Illness[] => diagnose(run, attribute(run, []))
const named = (...probes: readonly Series[]): string[] => illnessesOf(aRun({ seconds, rate: 60, probes })).map(({ illness }) => illness)

const expires = (at: number): boolean => at % 5 === 0 && at > 0
const hits = (falls = expires, least = 0.5): Series => aSeries('cache.cache_hit', 'ratio', seconds, (at) => (falls(at) ? least : 0.99))
const misses = (each: number, falls = expires): Series => aSeries('cache.misses', '/s', seconds, (at) => (falls(at) ? each : 0.4))
const expirations = (each: number): Series => aSeries('cache.expirations', '/s', seconds, (at) => (expires(at) ? each : 0))
const commits = (jumps = expires): Series => aSeries('postgres.commits', '/s', seconds, (at) => (jumps(at) ? 31 : 1))

test('a cache whose one entry expires each 5 s, and 30 ask the database each time', () => {
  const [illness] = illnessesOf(aRun({ seconds, rate: 60, probes: [hits(), misses(30), expirations(1), commits()] }))
  expect(illness?.illness).toBe('cache-stampede')
  expect(illness?.evidence).toEqual([
    'cache.cache_hit fell 11 times, from 99 % to 50 %: at 0:05, 0:10, 0:15, 0:20, 0:25 …, about every 5 s, as what is kept for so long does.',
    'With 11 of these falls postgres.commits rose to 31/s, where 1/s was normal; in the other seconds it was so high 0 % of the time.',
    'For each entry that expired 31 look-ups missed: many asked the database for the same at once.',
  ])
})

test('is named by the falls and jumps alone where nobody counts what expired, which is said', () => {
  const [illness] = illnessesOf(aRun({ seconds, rate: 60, probes: [hits(), commits()] }))
  expect(illness?.evidence.at(-1)).toBe('How many look-ups missed for each entry that expired is unknown: a redis probe tells it.')
})

test.each<[string, readonly Series[]]>([
  ['a database that does not notice', [hits(), misses(30), expirations(1), commits(() => false)]],
  ['a database that jumps at other times', [hits(), misses(30), expirations(1), commits((at) => at % 5 === 3)]],
  ['a database that is always busy', [hits(), misses(30), expirations(1), commits((at) => at % 2 === 0)]],
  ['as many entries that expire as look-ups that miss', [hits(), misses(30), expirations(30), commits()]],
  ['two falls', [hits((at) => at === 20 || at === 40), commits((at) => at === 20 || at === 40)]],
  ['a cache that was cold at the start', [hits((at) => at < 8, 0.1), commits((at) => at < 8)]],
  ['an even hit ratio of 60 %', [hits(() => true, 0.6), misses(24, () => true), commits()]],
  [
    "the database's own buffers",
    [aSeries('postgres.cache_hit', 'ratio', seconds, (at) => (expires(at) ? 0.5 : 0.99)), commits(), aSeries('postgres.rows_read', '/s', seconds, () => 5)],
  ],
])('is not named: %s', (_, probes) => expect(named(...probes)).not.toContain('cache-stampede'))

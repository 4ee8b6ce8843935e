import { expect, test } from 'vitest'
import { unusedIn } from '../../../../budgets/advice/cost/unused.ts'
import { aRun } from '../../../support/a-run.ts'
import { aSeries } from '../../../support/a-series.ts'

const none = { deployed: undefined, needed: undefined, ordinary: 50 }
const watching = (cpu: number, seconds = 700) => aRun({ rate: 5, seconds, probes: [aSeries('cache.cpu', 'cores', seconds, () => cpu, 2)] })
const pool = (busy: number) =>
  aRun({
    rate: 5,
    seconds: 700,
    probes: [
      aSeries('db.connections', 'count', 700, () => 41, 200),
      aSeries('db.active', 'count', 700, () => busy),
      aSeries('db.idle_in_transaction', 'count', 700, () => 0),
    ],
  })

test('a service below 5 % of its cores in all runs is unused, and one above it in one of them is not', () => {
  expect(unusedIn([watching(0.06)], none)).toEqual([
    { what: 'cache', because: 'cache.cpu stayed below 3 % of its cores for 99 % of 1 run: make it smaller, or put it beside something else.' },
  ])
  expect(unusedIn([watching(0.06), watching(0.3)], none)).toEqual([])
})

test('a minute proves nothing', () => {
  expect(unusedIn([watching(0.06, 60)], none)).toEqual([])
})

test('a pool of 40 of which 9 were in use', () => {
  expect(unusedIn([pool(9)], none)).toEqual([{ what: 'db.pool', because: 'db.pool has 40 connections, and 9 at most were in use: 14 are enough.' }])
  expect(unusedIn([pool(30)], none)).toEqual([])
})

test('instances beyond what the ordinary rate needs', () => {
  expect(unusedIn([], { deployed: 6, needed: 2, ordinary: 50 })).toEqual([
    { what: 'instances', because: '6 instances run, and 2 serve the ordinary 50/s: 4 may go until more comes.' },
  ])
  expect(unusedIn([], { deployed: 2, needed: 2, ordinary: 50 })).toEqual([])
})

import { expect, test } from 'vitest'
import { attribute } from '../../../budgets/attribution/attribute.ts'
import { diagnose } from '../../../budgets/diagnosis/diagnose.ts'
import type { Illness } from '../../../budgets/diagnosis/illness.ts'
import type { Run, Series } from '../../../runner/run.ts'
import { aRun, holds } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'

const [breaks, seconds] = [34, 54]
const collectionOf = (run: Run): Illness | undefined => diagnose(run, attribute(run, [])).find(({ illness }) => illness === 'garbage-collection')
const step = (name: string, unit: string, before: number, after: number, limit: number | null = null): Series =>
  aSeries(name, unit, seconds, (at) => (at < breaks ? before * (1 + 0.02 * ((at * 7) % 5)) : after), limit)
const slow = (...probes: readonly Series[]): Run =>
  aRun({ shape: holds([10, breaks], [45, seconds - breaks]), latency: ({ t }) => (t < breaks ? 5 : 600), probes })
const heap = (used: number): Series => step('node.heap', 'bytes', used, used, 270e6)

test('a heap that is nearly full: more of it is the remedy', () => {
  const illness = collectionOf(slow(step('node.collecting', 'ratio', 0.01, 0.45), step('node.longest_collection', 'ms', 12, 310), heap(204e6)))
  expect(illness?.evidence).toEqual([
    expect.stringMatching(
      /^In the (19|20) s in which users waited the garbage collector stopped "node" for 45 % of the time, in the other 3[45] s for 1(\.\d+)? %; the longest stop took 310 ms\.$/,
    ),
    expect.stringMatching(/^Its heap held at least 204 MB of 270 MB \(76 %\): so full that/),
  ])
  expect(illness?.remedy[0]).toContain('NODE_OPTIONS=--max-old-space-size=515 ')
})

test('a heap with room: less garbage is the remedy', () => {
  const illness = collectionOf(slow(step('node.collecting', 'ratio', 0.01, 0.3), heap(60e6)))
  expect(illness?.evidence[1]).toContain('there was room, so it is how much garbage the requests make')
  expect(illness?.remedy.join(' ')).toMatch(/--heap-prof/)
})

test('stops that come and go are told by the seconds in which users waited', () => {
  const isStopped = (at: number): boolean => at >= breaks && at % 6 < 3
  const run = aRun({
    seconds: 90,
    rate: 40,
    latency: ({ t }) => (isStopped(Math.floor(t)) ? 100 : 5),
    probes: [aSeries('node.collecting', 'ratio', 90, (at) => (isStopped(at - 1) ? 0.5 : 0.01)), heap(60e6)],
  })
  expect(collectionOf(run)?.evidence[0]).toMatch(/for 50 % of the time, in the other \d+ s for 1 %/)
})

test('a full heap that is collected whole twice a second is named by that, however short the stops are', () => {
  const probes = (used: number, times: number) => [step('node.collecting', 'ratio', 0.01, 0.08), step('node.full_collections', 'count', 0.1, times), heap(used)]
  expect(collectionOf(slow(...probes(204e6, 2.5)))?.evidence).toContain(
    'It collected its whole heap 2.5 times a second, most of it on other threads, which take cores from whatever else runs.',
  )
  expect(collectionOf(slow(...probes(60e6, 2.5)))).toBeUndefined()
  expect(collectionOf(slow(...probes(204e6, 1)))).toBeUndefined()
})

test('is not named where collecting takes 10 %, or was as much before, or nobody feels it, or nobody watches it', () => {
  expect(collectionOf(slow(step('node.collecting', 'ratio', 0.01, 0.1), heap(204e6)))).toBeUndefined()
  expect(collectionOf(slow(step('node.collecting', 'ratio', 0.2, 0.3), heap(204e6)))).toBeUndefined()
  expect(collectionOf(aRun({ seconds, rate: 40, probes: [step('node.collecting', 'ratio', 0.01, 0.4), heap(204e6)] }))).toBeUndefined()
  expect(collectionOf(slow(step('target.cpu', 'cores', 0.2, 1, 2)))).toBeUndefined()
})

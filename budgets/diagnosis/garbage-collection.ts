/** The garbage collector stops the program so often, or for so long, that users wait. */
import { median } from '../../runner/stats/few.ts'
import type { Reading, Resource } from '../attribution/resources.ts'
import { clock, reading } from '../attribution/words.ts'
import { percent } from '../figure.ts'
import { again, type Diagnosis } from './illness.ts'

const noticeable = 0.15 // share of the time; programs that are well stay below a twentieth
const timesBefore = 2
const long = 30 // seconds of the breach that are told of
const fullHeap = 0.7 // of its limit, which counts the room for what is young

const valuesOf = (readings: readonly Reading[]): number[] => readings.map(({ value }) => value)

export const garbageCollection: Diagnosis = (seen) => {
  const { attribution, resources } = seen
  const { breach } = attribution
  if (breach === undefined) return undefined
  const { at } = breach
  const during = ({ readings }: Resource): number[] => valuesOf(readings.filter((each) => each.at >= at && each.at <= at + long))
  const before = ({ readings }: Resource): number[] => valuesOf(readings.filter((each) => each.at < at - 1))
  const collecting = resources.find(
    (each) =>
      each.what === 'collecting' &&
      during(each).length > 0 &&
      median(during(each)) >= noticeable &&
      (before(each).length === 0 || median(during(each)) >= timesBefore * median(before(each))),
  )
  if (collecting === undefined) return undefined
  const { service } = collecting
  const of = (what: string): Resource | undefined => resources.find((each) => each.service === service && each.what === what)
  const longest = of('longest_collection')
  const heap = of('heap')
  const heldAtLeast = heap === undefined || during(heap).length === 0 ? undefined : Math.min(...during(heap))
  const share = heap?.limit == null || heldAtLeast === undefined ? undefined : heldAtLeast / heap.limit
  const isFull = share !== undefined && share >= fullHeap
  return {
    illness: 'garbage-collection',
    name: 'Garbage collection stops the program',
    evidence: [
      `The garbage collector stopped "${service}" for ${percent(median(during(collecting)), 2)} of the time from ${clock(at)} on${before(collecting).length === 0 ? '' : `, where ${percent(median(before(collecting)), 2)} was normal`}${longest === undefined ? '' : `; the longest stop took ${reading(Math.max(0, ...during(longest)), 'ms')}`}.`,
      heap?.limit == null || heldAtLeast === undefined
        ? 'How full its heap was is unknown, because no reading of it came.'
        : `Its heap held at least ${reading(heldAtLeast, 'bytes')} of ${reading(heap.limit, 'bytes')} (${percent(share ?? 0, 2)}): ${isFull ? 'so full that the collector runs again and again and finds little' : 'there was room, so it is how much garbage the requests make'}.`,
    ],
    remedy: [
      ...(isFull && heap?.limit != null
        ? [
            `Give it a larger heap, if what it keeps is needed: NODE_OPTIONS=--max-old-space-size=${Math.round((2 * heap.limit) / 1048576)} (MiB), and the container that much memory and a quarter more.`,
            'Keep less: bound the caches, and compare two heap snapshots (node --heapsnapshot-signal=SIGUSR2).',
          ]
        : [
            'Make less garbage: stream rows in place of building lists, parse and copy once. node --heap-prof server.js names the lines that allocate, while this load runs.',
            'Let what is young die young: NODE_OPTIONS=--max-semi-space-size=64 (MiB).',
          ]),
    ],
    confirm: again(seen, `${collecting.name} stays below ${percent(noticeable)}`),
  }
}

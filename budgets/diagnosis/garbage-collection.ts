/** The garbage collector stops the program so often, or for so long, that users wait; or collects a full heap over and over. */
import { median, quantileOfFew } from '../../runner/stats/few.ts'
import type { Seconds } from '../../scenarios/units.ts'
import type { Breach } from '../attribution/breach.ts'
import type { Resource } from '../attribution/resources.ts'
import { type Symptoms, symptomsOf } from '../attribution/symptoms.ts'
import { reading } from '../attribution/words.ts'
import { count, percent } from '../figure.ts'
import { again, type Case, type Diagnosis } from './illness.ts'
import { type Watched, watchedIn } from './watched.ts'

const noticeable = 0.15 // share of the time; programs that are well stay below a twentieth
const timesOthers = 2
const fewest = 5 // seconds in which users waited
const fullHeap = 0.7 // of its limit, which counts the room for what is young
/** Collections of the whole heap a second. Most of such a one is done beside the program, so that its stops alone tell too little. */
const wholeHeap = 2

type Parted = { readonly waited: readonly number[]; readonly others: readonly number[] }

/** Seconds in which users waited: collections come and go, so the moment at which the trouble began says little. */
const slowSeconds = ({ run }: Case, { at }: Breach): ReadonlySet<Seconds> => {
  const symptoms = symptomsOf(run)
  const times = symptoms.flatMap(({ p95 }) => (p95 === undefined ? [] : [p95]))
  const usual = quantileOfFew(times, 0.25)
  const isSlow = ({ p95, failed }: Symptoms): boolean => failed >= 0.01 || (p95 !== undefined && p95 >= 1.5 * usual && p95 >= usual + 20)
  const slow = symptoms.filter(isSlow)
  // Where it was slow all along, nothing sticks out.
  return new Set((slow.length >= fewest ? slow : symptoms.filter(({ second }) => second >= at)).map(({ second }) => second))
}

/** A reading tells of the second before it. */
const parted = ({ readings }: Pick<Resource, 'readings'>, slow: ReadonlySet<Seconds>): Parted => ({
  waited: readings.filter(({ at }) => slow.has(Math.floor(at) - 1)).map(({ value }) => value),
  others: readings.filter(({ at }) => !slow.has(Math.floor(at) - 1)).map(({ value }) => value),
})

const extreme = (of: (...values: number[]) => number, values: readonly number[] = []): number | undefined =>
  values.length === 0 ? undefined : values.reduce((a, b) => of(a, b))

const isStopping = ({ waited, others }: Parted): boolean =>
  waited.length >= fewest && median(waited) >= noticeable && (others.length === 0 || median(waited) >= timesOthers * median(others))

/** How often the whole heap was collected; work that is done, so no resource. */
const wholeCollections = ({ run }: Case, service: string): Watched | undefined =>
  watchedIn(run).find((each) => each.service === service && each.what === 'full_collections')

/** A heap so full that it is collected whole again and again. */
const isStartingOver = ({ service }: Resource, seen: Case, slow: ReadonlySet<Seconds>): boolean => {
  const whole = wholeCollections(seen, service)
  const heap = seen.resources.find((each) => each.service === service && each.what === 'heap')
  if (whole === undefined || heap?.limit == null) return false
  const { waited, others } = parted(whole, slow)
  if (waited.length < fewest || median(waited) < wholeHeap || (others.length > 0 && median(waited) < timesOthers * median(others))) return false
  return (extreme(Math.min, parted(heap, slow).waited) ?? 0) >= fullHeap * heap.limit
}

export const garbageCollection: Diagnosis = (seen) => {
  const { breach } = seen.attribution
  if (breach === undefined) return undefined
  const slow = slowSeconds(seen, breach)
  const collecting = seen.resources.find((each) => each.what === 'collecting' && (isStopping(parted(each, slow)) || isStartingOver(each, seen, slow)))
  if (collecting === undefined) return undefined
  const { service } = collecting
  const of = (what: string): Resource | undefined => seen.resources.find((each) => each.service === service && each.what === what)
  const whole = wholeCollections(seen, service)
  const times = whole === undefined ? 0 : median(parted(whole, slow).waited)
  const { waited, others } = parted(collecting, slow)
  const heap = of('heap')
  const [stops, held] = [of('longest_collection'), heap].map((each) => (each === undefined ? [] : parted(each, slow).waited))
  const [longest, heldAtLeast] = [extreme(Math.max, stops), extreme(Math.min, held)]
  const share = heap?.limit == null || heldAtLeast === undefined ? undefined : heldAtLeast / heap.limit
  const isFull = share !== undefined && share >= fullHeap
  return {
    illness: 'garbage-collection',
    name: 'Garbage collection stops the program',
    evidence: [
      `In the ${count(waited.length)} s in which users waited the garbage collector stopped "${service}" for ${percent(median(waited), 2)} of the time${others.length === 0 ? '' : `, in the other ${count(others.length)} s for ${percent(median(others), 2)}`}${longest === undefined ? '' : `; the longest stop took ${reading(longest, 'ms')}`}.`,
      ...(times >= 1
        ? [`It collected its whole heap ${count(times)} times a second, most of it on other threads, which take cores from whatever else runs.`]
        : []),
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

/** Memory that grows while the load stays, told from memory that settles; memory-growth.ts tells how. */
import { clock, reading, span } from '../attribution/words.ts'
import { count, percent } from '../figure.ts'
import { exhaustion } from './drift.ts'
import type { Diagnosis } from './illness.ts'
import { counts, fewestCollections, type Growth, long, memoryGrowths } from './memory-growth.ts'

/** Why a small drift proves nothing. @example '40 min hold 6 GC cycles and 24 are needed' */
const tooLittle = ({ piece, collections }: Pick<Growth, 'piece' | 'collections'>): string =>
  collections < fewestCollections
    ? `${span(piece.until - piece.from)} hold ${count(collections)} GC cycles and ${fewestCollections} are needed`
    : `in ${span(piece.until - piece.from)} a heap may only be warming up and ${span(long)} are needed`

/** What the time in which it was watched can prove. */
const proof = ({ state, collections, piece, restartedAt }: Growth): string[] => [
  ...(restartedAt === undefined
    ? []
    : [`The process began anew at ${clock(restartedAt)}, so only the ${span(piece.until - piece.from)} from ${clock(piece.from)} on were looked at.`]),
  state === 'leaks'
    ? `It was watched for ${span(piece.until - piece.from)} and ${count(collections)} collections.`
    : `${tooLittle({ piece, collections })}, so a drift of ${percent(counts.suspected)} of the limit was asked for in their place. A soak tells it surely.`,
]

export const memoryLeak: Diagnosis = (seen) => {
  const growing = memoryGrowths(seen.run, seen.resources).filter(({ state }) => state === 'leaks' || state === 'suspected' || state === 'refused')
  const first = growing.find(({ state }) => state !== 'refused')
  if (first === undefined) return undefined
  // What proves nothing by itself still is a second sign.
  const second = growing.find((each) => each !== first)
  const { resource, drift } = first
  const requests = seen.run.load.completed / Math.max(1, seen.run.durationSeconds)
  return {
    illness: 'memory-leak',
    name: second === undefined ? 'Memory grows (a leak is suspected)' : 'Memory leak',
    evidence: [
      `${resource.name} grew by ${reading(drift.slope * 60, 'bytes')} a minute [${reading(drift.low * 60, 'bytes')}, ${reading(drift.high * 60, 'bytes')}] under an even load, ${reading(drift.slope / Math.max(0.001, requests), 'bytes')} a request; it did not settle.`,
      exhaustion(first.level, drift, resource.limit, 'bytes'),
      second === undefined
        ? 'Nothing else that was watched grows with it, so this is one sign and no proof.'
        : `${second.resource.name} grows with it, by ${reading(second.drift.slope * 60, 'bytes')} a minute.`,
      ...proof(first),
    ],
    remedy: [
      'Compare two heap snapshots, one before and one after load: node --heapsnapshot-signal=SIGUSR2, then look at what is new and kept.',
      'Look at caches without a bound, listeners that are added for each request, and arrays or maps at module level.',
    ],
    confirm: `perf run soak --target ${seen.run.target.url} --duration 1h   # ${resource.name} levels off`,
  }
}

/** What was looked at and is no leak, where somebody who sees the curve would ask. */
export const memoryRemarks: (seen: Parameters<Diagnosis>[0]) => string[] = ({ run, resources }) =>
  memoryGrowths(run, resources).flatMap((growth) => {
    const { resource, piece, state, rose, level, restartedAt } = growth
    const length = span(piece.until - piece.from)
    const anew =
      restartedAt === undefined ? '' : ` The process began anew at ${clock(restartedAt)}, so the ${length} from ${clock(piece.from)} on were looked at.`
    switch (state) {
      case 'settled':
        return [
          `${resource.name} rose by ${reading(rose, 'bytes')} and settled at ${reading(level, 'bytes')}${resource.limit === null ? '' : ` of ${reading(resource.limit, 'bytes')}`}: a heap or a cache that filled, and no leak.${anew}`,
        ]
      case 'refused':
        return [
          `${resource.name} grew by ${reading(growth.drift.slope * 60, 'bytes')} a minute; no leak verdict, because ${tooLittle(growth)}. Run a longer soak.${anew}`,
        ]
      default:
        return []
    }
  })

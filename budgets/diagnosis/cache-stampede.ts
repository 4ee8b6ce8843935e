/**
 * An entry of a cache expires, and all who want it ask the database for the same at once: the hit ratio falls again and again, and
 * with each fall the work of the database jumps. A cache that misses evenly is none, nor one whose misses the database doesn't notice.
 */
import { median, quantileOfFew } from '../../runner/stats/few.ts'
import type { Seconds } from '../../scenarios/units.ts'
import type { Reading } from '../attribution/resources.ts'
import { clock, reading, span } from '../attribution/words.ts'
import { count, figure, percent } from '../figure.ts'
import { again, type Diagnosis } from './illness.ts'
import { type Watched, watchedIn } from './watched.ts'

const fall = 0.1 // of the hit ratio, below what is normal
const fewest = 3 // falls; one or two may be anything
const jump = { times: 3, count: 3, '/s': 10 } as const // over the calm seconds, and at least so much
const coincide = { falls: 2 / 3, elsewhere: 0.2 } as const // shares with a jump
const perEntry = 5 // look-ups that missed for one entry that expired; a single one would renew it
/** Seconds around a fall that belong to it: a reading tells of the second before it, and counts may come a second late. */
const around = { before: 1, after: 2 } as const

type Fall = { readonly from: Seconds; readonly until: Seconds; readonly least: number }

const isDatabase = (all: readonly Watched[], service: string): boolean => all.some((each) => each.service === service && each.what === 'rows_read')

/** Falls of the hit ratio; what was cold at the start is none. */
const fallsOf = (hits: readonly Reading[], normal: number): Fall[] => {
  const falls: Fall[] = []
  let isOpen = false
  for (const { at, value } of hits.slice(
    Math.max(
      0,
      hits.findIndex(({ value }) => value > normal - fall),
    ),
  )) {
    const isLow = value <= normal - fall
    const last = falls.at(-1)
    if (isLow && isOpen && last !== undefined) falls[falls.length - 1] = { ...last, until: at, least: Math.min(last.least, value) }
    else if (isLow) falls.push({ from: at, until: at, least: value })
    isOpen = isLow
  }
  return falls
}

/** Which fall a second belongs to; a day has many of both. */
const nearOf = (falls: readonly Fall[]): ReadonlyMap<Seconds, number> => {
  const near = new Map<Seconds, number>()
  for (const [index, { from, until }] of falls.entries())
    for (let second = Math.floor(from - around.before); second <= until + around.after; second++) near.set(second, index)
  return near
}

type Jump = { readonly work: Watched; readonly calm: number; readonly high: number; readonly falls: number; readonly elsewhere: number }

/** How the database's work goes with the falls. */
const jumpOf = (work: Watched, near: ReadonlyMap<Seconds, number>, falls: number): Jump | undefined => {
  const outside: number[] = []
  const highest = Array.from({ length: falls }, () => 0)
  for (const { at, value } of work.readings) {
    const index = near.get(Math.floor(at))
    if (index === undefined) outside.push(value)
    else highest[index] = Math.max(highest[index] ?? 0, value)
  }
  const least = work.unit === 'count' ? jump.count : jump['/s']
  if (outside.length === 0) return undefined
  const calm = median(outside)
  const isHigh = (value: number): boolean => value >= jump.times * calm && value >= calm + least
  const high = highest.filter(isHigh)
  const elsewhere = outside.filter(isHigh).length / outside.length
  return high.length < coincide.falls * falls || elsewhere > coincide.elsewhere ? undefined : { work, calm, high: median(high), falls: high.length, elsewhere }
}

const sumIn = ({ readings }: Watched, near: ReadonlyMap<Seconds, number>): number =>
  readings.reduce((sum, { at, value }) => sum + (near.has(Math.floor(at)) ? value : 0), 0)

const rhythm = (falls: readonly Fall[]): string => {
  const apart = falls.slice(1).map(({ from }, index) => from - (falls[index]?.from ?? 0))
  const usual = median(apart)
  const isEven = apart.filter((each) => Math.abs(each - usual) <= Math.max(1, 0.2 * usual)).length >= 0.8 * apart.length
  return isEven ? `, about every ${span(usual)}, as what is kept for so long does` : ''
}

const mostMoments = 5
const worked = /^(active|running|commits|queries|rows_read)$/

export const cacheStampede: Diagnosis = (seen) => {
  const all = watchedIn(seen.run)
  for (const hits of all.filter(({ what, unit, service }) => unit === 'ratio' && /(^|_)hits?(_ratio|_rate)?$/.test(what) && !isDatabase(all, service))) {
    if (hits.readings.length === 0) continue
    const values = hits.readings.map(({ value }) => value)
    const normal = quantileOfFew(values, 0.75)
    const falls = fallsOf(hits.readings, normal)
    if (falls.length < fewest) continue
    const near = nearOf(falls)
    const [found] = all
      .filter(({ what, service }) => worked.test(what) && service !== hits.service)
      .flatMap((work) => jumpOf(work, near, falls.length) ?? [])
      .toSorted((a, b) => b.falls - a.falls || b.high / Math.max(1, b.calm) - a.high / Math.max(1, a.calm))
    const of = (what: string): Watched | undefined => all.find((each) => each.service === hits.service && each.what === what)
    const [misses, expirations] = [of('misses'), of('expirations')]
    const missed = misses === undefined || expirations === undefined ? undefined : sumIn(misses, near) / Math.max(1, sumIn(expirations, near))
    if (found === undefined || (missed !== undefined && missed < perEntry)) continue
    const { work, calm, high, elsewhere } = found
    const moments = falls.slice(0, mostMoments).map(({ from }) => clock(from))
    return {
      illness: 'cache-stampede',
      name: 'Cache stampede',
      evidence: [
        `${hits.name} fell ${count(falls.length)} times, from ${percent(normal, 2)} to ${percent(median(falls.map(({ least }) => least)), 2)}: at ${moments.join(', ')}${falls.length > mostMoments ? ' …' : ''}${rhythm(falls)}.`,
        `With ${count(found.falls)} of these falls ${work.name} rose to ${reading(high, work.unit)}, where ${reading(calm, work.unit)} was normal; in the other seconds it was so high ${percent(elsewhere, 2)} of the time.`,
        missed === undefined
          ? 'How many look-ups missed for each entry that expired is unknown: a redis probe tells it.'
          : `For each entry that expired ${figure(missed, 'count', 2)} look-ups missed: many asked the database for the same at once.`,
      ],
      remedy: [
        'Let one renew an entry while the others wait for it or get the old one: SET lock:KEY 1 NX PX 5000 before the query; in nginx proxy_cache_lock on; proxy_cache_use_stale updating;',
        'Renew it before it expires: keep the value for longer than it is called fresh, and renew in the background when it is no longer fresh.',
        'Spread the ends of those that were made together: SET KEY value EX 300 plus up to 60 at random.',
      ],
      confirm: again(seen, `${work.name} no longer jumps when entries expire`),
    }
  }
  return undefined
}

/** A queue that grows while the load stays: more comes in than is taken out. Told from a burst, which drains. */
import { median } from '../../runner/stats/few.ts'
import type { Resource } from '../attribution/resources.ts'
import { clock, reading, span } from '../attribution/words.ts'
import { figure } from '../figure.ts'
import { type Drift, driftOf, evenStretches, exhaustion, type Stretch, significant } from './drift.ts'
import { again, type Case, type Diagnosis } from './illness.ts'
import { watchedIn } from './watched.ts'

/** Words of a series' name that say it is the length of a queue, and those that say it is something else of one. */
const holds = /(^|[._])(queued?|backlog|depth|jobs|messages|ready|visible|pending|lag)([._]|$)/
const isElse =
  /(^|[._])(total|published|delivered|acknowledged|acked|sent|received|processed|done|completed|consumers|in_flight|delayed|dead_letters|inodes)([._]|$)/
/** After `depth.` stands the queue's own name, which may be any. */
const isQueue = ({ name, what, unit }: Resource): boolean => unit === 'count' && (what.startsWith('depth.') || (holds.test(name) && !isElse.test(name)))

const blocks = { most: 12, fewest: 6 } as const // of fewer a trend is not told from chance
const block = { readings: 1.5, seconds: 2 } as const // at least, so that none is without a reading
const least = 20 // entries more than at the beginning; fewer come and go
const settles = 0.5 // slope of the last half, as a share of the whole

type Growth = { readonly stretch: Stretch; readonly drift: Drift; readonly start: number; readonly level: number }

const growthOf = ({ readings }: Resource, stretch: Stretch): Growth[] => {
  const within = readings.filter(({ at }) => at >= stretch.from && at < stretch.until).length
  const number = Math.min(blocks.most, Math.floor(within / block.readings), Math.floor((stretch.until - stretch.from) / block.seconds))
  const drift = number < blocks.fewest ? undefined : driftOf(readings, stretch, 'least', number, block.seconds)
  if (drift === undefined || drift.z < significant || drift.halves[1] < settles * drift.slope) return []
  const [start = 0, level = 0] = [drift.values[0], drift.values.at(-1)]
  const rise = drift.low * (stretch.until - stretch.from)
  return rise < least || rise < start / 2 ? [] : [{ stretch, drift, start, level }]
}

/** What went in and out in that time, where a broker tells it. */
const flow = ({ run }: Case, { service, what }: Resource, { stretch: { from, until }, level }: Growth): string[] => {
  const rateOf = (direction: string): number | undefined => {
    const readings = watchedIn(run).find((each) => each.service === service && each.what === what.replace(/^depth/, direction))?.readings ?? []
    const within = readings.filter(({ at }) => at >= from && at < until).map(({ value }) => value)
    return within.length === 0 ? undefined : median(within)
  }
  const [published, delivered] = [rateOf('published'), rateOf('delivered')]
  if (!what.startsWith('depth.') || published === undefined || delivered === undefined) return []
  const wait = delivered > 0 ? `what is put in now waits ${span(level / delivered)}` : 'nobody takes anything out'
  return [`${figure(published, '/s')} were put in and ${figure(delivered, '/s')} taken out: ${wait}.`]
}

export const queueGrowth: Diagnosis = (seen) => {
  const stretches = evenStretches(seen.run)
  const [worst] = seen.resources
    .filter(isQueue)
    .flatMap((resource) => {
      const growth = stretches.flatMap((stretch) => growthOf(resource, stretch)).at(-1)
      return growth === undefined ? [] : [{ resource, growth }]
    })
    .toSorted((a, b) => b.growth.drift.slope - a.growth.drift.slope)
  if (worst === undefined) return undefined
  const { resource, growth } = worst
  const {
    stretch: { from, until },
    drift,
    start,
    level,
  } = growth
  const { slope, low, high } = drift
  return {
    illness: 'queue-growth',
    name: 'A queue grows without bound',
    evidence: [
      `${resource.name} grew by ${figure(slope, '/s')} [${figure(low, '/s')}, ${figure(high, '/s')}] under an even load for ${span(until - from)}, from ${reading(start, 'count')} at ${clock(from)} to ${reading(level, 'count')}, and did not settle: more comes in than is taken out.`,
      ...flow(seen, resource, growth),
      resource.limit === null
        ? 'No limit of it is known: it grows until whoever keeps it has no memory or disk left.'
        : exhaustion(level, drift, resource.limit, 'count'),
      ...(seen.attribution.state === 'normal'
        ? ['Response times and errors stayed normal: who waits for what is in the queue feels it, and not who sends the request.']
        : []),
    ],
    remedy: [
      `Take out at least ${figure(high, '/s')} more than now: more consumers at once, or less work for each entry.`,
      'Give it an end, and turn away what is beyond (429 or 503 with Retry-After): RabbitMQ x-max-length with x-overflow=reject-publish; Redis LLEN before LPUSH; listen.backlog of PHP-FPM.',
      'Be told before users are: an alarm on the age of the oldest entry, and on a length that rises for minutes.',
    ],
    confirm: again(seen, `${resource.name} rises no further under the same load`),
  }
}

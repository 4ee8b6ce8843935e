/** What probes saw of something that was asked for: resources with their limits, and the statements of a database. */
import type { Observation, Run } from '../../runner/run.ts'
import { median } from '../../runner/stats/few.ts'
import type { Seconds } from '../../scenarios/units.ts'
import { allSeriesOf, type Resource, resourcesOf } from '../attribution/resources.ts'
import { clock, momentIn, mostly, reading } from '../attribution/words.ts'
import { count, countOf, percent } from '../figure.ts'
import type { Beside } from './beside.ts'
import type { Moment } from './moments.ts'
import { subjectOf, type Topic } from './topics.ts'

/** Services that are databases: only they have these. */
const ofDatabases = /^(waiting_for_locks|longest_transaction|table_scans|rows_read|innodb\w*)$/
const databaseSeries = /^(connections|active|running|waiting_for_locks|cache_hit)$/

const isOf = (topic: Topic, resource: Resource, databases: ReadonlySet<string>): boolean => {
  const { series } = subjectOf(topic)
  if (topic === 'database') return databases.has(resource.service) && databaseSeries.test(resource.what)
  return series?.test(resource.what) ?? false
}

/** A limit that was concluded is tighter than the one that was read, so the other is left out. */
const withoutWider = (resources: readonly Resource[]): Resource[] =>
  resources.filter(({ name, limitBecause }) => limitBecause !== undefined || !resources.some((each) => each.name === `${name} of one thread`))

export type Watched = {
  /** Series that tell of it, those nearest to their limit first. */
  readonly of: (topic: Topic) => readonly Resource[]
  readonly databases: ReadonlySet<string>
}

const nearness = ({ limit, readings }: Resource): number =>
  limit === null || limit <= 0 ? 0 : readings.reduce((most, { value }) => Math.max(most, value), 0) / limit

/** @param run what follows its warm-up */
export const watchedOf = (run: Run): Watched => {
  const ranked = resourcesOf(run)
  const all = [...ranked, ...allSeriesOf(run).filter(({ name }) => !ranked.some((each) => each.name === name))]
  const databases = new Set(all.filter(({ what }) => ofDatabases.test(what)).map(({ service }) => service))
  return {
    databases,
    of: (topic) => withoutWider(all.filter((each) => each.readings.length > 0 && isOf(topic, each, databases))).toSorted((a, b) => nearness(b) - nearness(a)),
  }
}

const medianIn = ({ readings }: Resource, holds: (at: Seconds) => boolean): number | undefined => {
  const values = readings.filter(({ at }) => holds(at)).map(({ value }) => value)
  return values.length === 0 ? undefined : median(values)
}

const limitOf = ({ limit, unit, limitBecause, name }: Resource, most: number): string => {
  if (limit === null || limit <= 0) return '; no limit is known'
  const kind = limitBecause === undefined ? '' : name.endsWith('of one thread') ? ', as one thread has' : ', as far as can be concluded'
  return `, ${percent(most / limit, 2)} of its limit of ${reading(limit, unit)}${kind}`
}

/** One series in a sentence: at the moment and beside it, at most, and of which limit. */
const resourceLine = (resource: Resource, run: Run, moment: Moment | undefined, other: Beside, breachAt: Seconds | undefined): string => {
  const { name, unit, readings } = resource
  const plain = name.replace(/ of one thread$/, '')
  // Of a share of hits the least is the worst.
  const isLowBad = /hit$/.test(resource.what)
  const most = readings.reduce(
    (worst, each) => ((isLowBad ? each.value < worst.value : each.value > worst.value) ? each : worst),
    readings[0] ?? { at: 0, value: 0 },
  )
  if (readings.every(({ value }) => value === most.value)) return `${plain} was ${reading(most.value, unit)} all along${limitOf(resource, most.value)}.`
  const told = (holds: (at: Seconds) => boolean): string => {
    const value = medianIn(resource, holds)
    return value === undefined ? 'unknown' : reading(value, unit)
  }
  const middle =
    moment !== undefined
      ? `${told((at) => at >= moment.from && at < moment.until)} ${moment.words}, ${told(other.holds)} ${other.words}`
      : breachAt !== undefined && breachAt > 0
        ? `${told((at) => at < breachAt - 2)} before ${clock(breachAt)}, ${told((at) => at >= breachAt && at <= breachAt + 15)} in the 15 s that followed`
        : `${told(() => true)} in the middle of the run`
  return `${plain} was ${middle}; at ${isLowBad ? 'least' : 'most'} ${reading(most.value, unit)} at ${momentIn(run.startedAt, most.at)}${limitOf(resource, most.value)}.`
}

const mostSeries = 4

/** Sentences of a subject; that nothing tells of it, where nothing does. */
export const resourceLines = (
  run: Run,
  watched: Watched,
  topic: Topic,
  { moment, other, breachAt }: { readonly moment: Moment | undefined; readonly other: Beside; readonly breachAt: Seconds | undefined },
): string[] =>
  watched
    .of(topic)
    .slice(0, mostSeries)
    .map((resource) => resourceLine(resource, run, moment, other, breachAt))

/** What is missing, and which probe would tell. */
export const unwatched = (topic: Topic): string => {
  const { label, probes } = subjectOf(topic)
  return `Nothing that was watched tells of ${label}. Add a probe for it to the configuration${probes === undefined ? '' : ` (${probes})`}, and run again.`
}

const mostQueries = 3
const worthTelling = 0.01 // of the database's time

const historyIn = ({ history = [] }: Observation, holds: (from: Seconds, until: Seconds) => boolean): { readonly calls: number; readonly total: number } => {
  const stretches = history.filter(({ from, until }) => holds(from, until))
  return { calls: stretches.reduce((sum, each) => sum + each.calls, 0), total: stretches.reduce((sum, each) => sum + each.total, 0) }
}

const lengthOf = (milliseconds: number): string => (milliseconds < 10_000 ? reading(milliseconds, 'ms') : `${count(Math.round(milliseconds / 1000))} s`)

const queryLine = (query: Observation, moment: Moment | undefined, other: Beside): string => {
  const { subject, values } = query
  const whole = `"${subject}": ${countOf(Number(values.calls), 'call')} of ${reading(Number(values.mean), 'ms')} over the whole run, ${lengthOf(Number(values.total))} in all, ${mostly(Number(values.share))} of what the database's statements took`
  if (moment === undefined || query.history === undefined) return `${whole}.`
  const isThen = (from: Seconds, until: Seconds): boolean => until > moment.from && from < moment.until
  const [then, before] = [historyIn(query, isThen), historyIn(query, (from, until) => other.holds(from) && other.holds(until - 1))]
  if (then.calls === 0) return `${whole}; ${moment.words} it took little of it.`
  const earlier = before.calls === 0 ? '' : `, ${reading(before.total / before.calls, 'ms')} ${other.words}`
  return `${whole}; ${moment.words} ${countOf(then.calls, 'call')} of ${reading(then.total / then.calls, 'ms')}${earlier} (counts are read each ten seconds).`
}

export const queryLines = (run: Run, moment: Moment | undefined, other: Beside): string[] => {
  const queries = (run.observations ?? []).filter(({ kind, values }, index) => kind === 'query' && (index === 0 || Number(values.share) >= worthTelling))
  if (queries.length === 0) return ['No statement was watched. A postgres probe with pg_stat_statements tells which took the time.']
  const isUndated = moment !== undefined && queries.every(({ history }) => history === undefined)
  return [
    ...queries.slice(0, mostQueries).map((query) => queryLine(query, moment, other)),
    ...(isUndated ? ['Statements were counted over the whole run, so which of them were slow at one moment is unknown.'] : []),
  ]
}

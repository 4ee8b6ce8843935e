/** Answers a question about a run in sentences with figures. What the run does not know is said, never filled in. */
import { afterWarmUp } from '../../runner/after-warm-up.ts'
import type { Run, TimelineSecond } from '../../runner/run.ts'
import { totalOf } from '../../runner/second-sum.ts'
import { median } from '../../runner/stats/few.ts'
import { quantileOver } from '../../runner/stats/quantile.ts'
import type { Attribution } from '../attribution/attribute.ts'
import type { Breach } from '../attribution/breach.ts'
import { plainSuspects } from '../attribution/ranking.ts'
import { type Resource, resourcesOf } from '../attribution/resources.ts'
import { loadAt, symptomsOf } from '../attribution/symptoms.ts'
import { clock, reading } from '../attribution/words.ts'
import { count, countOf, figure, percent } from '../figure.ts'
import type { Moment, Question, Topic } from './question.ts'

const canAnswer =
  'It understands a time (15:02, 15:02:30, 0:45 or 90 s after the start), an endpoint, and latency, errors, throughput, CPU, memory, connections, locks, queries, caches, files and disk.'

type Stretch = {
  readonly answers: number
  readonly p95: number | undefined
  readonly requests: number
  readonly failed: number
  readonly kinds: readonly (readonly [string, number])[]
  readonly seconds: number
}

const within =
  (moment: Moment) =>
  (at: number): boolean =>
    at >= moment.from && at < moment.until

/** Seconds one after the other, so that a long run is never unpacked whole. */
function* filtered(run: Run, holds: (second: number) => boolean): Generator<TimelineSecond> {
  for (const second of run.timeline) if (holds(second.second)) yield second
}

const stretchOf = (run: Run, holds: (second: number) => boolean, endpoint: string | undefined): Stretch => {
  let seconds = 0
  const counted = (second: number): boolean => {
    const isHeld = holds(second)
    seconds += isHeld ? 1 : 0
    return isHeld
  }
  const cells = totalOf(filtered(run, counted)).cells.filter((cell) => endpoint === undefined || cell.endpoint === endpoint)
  const successes = cells.filter(({ outcome }) => outcome === 'success')
  const kinds = new Map<string, number>()
  for (const { errors } of cells) for (const [kind, number] of Object.entries(errors)) if (number > 0) kinds.set(kind, (kinds.get(kind) ?? 0) + number)
  const requests = cells.reduce((sum, cell) => sum + cell.count, 0)
  const answers = successes.reduce((sum, cell) => sum + cell.count, 0)
  return {
    answers,
    p95: quantileOver(
      successes.map(({ responseTime }) => responseTime),
      0.95,
    ),
    requests,
    failed: requests - answers,
    kinds: [...kinds].toSorted((a, b) => b[1] - a[1]),
    seconds,
  }
}

const fewest = 20 // answers, without which there is no p95
const p95Of = ({ p95, answers }: Stretch): string =>
  p95 === undefined || answers < fewest
    ? `unknown (${countOf(answers, 'answer')}, ${fewest} are needed)`
    : `${figure(p95, 'ms')} (${countOf(answers, 'answer')})`
const errorsOf = ({ failed, requests, kinds }: Stretch): string =>
  requests === 0
    ? 'no request ended'
    : failed === 0
      ? `none of ${countOf(requests, 'request')} failed`
      : `${count(failed)} of ${countOf(requests, 'request')} failed (${percent(failed / requests, 2)}): ${kinds.map(([kind, number]) => `${count(number)} × ${kind}`).join(', ')}`

/** What a moment is held against: what was before the run left its normal, if the moment came after that, else the rest of the run. */
type Beside = { readonly words: string; readonly holds: (at: number) => boolean }

const besideOf = (moment: Moment | undefined, breach: Breach | undefined): Beside =>
  moment !== undefined && breach !== undefined && breach.at > 0 && moment.until > breach.at
    ? { words: `before ${clock(breach.at)}`, holds: (at) => at < breach.at && !within(moment)(at) }
    : { words: 'in the rest of the run', holds: (at) => moment === undefined || !within(moment)(at) }

/** What users felt in a stretch, beside what it is held against. */
const felt = (run: Run, { moment, endpoint, topics }: Question, other: Beside): string[] => {
  const inside = moment === undefined ? () => true : within(moment)
  const where = `${endpoint === undefined ? '' : ` of ${endpoint}`}${moment === undefined ? ' over the whole run' : ` at ${moment.words}`}`
  const [now, rest] = [stretchOf(run, inside, endpoint), stretchOf(run, other.holds, endpoint)]
  const wants = (topic: Topic): boolean => topics.includes(topic) || (topics.length === 0 && topic !== 'throughput')
  const beside = (words: string): string => (moment === undefined ? '' : `; ${other.words} ${words}`)
  return [
    ...(wants('latency') ? [`p95 of response time${where} was ${p95Of(now)}${beside(`it was ${p95Of(rest)}`)}.`] : []),
    ...(wants('errors') ? [`Errors${where}: ${errorsOf(now)}${beside(errorsOf(rest))}.`] : []),
    ...(wants('throughput')
      ? [
          `Throughput${where} was ${figure(now.answers / Math.max(1, now.seconds), '/s')} successful answers${beside(`${figure(rest.answers / Math.max(1, rest.seconds), '/s')}`)}.`,
        ]
      : []),
  ]
}

const series: Readonly<Partial<Record<Topic, RegExp>>> = {
  cpu: /^(cpu\w*|throttled\w*|load\w*|steal)$/,
  memory: /^(memory\w*|heap\w*|swap\w*|oom_kills|gc\w*)$/,
  connections: /^(connections|active|idle_in_transaction|pool|clients|blocked_clients|sockets\w*|rejected\w*)$/,
  locks: /^(waiting_for_locks|longest_lock_wait|deadlocks|longest_transaction)$/,
  files: /^(open_files|files|inodes\w*)$/,
  cache: /^(cache_\w+|misses|evictions|expirations)$/,
  disk: /^(disk\w*|io_pressure|waiting_for_storage|temp_files)$/,
}

const medianIn = ({ readings }: Resource, holds: (at: number) => boolean): number | undefined => {
  const values = readings.filter(({ at }) => holds(at)).map(({ value }) => value)
  return values.length === 0 ? undefined : median(values)
}

const resourceLine = (resource: Resource, moment: Moment | undefined, other: Beside): string => {
  const { name, unit, limit, readings } = resource
  const peak = readings.reduce((most, each) => (each.value > most.value ? each : most), readings[0] ?? { at: 0, value: 0 })
  const [now, rest] = [moment && medianIn(resource, within(moment)), medianIn(resource, other.holds)]
  const limits = limit === null ? 'its limit is not known' : `its limit is ${reading(limit, unit)}`
  const middle =
    moment === undefined
      ? `${reading(rest ?? 0, unit)} in the middle`
      : `${now === undefined ? 'unknown' : reading(now, unit)} at ${moment.words}, ${rest === undefined ? 'unknown' : reading(rest, unit)} ${other.words}`
  return `${name} was ${middle}, at most ${reading(peak.value, unit)} at ${clock(peak.at)}; ${limits}.`
}

const resourceLines = (resources: readonly Resource[], { topics, moment }: Question, other: Beside): string[] =>
  topics.flatMap((topic) => {
    const matching = series[topic]
    if (matching === undefined) return []
    const found = resources.filter(({ what, readings }) => matching.test(what) && readings.length > 0)
    return found.length === 0
      ? [`Nothing that was watched tells of ${topic === 'cpu' ? 'CPU' : topic}. Add a probe for it to the configuration, and run again.`]
      : found.slice(0, 6).map((resource) => resourceLine(resource, moment, other))
  })

const mostQueries = 3

const queryLines = (run: Run, { topics, moment }: Question): string[] => {
  if (!topics.includes('queries')) return []
  const queries = (run.observations ?? []).filter(({ kind }) => kind === 'query').slice(0, mostQueries)
  if (queries.length === 0) return ['No statement was watched. A postgres probe with pg_stat_statements tells which took the time.']
  const lines = queries.map(
    ({ subject, values }) =>
      `"${subject}": ${count(Number(values.calls))} calls of ${reading(Number(values.mean), 'ms')}, ${percent(Number(values.share), 2)} of the database's time.`,
  )
  return [...lines, ...(moment === undefined ? [] : ['Statements are counted over the whole run, so which of them were slow at one moment is unknown.'])]
}

/** Resources that were full, or waiting that began, around a moment that was asked for. */
const causesAt = (run: Run, resources: readonly Resource[], { moment }: Question): string[] => {
  if (moment === undefined) return []
  const symptoms = symptomsOf(run)
  const at = Math.min(moment.until, Math.max(moment.from, (moment.from + moment.until) / 2))
  const found = plainSuspects(run, resources, { at, load: loadAt(symptoms, at), felt: 'slow', because: '' }).filter(
    ({ onset }) => onset !== null && onset <= moment.until,
  )
  if (resources.length === 0) return ['No probe watched the target, so what it was short of is unknown.']
  if (found.length === 0) return ['No resource that was watched was at its limit then, and none had begun to wait.']
  return [
    'What was full or waiting then:',
    ...found
      .slice(0, mostQueries)
      .map(
        ({ name, onset, limit, unit, score, kind }) =>
          `- ${name}, since ${clock(onset ?? 0)}${kind === 'limit' && limit !== null ? `: ${percent(Math.min(score, 1), 2)} of ${reading(limit, unit)}` : ''}`,
      ),
  ]
}

/** Sentences. Empty when the question asks for nothing but what broke first. */
export const answer = (whole: Run, question: Question, attribution: Attribution): string[] => {
  const run = afterWarmUp(whole)
  const { moment, outside, endpoint, topics, unknown } = question
  const doubt = unknown.length > 0 ? [`Not understood: ${unknown.map((word) => `"${word}"`).join(', ')}. ${canAnswer}`] : []
  if (outside !== undefined) return [outside, ...doubt]
  if (moment === undefined && endpoint === undefined && topics.length === 0) return doubt
  const resources = resourcesOf(run)
  const isFelt = moment !== undefined || endpoint !== undefined || topics.some((topic) => topic === 'latency' || topic === 'errors' || topic === 'throughput')
  const breach = attribution.breach
  const other = besideOf(moment, breach)
  const beside =
    moment !== undefined && breach !== undefined && !within(moment)(breach.at)
      ? [`The run left its normal at ${clock(breach.at)}, which is ${breach.at < moment.from ? 'before' : 'after'} the time that was asked for.`]
      : []
  return [
    ...(isFelt ? felt(run, question, other) : []),
    ...resourceLines(resources, question, other),
    ...queryLines(run, question),
    ...causesAt(run, resources, question),
    ...beside,
    ...doubt,
  ]
}

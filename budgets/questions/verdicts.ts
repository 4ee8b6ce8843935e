/** Yes, no or unknown, with the figures: was it this, is there one of these, would more of the same help? */
import type { Run } from '../../runner/run.ts'
import type { Attribution } from '../attribution/attribute.ts'
import type { Suspect } from '../attribution/suspect.ts'
import { clock, reading } from '../attribution/words.ts'
import type { Illness } from '../diagnosis/illness.ts'
import { figure } from '../figure.ts'
import type { Beside } from './beside.ts'
import type { Question } from './question.ts'
import { subjectOf, type Topic } from './topics.ts'
import { queryLines, resourceLines, unwatched, type Watched } from './watched.ts'

export type Seen = {
  readonly run: Run
  readonly attribution: Attribution
  readonly illnesses: readonly Illness[]
  readonly remarks: readonly string[]
  readonly watched: Watched
  readonly other: Beside
}

const whatOf = ({ name, service }: Suspect): string => name.slice(service.length + 1).replace(/ of one thread$/, '')

/** Whether a suspect is of a subject. A pool is the application's, however it is seen. */
const concerns = (topic: Topic, suspect: Suspect, { databases }: Watched): boolean => {
  if (suspect.kind === 'statement') return topic === 'queries' || topic === 'database'
  const what = whatOf(suspect)
  if (topic === 'database') return databases.has(suspect.service) && what !== 'pool'
  return subjectOf(topic).series?.test(what) ?? false
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`

const figuresOf = (topic: Topic, { moment }: Question, { run, watched, other, attribution }: Seen): string[] => {
  const about = { moment, other, breachAt: attribution.breach?.at }
  if (topic === 'queries') return queryLines(run, moment, other)
  const lines = resourceLines(run, watched, topic, about)
  return topic === 'database' ? [...lines, ...queryLines(run, moment, other).slice(0, 1)] : lines
}

/** How it was with something that did not come first: full after all, with room to its limit, or nothing of it to be seen. */
const notFirst = (topic: Topic, { watched, attribution }: Seen): string => {
  const resources = watched.of(topic)
  const limited = resources.filter(({ limit }) => limit !== null && limit > 0)
  const since = attribution.breach?.at ?? 0
  const { label } = subjectOf(topic)
  if (limited.some(({ limit, readings }) => readings.some(({ at, value }) => at >= since && value >= 0.9 * (limit ?? Infinity))))
    return `${capital(label)}: full too, but not first.`
  if (limited.length > 0) return `No: ${label} had room.`
  return resources.length > 0 && resources.every(({ readings }) => readings.every(({ value }) => value === 0))
    ? 'No: there was nothing of it.'
    : 'No sign of it.'
}

const firstWas = (cause: Suspect): string => `What broke first was ${cause.name}.`

const longEnough = 600 // seconds; a heap may fill for minutes before it is collected

const leakVerdict = (question: Question, seen: Seen): string[] => {
  const { illnesses, remarks, watched } = seen
  const found = illnesses.find(({ illness }) => illness === 'memory-leak')
  if (found !== undefined) return [`Yes. ${found.evidence.join(' ')}`, `What to do: ${found.remedy[0]}`]
  if (watched.of('memory').length === 0) return [`Unknown. ${unwatched('memory')}`]
  const killed = illnesses.find(({ illness }) => illness === 'out-of-memory')
  const short = seen.run.durationSeconds < longEnough ? ', which is too short to rule it out: a soak of an hour can tell' : ''
  const none = remarks[0] ?? `No sign of one in ${clock(seen.run.durationSeconds)} of load${short}.`
  const lead = killed === undefined ? none : `It looks like one. ${killed.evidence.join(' ')}`
  return [lead, ...figuresOf('memory', question, seen)]
}

/** The generator is no part of the target: validity answers for it. */
const generatorVerdict = ({ run: { validity } }: Seen): string[] =>
  validity.state === 'VALID'
    ? ['No: the run is VALID, so the machine that made the load kept up with it.']
    : [`Perhaps: the run is ${validity.state}. ${validity.reasons[0]?.text ?? ''}`.trim()]

const verdictOn = (topic: Topic, question: Question, seen: Seen): string[] => {
  const { attribution, illnesses, watched } = seen
  if (topic === 'generator') return generatorVerdict(seen)
  if (topic === 'memory' && question.asksForLeak) return leakVerdict(question, seen)
  const lines = figuresOf(topic, question, seen)
  const isNamed = attribution.state === 'named'
  if (isNamed && concerns(topic, attribution.cause, watched)) {
    const illness = illnesses.find((each) => subjectOf(topic).illnesses?.includes(each.illness))
    return [`Yes, with ${attribution.confidence} confidence. ${attribution.because}`, ...(illness === undefined ? [] : [`What to do: ${illness.remedy[0]}`])]
  }
  const illness = illnesses.find((each) => subjectOf(topic).illnesses?.includes(each.illness))
  if (illness !== undefined)
    return [
      `${isNamed ? `It is there, though not what was full first: ${illness.name}.` : `Yes: ${illness.name}.`} ${illness.evidence.join(' ')}${isNamed ? ` ${firstWas(attribution.cause)}` : ''}`,
      `What to do: ${illness.remedy[0]}`,
    ]
  const also = isNamed ? attribution.others.find((each) => concerns(topic, each, watched)) : undefined
  if (isNamed && also !== undefined) return [`Not first. ${also.because} ${firstWas(attribution.cause)}`]
  const hasFigures = topic === 'queries' || topic === 'database' ? lines.length > 0 && watched.databases.size > 0 : lines.length > 0
  if (!hasFigures) return [`Unknown. ${unwatched(topic)}`]
  switch (attribution.state) {
    case 'normal':
      return ['No: nothing broke in this run.', ...lines]
    case 'named':
      if (topic === 'database' && whatOf(attribution.cause) === 'pool')
        return [`Not the database itself, but what leads to it. ${attribution.because} The database had room:`, ...lines]
      return [`${notFirst(topic, seen)} ${firstWas(attribution.cause)}`, ...lines]
    default:
      return [`Unknown. ${attribution.because}`, ...lines]
  }
}

/** @param question that asks whether */
export const verdictLines = (question: Question, seen: Seen): string[] => question.topics.flatMap((topic) => verdictOn(topic, question, seen))

const ofApplication = /^(cpu|throttled|throttled_time|event_loop|event_loop_delay|memory|heap|open_files|active|listen_queue|busiest_core|collecting)$/

/** Would more instances of the application help? */
export const scalingLines = ({ run, attribution, illnesses, watched }: Seen): string[] => {
  const leak = illnesses.find(({ illness }) => illness === 'memory-leak')
  if (leak !== undefined) return [`It would only put it off, because the memory of each instance grows by itself. ${leak.evidence[0] ?? ''}`.trim()]
  const killed = illnesses.find(({ illness }) => illness === 'out-of-memory')
  if (killed !== undefined)
    return [
      `Perhaps. ${killed.evidence[0] ?? ''}`.trim(),
      'If memory grows with the load, each instance has less of it; if it leaks, they only put it off. A soak tells which.',
    ]
  if (attribution.state === 'normal') {
    const most = run.shape.segments.reduce((highest, segment) => Math.max(highest, segment.from, segment.kind === 'linear' ? segment.to : segment.floor), 0)
    return [`This run gives no reason for more: nothing broke at up to ${figure(most, '/s')} arrivals. A breakpoint test tells at which load something does.`]
  }
  if (attribution.state !== 'named') return [`Unknown, because no cause can be named. ${attribution.because}`]
  const { cause } = attribution
  const what = whatOf(cause)
  const pool = watched.of('connections').find(({ name }) => name === `${cause.service}.connections`)
  if (what === 'pool')
    return [
      `Perhaps. ${cause.because}`,
      `Each instance opens a pool of its own, so two would have ${figure(2 * (cause.limit ?? 0), 'count')} connections${pool?.limit == null ? '' : ` of the ${reading(pool.limit, 'count')} that the server allows`}. A larger pool does the same without another machine; whether the database keeps up then, only a run can tell.`,
    ]
  if (cause.kind === 'statement' || watched.databases.has(cause.service))
    return [
      `No: what broke first lies in ${cause.service}, which all instances share, so more of them would wait for the same. ${cause.because}`,
      ...(illnesses[0] === undefined ? [] : [`What would help: ${illnesses[0].remedy[0]}`]),
    ]
  if (ofApplication.test(what))
    return [
      `Probably, if requests are spread evenly and each instance has ${subjectWord(what)} of its own. ${cause.because}`,
      'Two instances do less than twice as much where they share something else, such as a database. A run with two of them can tell.',
    ]
  return [`Unknown, because this run can't tell whether instances share ${cause.name}. ${cause.because}`]
}

const subjectWord = (what: string): string =>
  /memory|heap/.test(what) ? 'memory' : /files/.test(what) ? 'a limit' : /cpu|throttled|core|event_loop|collecting/.test(what) ? 'a CPU' : 'workers'

/** Answers a question about a run in sentences with figures. What the run does not know is said, never filled in. */
import { afterWarmUp } from '../../runner/after-warm-up.ts'
import type { Run } from '../../runner/run.ts'
import type { Attribution } from '../attribution/attribute.ts'
import { plainSuspects } from '../attribution/ranking.ts'
import { resourcesOf } from '../attribution/resources.ts'
import { loadAt, symptomsOf } from '../attribution/symptoms.ts'
import { clock, momentIn, reading } from '../attribution/words.ts'
import type { Illness } from '../diagnosis/illness.ts'
import { percent } from '../figure.ts'
import { besideOf } from './beside.ts'
import { felt } from './felt.ts'
import type { Moment, Times } from './moments.ts'
import type { Question } from './question.ts'
import { feltTopics, understood } from './topics.ts'
import { type Seen, scalingLines, verdictLines } from './verdicts.ts'
import { queryLines, resourceLines, unwatched, watchedOf } from './watched.ts'

/** What is known of the run besides itself. */
type Findings = { readonly attribution: Attribution; readonly illnesses: readonly Illness[]; readonly remarks: readonly string[] }

export type Answer = {
  readonly lines: readonly string[]
  /** What broke first belongs to the answer, too. */
  readonly tellsCause: boolean
}

/** When the load was within a tenth of its highest; undefined where it never was much lower. */
export const peakOf = (run: Run): Times['peak'] => {
  const symptoms = symptomsOf(run)
  const most = symptoms.reduce((highest, { offered }) => Math.max(highest, offered), 0)
  const high = symptoms.filter(({ offered }) => offered >= 0.9 * most)
  const least = symptoms.reduce((lowest, { offered, second }) => (second < run.durationSeconds - 2 ? Math.min(lowest, offered) : lowest), most)
  const [first, last] = [high[0], high.at(-1)]
  return first === undefined || last === undefined || least > 0.7 * most ? undefined : { from: first.second, until: last.second + 1 }
}

const mostCauses = 3

/** Resources that were full, or waiting that began, around a moment that was asked for. */
const causesAt = (run: Run, moment: Moment, breachAt: number | undefined): string[] => {
  const resources = resourcesOf(run)
  if (resources.length === 0) return ['No probe watched the target, so what it was short of is unknown.']
  // Of a long stretch, the moment at which the run left its normal, if that lies in it.
  const at = breachAt !== undefined && breachAt >= moment.from && breachAt < moment.until ? breachAt : (moment.from + moment.until) / 2
  const found = plainSuspects(run, resources, { at, load: loadAt(symptomsOf(run), at), felt: 'slow', because: '' }).filter(
    ({ onset }) => onset !== null && onset <= moment.until,
  )
  if (found.length === 0) return ['No resource that was watched was at its limit then, and none had begun to wait.']
  return [
    'What was full or waiting then:',
    ...found.slice(0, mostCauses).map(({ name, onset, limit, unit, score, kind, atBreach, baseline }) => {
      const much =
        kind === 'limit' && limit !== null
          ? `${percent(Math.min(score, 1), 2)} of ${reading(limit, unit)}`
          : `${atBreach === null ? 'unknown' : reading(atBreach, unit)}${kind === 'statement' ? ' a call' : ''}`
      return `- ${name}, since ${clock(onset ?? 0)}: ${much}${baseline === null ? '' : `, where ${reading(baseline, unit)} was normal`}`
    }),
  ]
}

const figures = (question: Question, seen: Seen): string[] => {
  const { moment, endpoint, topics, asksWhichEndpoint } = question
  const { run, watched, other, attribution } = seen
  const breachAt = attribution.breach?.at
  const resources = topics.filter((topic) => !feltTopics.has(topic))
  const isFelt =
    endpoint !== undefined || asksWhichEndpoint || topics.some((topic) => feltTopics.has(topic)) || (moment !== undefined && resources.length === 0)
  return [
    ...(isFelt ? felt(run, question, other) : []),
    ...resources.flatMap((topic) => {
      if (topic === 'generator') return verdictLines({ ...question, topics: [topic] }, seen)
      if (topic === 'queries') return queryLines(run, moment, other)
      const lines = resourceLines(run, watched, topic, { moment, other, breachAt })
      return lines.length === 0 ? [unwatched(topic)] : topic === 'database' ? [...lines, ...queryLines(run, moment, other)] : lines
    }),
    ...(moment === undefined ? [] : causesAt(run, moment, breachAt)),
    ...(moment !== undefined && breachAt !== undefined && (breachAt < moment.from || breachAt >= moment.until)
      ? [`The run left its normal at ${clock(breachAt)}, which is ${breachAt < moment.from ? 'before' : 'after'} the time that was asked for.`]
      : []),
  ]
}

const isAboutFigures = ({ moment, endpoint, topics, asksWhichEndpoint }: Question): boolean =>
  moment !== undefined || endpoint !== undefined || topics.length > 0 || asksWhichEndpoint

/** Of a run in which nothing broke, what came nearest to a limit. */
const nearest = ({ run }: Seen): string[] => {
  const limited = resourcesOf(run).flatMap(({ name, unit, limit, limitBecause, readings }) =>
    limit === null || limit <= 0 ? [] : readings.map(({ at, value }) => ({ name, unit, limit, limitBecause, at, value })),
  )
  const [most] = limited.toSorted((a, b) => b.value / b.limit - a.value / a.limit)
  if (most === undefined) return []
  const { name, unit, limit, limitBecause, at, value } = most
  const concluded = limitBecause === undefined ? '' : ` Its limit is concluded: ${limitBecause}.`
  return [
    `Nearest to its limit came ${name}: ${reading(value, unit)} of ${reading(limit, unit)} (${percent(value / limit, 2)}) at ${momentIn(run.startedAt, at)}.${concluded}`,
  ]
}

/** Sentences, and whether what broke first belongs to them. */
export const answer = (whole: Run, question: Question, { attribution, illnesses, remarks }: Findings): Answer => {
  const run = afterWarmUp(whole)
  const { moment, outside, unknown, topics, asksWhether, asksForMore, asksWhy, asksWhen } = question
  const seen: Seen = { run, attribution, illnesses, remarks, watched: watchedOf(run), other: besideOf(moment, attribution.breach?.at) }
  const isFeltOnly = topics.every((topic) => feltTopics.has(topic))
  const isUnderstood = asksWhy || asksForMore || asksWhen || isAboutFigures(question) || outside !== undefined
  const names = unknown.map((word) => `"${word}"`).join(', ')
  if (!isUnderstood) return { lines: [`${unknown.length === 0 ? 'That was not understood.' : `Not understood: ${names}.`} ${understood}`], tellsCause: false }
  if (outside !== undefined) return { lines: [outside], tellsCause: false }
  const doubt = unknown.length > 0 ? [`Not understood, and left out: ${names}.`] : []
  const lines = (): string[] => {
    if (asksForMore) return scalingLines(seen)
    if (asksWhen && moment === undefined && isFeltOnly) return [attribution.breach?.because ?? attribution.because]
    if (asksWhether && !isFeltOnly) return verdictLines(question, seen)
    return isAboutFigures(question) ? figures(question, seen) : []
  }
  if (asksWhy && attribution.state === 'normal' && illnesses.length === 0)
    return { lines: [...lines(), attribution.because, ...nearest(seen), ...doubt], tellsCause: false }
  return { lines: [...lines(), ...doubt], tellsCause: asksWhy }
}

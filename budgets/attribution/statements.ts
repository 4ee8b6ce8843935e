/**
 * Statements that took the database's time, and since when. A probe looks at their counts each ten seconds, so a moment is known to
 * that; runs of older versions, and probes that looked only at the end, know none.
 */
import type { Observation, Run } from '../../runner/run.ts'
import { median } from '../../runner/stats/few.ts'
import type { Seconds } from '../../scenarios/units.ts'
import { count } from '../figure.ts'
import type { Breach } from './breach.ts'
import type { Suspect } from './suspect.ts'
import { clock, mostly, reading } from './words.ts'

type Stretch = NonNullable<Observation['history']>[number]

const busyShare = 0.5 // sessions that were busy with it on average; below, a database has room
const longEnough = 15 // seconds of the breach in which a statement shows

const number = ({ values }: Observation, name: string): number => (typeof values[name] === 'number' ? (values[name] as number) : 0)

/** Sessions that were busy with it on average. */
const busyIn = ({ from, until, total }: Stretch): number => (until > from ? total / 1000 / (until - from) : 0)
const meanOf = (stretches: readonly Stretch[]): number | null => {
  const calls = stretches.reduce((sum, each) => sum + each.calls, 0)
  return calls === 0 ? null : stretches.reduce((sum, each) => sum + each.total, 0) / calls
}

type Turn = {
  /** It began to take this time between these two. */
  readonly from: Seconds
  readonly until: Seconds
  /** Sessions that were busy with it. */
  readonly busyBefore: number
  readonly busyNow: number
  /** Milliseconds a call; null where it was not called then. */
  readonly meanBefore: number | null
  readonly meanNow: number | null
}

/** How a statement changed around a moment; undefined where nobody looked, or it took no time then. */
const turnAt = ({ history = [] }: Observation, at: Seconds): Turn | undefined => {
  const now = history.filter(({ from, until }) => until > at && from <= at + longEnough)
  const busyNow = now.reduce((most, stretch) => Math.max(most, busyIn(stretch)), 0)
  let index = history.findIndex((stretch) => now.includes(stretch) && busyIn(stretch) >= busyNow / 2)
  if (index < 0 || busyNow === 0) return undefined
  while (index > 0 && busyIn(history[index - 1] as Stretch) >= busyNow / 2) index -= 1
  const first = history[index] as Stretch
  const before = history.slice(0, index)
  return {
    from: first.from,
    until: first.until,
    busyBefore: before.length === 0 ? 0 : median(before.map(busyIn)),
    busyNow,
    meanBefore: meanOf(before),
    meanNow: meanOf(now),
  }
}

const told = ({ from, until, busyBefore, busyNow, meanBefore, meanNow }: Turn): string => {
  const mean = meanNow === null ? '' : `, ${reading(meanNow, 'ms')} a call${meanBefore === null ? '' : ` where ${reading(meanBefore, 'ms')} was normal`}`
  return `It began between ${clock(from)} and ${clock(until)}: ${reading(busyNow, 'count')} sessions were busy with it on average, where ${reading(busyBefore, 'count')} was normal${mean}.`
}

const took = (query: Observation): string =>
  `The statement "${query.subject}" took ${mostly(number(query, 'share'))} of the database's time (${count(number(query, 'calls'))} calls of ${reading(number(query, 'mean'), 'ms')})`

const suspectOf = (query: Observation, turn: Turn | undefined, because: string): Suspect => ({
  name: `statement: ${query.subject}`,
  service: query.probe,
  kind: 'statement',
  depth: 0,
  onset: turn?.from ?? null,
  unit: 'ms',
  baseline: turn?.meanBefore ?? null,
  atBreach: turn?.meanNow ?? number(query, 'mean'),
  limit: null,
  score: number(query, 'share'),
  because,
})

/** Statement that reads whole tables for want of an index, if it is what the database spent its time on. */
export const unindexed = (run: Run): { readonly query: Observation; readonly table: Observation; readonly index: string } | undefined => {
  const observations = run.observations ?? []
  for (const table of observations) {
    const { index } = table.values
    if (table.kind !== 'table' || typeof index !== 'string') continue
    const bare = table.subject.slice(table.subject.indexOf('.') + 1)
    const query = observations.find(
      (each) =>
        each.kind === 'query' &&
        each.probe === table.probe &&
        number(each, 'share') >= 0.5 &&
        new RegExp(`\\b${bare.replace(/\W/g, '\\$&')}\\b`).test(each.subject),
    )
    if (query !== undefined) return { query, table, index }
  }
  return undefined
}

export const unindexedStatement = (run: Run, { at }: Breach): Suspect[] => {
  const found = unindexed(run)
  if (found === undefined) return []
  const { query, table } = found
  const turn = turnAt(query, at)
  const busy = turn?.busyNow ?? number(query, 'total') / 1000 / Math.max(1, run.durationSeconds)
  if (busy < busyShare) return []
  const scans = `${table.subject} was read from end to end ${count(number(table, 'scans'))} times, ${count(Math.round(number(table, 'rows_per_scan')))} rows each`
  const moment = turn === undefined ? 'Statements were counted over the whole run, so no moment is known.' : told(turn)
  return [suspectOf(query, turn, `${took(query)}, and ${scans}. ${moment}`)]
}

const slower = 3 // times as long a call

/** Statements that take most of the database's time since the breach and much longer a call than before, for whatever reason. */
export const slowerStatements = (run: Run, { at }: Breach): Suspect[] =>
  (run.observations ?? []).flatMap((query) => {
    if (query.kind !== 'query' || number(query, 'share') < 0.5) return []
    const turn = turnAt(query, at)
    if (turn === undefined || turn.until < at - longEnough || turn.busyNow < busyShare) return []
    if (turn.meanBefore === null || turn.meanNow === null || turn.meanNow < slower * turn.meanBefore) return []
    return [suspectOf(query, turn, `${took(query)}. ${told(turn)}`)]
  })

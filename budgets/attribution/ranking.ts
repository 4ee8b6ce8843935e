/**
 * Suspects by three kinds of evidence, the strongest first. In a test whose load grows everything that scales with load leaves its normal,
 * so correlation with the trouble says nothing. What counts is (1) a limit that was reached, (2) waiting where there was none, and
 * (3) a distance from what the load explains.
 */
import type { Run } from '../../runner/run.ts'
import { median } from '../../runner/stats/few.ts'
import type { Seconds } from '../../scenarios/units.ts'
import { count, percent } from '../figure.ts'
import type { Breach } from './breach.ts'
import type { Resource } from './resources.ts'
import { slowerStatements, unindexedStatement } from './statements.ts'
import { beganBefore } from './stretch.ts'
import type { Suspect } from './suspect.ts'
import { clock, reading } from './words.ts'

const full = 0.9 // share of a limit; above it waiting grows without the figure growing
const fuller = 0.03 // share of a limit that a reading must rise by to be told from one that was nearly as high
const guard = 2 // seconds before the breach that belong to neither side
const stretchAfter = 15 // seconds of the breach that are told of
const fewestBefore = 5 // readings that show what was before
/** A run that was never normal may have had its full resource from the beginning. */
const atTheStart = 5 // seconds

const medianOf = (values: readonly number[]): number | null => (values.length === 0 ? null : median(values))

/** Medians before the breach and from it on. */
export const around = ({ readings }: Pick<Resource, 'readings'>, at: Seconds): { readonly baseline: number | null; readonly atBreach: number | null } => {
  const before = readings.filter((each) => each.at < at - guard).map(({ value }) => value)
  return {
    baseline: before.length < fewestBefore ? null : median(before),
    atBreach: medianOf(readings.filter((each) => each.at >= at && each.at <= at + stretchAfter).map(({ value }) => value)),
  }
}

const was = (baseline: number | null, unit: string): string => (baseline === null ? '' : `, where ${reading(baseline, unit)} was normal`)
const timing = (onset: Seconds, { at }: Breach): string =>
  Math.abs(onset - at) <= 1
    ? 'within a second of the trouble'
    : onset < at
      ? `${count(Math.round(at - onset))} s before the trouble`
      : `${count(Math.round(onset - at))} s after the trouble was first felt`

const atLimit = (resource: Resource, breach: Breach): Suspect[] => {
  const { limit, readings, name, service, unit, depth, limitBecause } = resource
  if (limit === null || limit <= 0) return []
  const began = beganBefore(readings, breach.at, ({ value }) => value >= full * limit)
  // What was full while all was well is not what broke.
  if (began === undefined || (began.isFromTheFirst && breach.at > atTheStart + began.onset)) return []
  const peak = readings.slice(began.index).reduce((most, { value }) => Math.max(most, value), 0)
  const { baseline, atBreach } = around(resource, breach.at)
  // Nor is what was full most of the time before, now and then a little less, and is no fuller now.
  if (baseline !== null && baseline >= full * limit && (atBreach ?? 0) < baseline + fuller * limit) return []
  const told = `${name} reached ${reading(peak, unit)} of ${reading(limit, unit)} (${percent(Math.round((1000 * peak) / limit) / 1000, 2)})`
  const because = `${told}${was(baseline, unit)}; above ${percent(full)} since ${clock(began.onset)}, ${timing(began.onset, breach)}${limitBecause === undefined ? '' : `. Its limit is concluded: ${limitBecause}`}.`
  return [{ name, service, kind: 'limit', depth, onset: began.onset, unit, baseline, atBreach, limit, score: peak / limit, because }]
}

/** What is 0 while nothing waits, and from where on it is no accident. A thread waits for a core now and then, and more often with more load. */
const waits =
  /(^|_)(waiting_(?!for_cpu)\w+|throttled|blocked\w*|rejected\w*|\w*pressure|listen_queue|oom_kills|deadlocks|evictions|steal|iowait|connections_dropped|max_children_reached)$/
const noticed: Readonly<Record<string, number>> = { count: 1, ratio: 0.1, cores: 0.05, ms: 10, s: 0.01, '/s': 1 }
const waitsAnyway = 0.2 // cores, for a core

const beganToWait = (resource: Resource, breach: Breach): Suspect[] => {
  const { readings, name, service, unit, what, depth } = resource
  const least = noticed[unit]
  if (!waits.test(what) || least === undefined) return []
  const began = beganBefore(readings, breach.at, ({ value }) => value >= least)
  if (began === undefined || (began.isFromTheFirst && breach.at > atTheStart + began.onset)) return []
  const before = readings.filter(({ at }) => at < began.onset)
  if (before.filter(({ value }) => value >= least).length > before.length / 5) return []
  const { baseline, atBreach } = around(resource, breach.at)
  // That it waited for two readings of the fifteen is an accident.
  if (what === 'waiting_for_cpu' && (atBreach ?? 0) < least) return []
  const because = `${name} ${baseline === null ? 'was' : `went from ${reading(baseline, unit)} to`} ${reading(atBreach ?? readings[began.index]?.value ?? 0, unit)} at ${clock(began.onset)}, ${timing(began.onset, breach)}. It is what waits, so it has no limit.`
  return [{ name, service, kind: 'waiting', depth, onset: began.onset, unit, baseline, atBreach, limit: null, score: atBreach ?? 0, because }]
}

const together = 3 // seconds; readings a second apart can't tell which of two came first

/**
 * Which of two is told first: what does the work before what fills up behind it, then the earlier one, then the statement that keeps a
 * resource busy before the resource, then the one that has a limit.
 */
const order = (a: Suspect, b: Suspect): number => {
  const kinds: readonly Suspect['kind'][] = ['statement', 'limit', 'waiting', 'deviation']
  const place = ({ onset }: Suspect): number => Math.floor((onset ?? Number.MAX_SAFE_INTEGER) / together)
  return a.depth - b.depth || place(a) - place(b) || kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || b.score - a.score
}

/** Cores that others keep busy, while the target fails and has hardly waited for one: want of CPU makes slow, and nothing fail at once. */
const isBesideThePoint = (resource: Resource, resources: readonly Resource[], breach: Breach): boolean => {
  const isMachines = resource.what === 'cpu' && resources.some(({ service, what }) => service === resource.service && what === 'steal')
  const waiting = resources.filter(({ what }) => what === 'waiting_for_cpu').map((each) => around(each, breach.at).atBreach)
  return isMachines && breach.felt === 'failed' && waiting.length > 0 && waiting.every((each) => each !== null && each < waitsAnyway)
}

/** Limits that were reached, waiting that began, and statements that took the time; what broke first comes first. */
export const plainSuspects = (run: Run, resources: readonly Resource[], breach: Breach): Suspect[] => {
  const candidates = resources.filter((each) => !isBesideThePoint(each, resources, breach))
  const found = [...candidates.flatMap((each) => [...atLimit(each, breach), ...beganToWait(each, breach)]), ...unindexedStatement(run, breach)].toSorted(order)
  // Whatever is full or waiting makes statements slower, so one that only got slower comes behind them.
  return [...found, ...slowerStatements(run, breach).filter(({ name }) => !found.some((each) => each.name === name))]
}

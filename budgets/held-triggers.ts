/** Scaling triggers held against a run: which would have fired, when, for how long, and whether that was before users felt anything. */
import { afterWarmUp } from '../runner/after-warm-up.ts'
import type { Run } from '../runner/run.ts'
import type { Seconds } from '../scenarios/units.ts'
import { type Piece, piecesOf, type Stretch, stretchesAbove } from './above.ts'
import { clock, span } from './attribution/words.ts'
import type { Budget } from './budget.ts'
import { figure } from './figure.ts'
import type { Measure } from './measures/measure.ts'
import { measureOf } from './measures/measure-of.ts'
import { windowsOf } from './measures/part.ts'
import { readingsOf } from './readings.ts'
import { metricsMeant } from './roles.ts'
import type { ScalingTrigger } from './scaling-trigger.ts'

/** One trigger on one series. */
export type HeldTrigger = {
  readonly name: string
  /** @example 'app.cpu.saturation' */
  readonly metric: string
  readonly severity: ScalingTrigger['severity']
  /** `unknown`: nothing watched it, or the run was too short for it. */
  readonly state: 'fired' | 'quiet' | 'unknown'
  /** When it first fired, the time it must last included. */
  readonly at: Seconds | null
  /** For how long it was on, of the whole run. */
  readonly seconds: Seconds
  /** Seconds by which it was earlier than what users felt; below 0: later; null: it did not fire, or they felt nothing. */
  readonly before: Seconds | null
  readonly because: string
}

const window = 10 // seconds in which a p95 or a share is told: one second has too few answers, and one slow one would fire

const budgetOf = ({ name, stat, above, unit, file }: ScalingTrigger, metric: string): Budget => ({
  name,
  metric,
  ...(stat && { stat }),
  limit: { is: 'at_most', value: above, ...(unit !== '' && { unit }) },
  level: 'warn',
  whenMeasured: true,
  file,
})

const windowsOfRun = (run: Run, measure: Measure): Piece[] => {
  const enough = Math.max(1, measure.telling ?? measure.needed)
  return Array.from(
    windowsOf(run, window, (part) => measure.samples(part) >= enough),
    (part) => ({ from: part.from, until: part.from + part.length, value: measure.samples(part) < enough ? null : measure.bounds(part).lower }),
  )
}

const felt = (at: Seconds, breach: Seconds | undefined): string => {
  if (breach === undefined) return '; users felt nothing'
  const difference = Math.round(breach - at)
  if (difference === 0) return `, in the second in which users felt it`
  return difference > 0 ? `, ${span(difference)} before users felt it (${clock(breach)})` : `, ${span(-difference)} after users felt it (${clock(breach)})`
}

const longestOf = (stretches: readonly Stretch[]): Seconds => Math.max(0, ...stretches.map(({ from, until }) => until - from))

const heldAgainst = (run: Run, trigger: ScalingTrigger, metric: string, breach: Seconds | undefined): HeldTrigger => {
  const { name, severity, above, unit } = trigger
  const common = { name, metric, severity, at: null, seconds: 0, before: null }
  const found = measureOf(run, budgetOf(trigger, metric))
  if ('absent' in found)
    return {
      ...common,
      state: 'unknown',
      because: `${name}: nobody can tell, because ${found.absent === `${metric} was not measured` ? 'nothing in this run watched it' : found.absent}.`,
    }
  const readings = readingsOf(run, metric)
  const pieces = readings === undefined ? windowsOfRun(run, found.measure) : piecesOf(readings.at, readings.values)
  const known = pieces.flatMap(({ value }) => (value === null ? [] : [value]))
  const limit = figure(above, unit)
  const subject = readings === undefined ? found.measure.words : metric
  if (known.length === 0) return { ...common, state: 'unknown', because: `${name}: nobody can tell, because too little of ${subject} was measured.` }
  const most = figure(Math.max(...known), unit)
  const [fired, all] = [stretchesAbove(pieces, above, trigger.for), stretchesAbove(pieces, above, 0)]
  const [first] = fired
  if (first !== undefined) {
    const firesAt = ({ from, seen }: Stretch): Seconds => Math.max(seen, from + trigger.for)
    const at = firesAt(first)
    const seconds = fired.reduce((sum, stretch) => sum + stretch.until - firesAt(stretch), 0)
    const lasting = trigger.for === 0 ? '' : ` for ${span(trigger.for)}`
    const on = seconds > 0 ? `, and was on for ${span(seconds)}` : ''
    const because = `${name}: ${subject} above ${limit}${lasting} fired at ${clock(at)}${felt(at, breach)}${on}; at most it was ${most}.`
    return { ...common, state: 'fired', at, seconds, before: breach === undefined ? null : breach - at, because }
  }
  const longest = longestOf(all)
  if (longest === 0) return { ...common, state: 'quiet', because: `${name}: ${subject} was never above ${limit}, at most ${most}.` }
  const wanted = `${subject} was above ${limit} for ${span(longest)} at most, and ${span(trigger.for)} are needed`
  // Where it was still above as the load ended, nobody knows how long it would have been.
  const isOpen = all.at(-1)?.until === pieces.at(-1)?.until
  return isOpen
    ? { ...common, state: 'unknown', because: `${name}: ${wanted}; it still was as the run ended, so a longer one would tell.` }
    : { ...common, state: 'quiet', because: `${name}: ${wanted}.` }
}

const order = { fired: 0, unknown: 1, quiet: 2 } as const

/**
 * Those that fired come first, the earliest before the others.
 * @param breach second in which users first felt something; undefined: they felt nothing
 */
export const heldTriggers = (whole: Run, triggers: readonly ScalingTrigger[], breach: Seconds | undefined): HeldTrigger[] => {
  const run = afterWarmUp(whole)
  return triggers
    .flatMap((trigger) => metricsMeant(run, trigger.metric).map((metric) => heldAgainst(run, trigger, metric, breach)))
    .toSorted((a, b) => order[a.state] - order[b.state] || (a.at ?? 0) - (b.at ?? 0))
}

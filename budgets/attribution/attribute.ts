/** What broke first? A cause with its evidence, or the sentence that says why none can be named. attribution.md tells how it is found. */
import { afterWarmUp } from '../../runner/after-warm-up.ts'
import type { Run } from '../../runner/run.ts'
import type { Breakpoint, Judgement } from '../budget.ts'
import { countOf } from '../figure.ts'
import { type Breach, breachOf } from './breach.ts'
import { deviations, fewestReadings } from './deviation.ts'
import { plainSuspects } from './ranking.ts'
import { type Resource, resourcesOf } from './resources.ts'
import { type Suspect, times } from './suspect.ts'
import { symptomsOf } from './symptoms.ts'

export type Confidence = 'high' | 'medium' | 'low'

export type Attribution =
  | {
      readonly state: 'named'
      readonly breach: Breach
      readonly cause: Suspect
      /** Those that came later or count less, the next one first. */
      readonly others: readonly Suspect[]
      readonly confidence: Confidence
      readonly because: string
    }
  | { readonly state: 'unclear'; readonly breach: Breach /** The three that are farthest. */; readonly others: readonly Suspect[]; readonly because: string }
  /** Nothing broke, or nothing can be said of what did. */
  | { readonly state: 'normal' | 'declined'; readonly breach: Breach | undefined; readonly because: string }

const mostOthers = 3
/** A deviation that names a cause: spreads, and times the second service's. */
const stands = { out: 6, above: 1.5, clearly: 3 } as const

const nothingBroke =
  'No budget on what users feel was broken, and neither response time nor errors left their normal for three seconds: there is nothing to explain.'

const isInferred = ({ name }: Suspect, resources: readonly Resource[]): boolean =>
  resources.some((resource) => resource.name === name && resource.limitBecause !== undefined)

const confidenceOf = (cause: Suspect, others: readonly Suspect[], resources: readonly Resource[]): Confidence => {
  // Another service that was full or waiting in the same moment may as well have been first.
  const hasRival = others.some(
    ({ service, depth, onset, kind }) =>
      kind !== 'deviation' && service !== cause.service && depth <= cause.depth && onset !== null && cause.onset !== null && onset - cause.onset <= 2,
  )
  return hasRival ? 'low' : isInferred(cause, resources) || cause.kind === 'statement' ? 'medium' : 'high'
}

const ofDeviations = (ranked: readonly Suspect[], breach: Breach, resources: readonly Resource[]): Attribution => {
  const [first, second] = ranked
  const before = resources.reduce((most, { readings }) => Math.max(most, readings.filter(({ at }) => at < breach.at - 2).length), 0)
  if (before < fewestReadings)
    return {
      state: 'declined',
      breach,
      because: `No resource reached its limit or began to wait, and no ranking, because ${countOf(before, 'reading')} came before it and ${fewestReadings} are needed.`,
    }
  if (first === undefined || first.score < stands.out || first.score < stands.above * (second?.score ?? 0)) {
    const shown = ranked.slice(0, mostOthers)
    const scores =
      shown.length === 0 ? 'no resource moved away from what the load explains' : shown.map(({ name, score }) => `${name} ${times(score)}`).join(', ')
    return {
      state: 'unclear',
      breach,
      others: shown,
      because: `No single cause stands out: ${scores}${shown.length === 0 ? '' : ' spreads from what the load explains'}.`,
    }
  }
  const confidence: Confidence = first.score >= stands.clearly * (second?.score ?? 0) && first.score >= 2 * stands.out ? 'medium' : 'low'
  return { state: 'named', breach, cause: first, others: ranked.slice(1, 1 + mostOthers), confidence, because: first.because }
}

/** Who turns requests away is no resource that ran out: the figures are then the limiter's. */
const turnedAwayIn = (run: Run): string | undefined => {
  const of = (...kinds: readonly string[]): number =>
    run.endpoints.reduce((sum, { errors }) => sum + kinds.reduce((all, kind) => all + (errors[kind] ?? 0), 0), 0)
  const limited = of('HTTP 429', 'HTTP 403')
  if (limited <= run.load.failed / 2) return undefined
  return `No cause is looked for, because ${countOf(limited, 'request')} of ${countOf(run.load.failed, 'failed one')} were turned away with 429 or 403: somebody limits the rate, and the figures are the limiter's. Have the generator's addresses exempted, and run again.`
}

/**
 * Pure. @param judgements of the same run, for the moment at which an objective broke
 * @example attribute(run, judge(run, budgets).judgements) // { state: 'named', cause: { name: 'postgres.waiting_for_locks', … }, confidence: 'high', … }
 */
export const attribute = (whole: Run, judgements: readonly Judgement[], breakpoint?: Breakpoint): Attribution => {
  const run = afterWarmUp(whole)
  const decline = (because: string, breach?: Breach): Attribution => ({ state: 'declined', breach, because })
  const { state, reasons } = run.validity
  // A change of the target in mid-run is told before all else: it explains most breaks.
  const reason = reasons.find(({ code }) => code === 'target-changed') ?? reasons[0]
  if (state === 'INVALID') return decline(`The run is INVALID, so what it shows of the target can't be believed: ${reason?.text ?? 'it does not say why.'}`)
  if (run.sweep !== undefined) return decline('A closed-loop sweep has no moment at which an objective broke. A stress or breakpoint test has.')
  const symptoms = symptomsOf(run)
  const breach = breachOf(run, symptoms, judgements, breakpoint)
  if (breach === undefined) return { state: 'normal', breach, because: nothingBroke }
  const turnedAway = turnedAwayIn(run)
  if (breach.felt === 'failed' && turnedAway !== undefined) return decline(turnedAway, breach)
  const resources = resourcesOf(run)
  if (resources.length === 0)
    return decline(
      "No cause can be named, because no probe watched the target. Add probes to the configuration, such as { kind: 'process', port: 3000 }.",
      breach,
    )
  const [cause, ...others] = plainSuspects(run, resources, breach)
  if (cause === undefined) return ofDeviations(deviations(resources, symptoms, breach), breach, resources)
  return { state: 'named', breach, cause, others: others.slice(0, mostOthers), confidence: confidenceOf(cause, others, resources), because: cause.because }
}

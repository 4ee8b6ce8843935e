/**
 * How far each resource is from what the load explains. Before the breach its readings are set against the load; after it, what lies
 * between "as before" and "as much more as the load" is explained, and only what is outside counts.
 */
import { median } from '../../runner/stats/few.ts'
import { normalOf, robustScore } from '../../runner/stats/robust.ts'
import { count, figure } from '../figure.ts'
import type { Breach } from './breach.ts'
import { around } from './ranking.ts'
import type { Reading, Resource } from './resources.ts'
import { type Suspect, times } from './suspect.ts'
import { loadAt, type Symptoms } from './symptoms.ts'
import { clock, reading } from './words.ts'

/** Without so many readings of what was normal, nothing is ranked. */
export const fewestReadings = 30
const longestBaseline = 1800 // seconds
const guard = 2 // seconds before the breach that belong to neither side
const window = { before: 5, after: 15 } as const // seconds around the breach in which a cause shows
const began = 2 // spreads
const lasts = 3 // readings
const mostPoints = 60 // of which slopes are drawn, 1770 pairs

/** The least that readings can tell apart. */
const resolutions: Readonly<Record<string, number>> = { count: 1, ratio: 0.01, cores: 0.02, bytes: 1e6, ms: 1, s: 0.001, '/s': 1 }

type Point = Reading & { readonly load: number }
type Explained = { readonly from: number; readonly to: number }

const slopeOf = (points: readonly Point[]): number => {
  const some = points.filter((_, index) => index % Math.ceil(points.length / mostPoints) === 0)
  const slopes = some.flatMap((a, index) => some.slice(index + 1).flatMap((b) => (a.load === b.load ? [] : [(b.value - a.value) / (b.load - a.load)])))
  return slopes.length === 0 ? 0 : median(slopes)
}

/** What a load explains: as before, in proportion, and along the line that was seen before. */
const explanation = (before: readonly Point[]): ((load: number) => Explained) => {
  const [value, load] = [median(before.map((each) => each.value)), median(before.map((each) => each.load))]
  const slope = slopeOf(before)
  return (now) => {
    const expected = [value, load > 0 ? (value * now) / load : value, value + slope * (now - load)]
    return { from: Math.min(...expected), to: Math.max(...expected) }
  }
}

const outside = (value: number, { from, to }: Explained): number => (value > to ? value - to : value < from ? value - from : 0)

const deviationOf = (resource: Resource, symptoms: readonly Symptoms[], breach: Breach): Suspect[] => {
  // Of an hour only half of it, and what surrounds the breach: the rest would tell nothing more, and takes its time.
  const points = resource.readings
    .filter(({ at }) => at >= breach.at - longestBaseline && at <= breach.at + window.after + lasts)
    .map((each): Point => ({ ...each, load: loadAt(symptoms, each.at) }))
  const before = points.filter(({ at }) => at < breach.at - guard)
  if (before.length < fewestReadings) return []
  const explain = explanation(before)
  const least = Math.max(resolutions[resource.unit] ?? 0, 0.01 * Math.abs(median(before.map(({ value }) => value))))
  const normal = normalOf(
    before.map(({ value, load }) => outside(value, explain(load))),
    least,
  )
  const scored = points
    .filter(({ at }) => at >= breach.at - window.before)
    .map((point) => ({ ...point, score: robustScore(outside(point.value, explain(point.load)), normal) }))
  const around15 = scored.filter(({ at }) => at >= breach.at - window.before && at <= breach.at + window.after)
  const farthest = around15.toSorted((a, b) => Math.abs(b.score) - Math.abs(a.score))[0]
  const start = scored.findIndex(
    ({ at }, index) => at >= breach.at - window.before && scored.slice(index, index + lasts).every(({ score }) => Math.abs(score) > began),
  )
  const onset = scored[start]?.at
  // What moves only after users felt it has followed.
  if (farthest === undefined || onset === undefined || onset > breach.at + guard) return []
  const { baseline, atBreach } = around(resource, breach.at)
  const { from, to } = explain(farthest.load)
  const because = `${resource.name} was ${reading(farthest.value, resource.unit)} at ${clock(farthest.at)}, where ${reading(median(before.map(({ value }) => value)), resource.unit)} was normal and ${figure(farthest.load, '/s')} arrivals explain ${reading(from, resource.unit)} to ${reading(to, resource.unit)}: ${times(farthest.score)} spreads outside, since ${clock(onset)}. ${resource.limit === null ? 'Its limit is not known' : `Its limit is ${reading(resource.limit, resource.unit)}`} (${count(before.length)} readings before).`
  const { name, service, depth, unit, limit } = resource
  return [{ name, service, kind: 'deviation', depth, onset, unit, baseline, atBreach, limit, score: Math.abs(farthest.score), because }]
}

/** Each request under way has its socket, so below their limit they only say again that answers take long. */
const sayItAgain = /^(open_files|ephemeral_ports|sockets_\w+)$/

/** Each service by its farthest resource. */
export const deviations = (resources: readonly Resource[], symptoms: readonly Symptoms[], breach: Breach): Suspect[] => {
  const all = resources
    .filter(({ what, limitBecause }) => limitBecause === undefined && !sayItAgain.test(what))
    .flatMap((each) => deviationOf(each, symptoms, breach))
  const best = new Map<string, Suspect>()
  for (const each of all.toSorted((a, b) => b.score - a.score || a.depth - b.depth)) if (!best.has(each.service)) best.set(each.service, each)
  return [...best.values()]
}

/** The ordinary part of a run, and how high its values go by chance: an alert below that would sound in the calm. */
import { afterWarmUp } from '../../../runner/after-warm-up.ts'
import type { Run } from '../../../runner/run.ts'
import { mean, median } from '../../../runner/stats/few.ts'
import { rateAt } from '../../../scenarios/shape.ts'
import type { Seconds } from '../../../scenarios/units.ts'
import { type Resource, resourcesOf } from '../../attribution/resources.ts'
import { type Symptoms, symptomsOf } from '../../attribution/symptoms.ts'
import { shapeOf } from '../../capacity/steps.ts'

/** Seconds of a run, from its beginning until the load first left the ordinary: what follows a spike is no longer calm. */
export type Ordinary = {
  readonly run: Run
  readonly from: Seconds
  readonly until: Seconds
  /** Arrivals per second that are ordinary. */
  readonly rate: number
  readonly symptoms: readonly Symptoms[]
  readonly resources: readonly Resource[]
}

/** Seconds at an ordinary load, of all runs together, from which on its noise is known. */
export const shortestOrdinary = 30
const together = 10 // seconds of one value: monitoring averages over more than one, too

/** @param rate arrivals per second that are ordinary */
export const ordinaryOf = (whole: Run, rate: number): Ordinary => {
  const run = afterWarmUp(whole)
  const symptoms = symptomsOf(run)
  const from = symptoms[0]?.second ?? 0
  const shape = shapeOf(run)
  const first = symptoms.find(({ second }) => rateAt(shape, second + 0.5) > rate)
  const until = first?.second ?? from + symptoms.length
  return { run, from, until, rate, symptoms: symptoms.filter(({ second }) => second < until), resources: resourcesOf(run) }
}

type Window = { readonly value: number /** Arrivals per second meanwhile, in tenths of what is ordinary. */; readonly load: number }

/** Means of ten seconds each. @param values of seconds, without those in which nothing was measured */
export const windowsOf = ({ from, until, rate, symptoms }: Ordinary, values: readonly { readonly at: Seconds; readonly value: number }[]): Window[] => {
  const windows = new Map<number, number[]>()
  for (const { at, value } of values) {
    if (at < from || at >= until) continue
    const window = Math.floor((at - from) / together)
    windows.set(window, [...(windows.get(window) ?? []), value])
  }
  return [...windows].map(([window, inside]) => {
    const offered = symptoms.slice(window * together, (window + 1) * together).map((second) => second.offered)
    return { value: mean(inside), load: Math.round((10 * mean(offered)) / rate) }
  })
}

/**
 * The lowest threshold that chance won't reach: as far above the highest as that was above the middle of those at a like load, because
 * tomorrow's highest is higher than the few that were seen.
 * @example floorOf([{ value: 0.2, load: 10 }, { value: 0.21, load: 10 }, { value: 0.25, load: 10 }]) // 0.29
 */
export const floorOf = (windows: readonly Window[]): number => {
  const most = Math.max(0, ...windows.map(({ value }) => value))
  const beyond = [...new Set(windows.map(({ load }) => load))].map((like) => {
    const values = windows.flatMap(({ load, value }) => (load === like ? [value] : []))
    return Math.max(...values) - median(values)
  })
  return Math.max(most + Math.max(0, ...beyond), 1.1 * most)
}

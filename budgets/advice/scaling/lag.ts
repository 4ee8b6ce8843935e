/**
 * From the load that rises to the instance that serves: the parts of the scaling lag, each with its range and where the figure comes from.
 * Sources of the documented ones: AWS's and Kubernetes' documentation, read in 2026 (science.md §12).
 */
import { countOf, figure } from '../../figure.ts'
import type { PolicyKind } from './autoscalers.ts'

export type LagPart = {
  readonly name: string
  /** s */
  readonly least: number
  readonly most: number
  readonly source: 'documented' | 'measured' | 'given' | 'assumed'
}

export type StartUp = {
  /** From asking for an instance until it is in service, s. */
  readonly seconds: number
  readonly source: 'measured' | 'given' | 'assumed'
  readonly because: string
}

/** Seconds, and a sentence on where they come from (start-up.ts). */
export type MeasuredStartUp = Pick<StartUp, 'seconds' | 'because'>

/** Nobody measured it or said so: what it is played with, s. */
const assumed = 60

/** What is given comes first, then what was measured; without either a minute is assumed, and said so. */
export const startUpFrom = (given: number | undefined, measured?: MeasuredStartUp): StartUp => {
  if (given !== undefined) return { seconds: given, source: 'given', because: `An instance takes ${figure(given, '')} s to start, as given.` }
  if (measured !== undefined) return { ...measured, source: 'measured' }
  return {
    seconds: assumed,
    source: 'assumed',
    because: `Simulated with assumed start time ${assumed} s, because it was neither measured nor given. Run perf run spike with the autoscaler on, read the service with --ecs, or give --start-up.`,
  }
}

export type Lag = { readonly parts: readonly LagPart[]; readonly least: number; readonly most: number }

/**
 * @param kind of autoscaler, whose pace decides how late a rise is seen
 * @example lagOf(autoscalers.ecs[0], startUp).most // 360 with a start-up of 60 s
 */
export const lagOf = ({ period, points, publication }: Pick<PolicyKind, 'period' | 'points' | 'publication'>, startUp: StartUp): Lag => {
  const parts: LagPart[] = [
    { name: 'rest of the metric period in which it begins', least: 0, most: period, source: 'documented' },
    { name: `${countOf(points, 'point')} of ${period} s`, least: points * period, most: points * period, source: 'documented' },
    { name: 'until a point is seen and acted upon', least: Math.min(10, publication), most: 2 * publication, source: 'documented' },
    { name: 'start, first health check and warm-up of an instance', least: startUp.seconds, most: startUp.seconds, source: startUp.source },
  ]
  const sum = (of: (part: LagPart) => number): number => parts.reduce((all, part) => all + of(part), 0)
  return { parts, least: sum(({ least }) => least), most: sum(({ most }) => most) }
}

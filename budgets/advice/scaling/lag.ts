/**
 * From the load that rises to the instance that serves: the parts of the scaling lag, each with its range and where the figure comes from.
 * Sources of the documented ones: AWS's and Kubernetes' documentation, read in 2026.
 */
import { countOf, figure } from '../../figure.ts'

export type LagPart = {
  readonly name: string
  /** s */
  readonly least: number
  readonly most: number
  /** `read`: as an alarm has it that is deployed. */
  readonly source: 'documented' | 'read' | 'measured' | 'given' | 'assumed'
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
    because: `Simulated with assumed start time ${assumed} s, because it was neither measured nor given. Run perf run spike with the autoscaler on, read the service with --ecs or --kubernetes, or give --start-up.`,
  }
}

/** s; `points` in a row. @param window in which every wish must have been for more */
type Pace = { readonly period: number; readonly points: number; readonly publication: number; readonly window?: number }

export type Lag = { readonly parts: readonly LagPart[]; readonly least: number; readonly most: number }

/**
 * @param kind of autoscaler, whose pace decides how late a rise is seen @param source of that pace
 * @example lagOf(autoscalers.ecs[0], startUp).most // 360 with a start-up of 60 s
 */
export const lagOf = ({ period, points, publication, window = 0 }: Pace, startUp: StartUp, source: 'documented' | 'read' = 'documented'): Lag => {
  const parts: LagPart[] = [
    { name: 'rest of the metric period in which it begins', least: 0, most: period, source },
    { name: `${countOf(points, 'point')} of ${period} s`, least: points * period, most: points * period, source },
    { name: 'until a point is seen and acted upon', least: Math.min(10, publication), most: 2 * publication, source: 'documented' },
    ...(window === 0 ? [] : [{ name: 'stabilisation window of the way out', least: window, most: window, source: 'read' } as const]),
    { name: 'start, first health check and warm-up of an instance', least: startUp.seconds, most: startUp.seconds, source: startUp.source },
  ]
  const sum = (of: (part: LagPart) => number): number => parts.reduce((all, part) => all + of(part), 0)
  return { parts, least: sum(({ least }) => least), most: sum(({ most }) => most) }
}

/** Capacity of one instance, from breakpoint tests with a fixed number of them: is twice the instances twice the rate? */
import type { Run } from '../../runner/run.ts'
import { type Declined, declined } from '../../runner/stats/few.ts'
import { countOf, figure, percent } from '../figure.ts'
import { breakpointOfRuns } from './breakpoints.ts'
import { type Scalability, scalabilityOf } from './scalability.ts'
import type { Objective } from './step-judge.ts'

export type InstanceLevel = {
  readonly instances: number
  /** Highest rate that all of them held, per second, and of that the share of one. */
  readonly held: number
  readonly each: number
}

export type InstanceCapacity = {
  readonly declined: false
  /** By rising number of instances. */
  readonly levels: readonly InstanceLevel[]
  /** Of the fewest instances measured. */
  readonly each: number
  readonly scalability: Scalability | Declined
  readonly because: string
}

const lossWorthTelling = 0.1

const levelsOf = (runs: readonly Run[], objective: Objective | undefined): InstanceLevel[] =>
  [...new Set(runs.flatMap(({ breakpoint }) => breakpoint?.instances ?? []))]
    .toSorted((a, b) => a - b)
    .flatMap((instances) => {
      const found = breakpointOfRuns(
        runs.filter(({ breakpoint }) => breakpoint?.instances === instances),
        objective,
      )
      const held = found.found ? found.lastGood : found.atLeast
      return held === null ? [] : [{ instances, held, each: held / instances }]
    })

/**
 * Highest rate that one instance held, in breakpoint tests of a fixed size; a run that does not say how many served is taken for one of one.
 * Where several numbers were measured, the least that an instance was worth.
 */
export const heldByOne = (runs: readonly Run[]): number | undefined => {
  const tests = runs.filter(({ test, validity, breakpoint }) => test === 'breakpoint' && validity.state !== 'INVALID' && breakpoint?.elastic === undefined)
  if (tests.length === 0) return undefined
  const levels = levelsOf(tests, undefined)
  if (levels.length > 0) return Math.min(...levels.map(({ each }) => each))
  const found = breakpointOfRuns(tests)
  return (found.found ? found.lastGood : found.atLeast) ?? undefined
}

/** @param runs breakpoint tests of a fixed size */
export const instanceCapacity = (runs: readonly Run[], objective?: Objective): InstanceCapacity | Declined => {
  const levels = levelsOf(runs, objective)
  const [first] = levels
  const last = levels.at(-1)
  if (first === undefined || last === undefined)
    return declined(
      'Capacity of one instance is unknown, because no run says how many served. Keep their number fixed, and tell it: perf run breakpoint --instances 2.',
    )
  const scalability = scalabilityOf(
    levels.map(({ instances, held }) => ({ load: instances, throughput: held })),
    1,
  )
  const one = `${figure(first.each, '/s')} for each of ${countOf(first.instances, 'instance')}`
  if (first === last)
    return { declined: false, levels, each: first.each, scalability, because: `${one}. Whether more instances add as much is not known: measure 2 and 4.` }
  const kept = last.each / first.each
  const adds =
    kept < 1 - lossWorthTelling
      ? `Each keeps ${percent(kept, 2)} of it with ${last.instances}: they share something, so that more of them add less. Plan with the lower figure.`
      : `Each keeps ${percent(kept, 2)} of it with ${last.instances}: they add up as far as was measured.`
  return { declined: false, levels, each: first.each, scalability, because: `${one}, ${figure(last.each, '/s')} for each of ${last.instances}. ${adds}` }
}

/** Sweeps for tests: levels whose throughput is a given function of N, with the noise of batches and of whole levels. */
import type { Sweep, SweepLevel } from '../../runner/run.ts'
import { histogramOf } from '../../runner/stats/histogram.ts'
import { randomFrom } from '../../scenarios/shape.ts'

export type SweepFacts = {
  /** Successful answers per second at N connections. */
  readonly throughput: (connections: number) => number
  /** @default 1, 2, 4 … 64 */
  readonly connections?: readonly number[]
  /** Standard deviation of a batch, and of a whole level, as a share of the mean. @default 0.02 and 0 */
  readonly noise?: number
  readonly levelNoise?: number
  readonly seed?: number
  /** Failures of a level. @default none */
  readonly errors?: (connections: number) => Readonly<Record<string, number>>
  /** @default 0.2 */
  readonly busy?: (connections: number) => number
  /** Counted seconds of a level. @default 4 */
  readonly seconds?: number
}

const batch = 0.2
export const doublings = (most: number): number[] => Array.from({ length: Math.floor(Math.log2(most)) + 1 }, (_, power) => 2 ** power)

const normal = (random: () => number): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())

const levelOf = (facts: SweepFacts, connections: number, index: number, random: () => number): SweepLevel => {
  const { throughput, noise = 0.02, levelNoise = 0, seconds = 4, errors = () => ({}), busy = () => 0.2 } = facts
  const mean = throughput(connections) * batch * (1 + levelNoise * normal(random))
  const batches = Array.from({ length: Math.round(seconds / batch) }, () => Math.max(0, Math.round(mean * (1 + noise * normal(random)))))
  const failed = Object.values<number>(errors(connections)).reduce((sum, n) => sum + n, 0)
  const succeeded = batches.reduce((sum, n) => sum + n, 0)
  const time = (1000 * connections * seconds) / Math.max(1, succeeded + failed) // Little's law
  return {
    connections,
    from: index * 6 + 1,
    seconds,
    completed: succeeded + failed,
    failed,
    errors: { ...errors(connections) },
    batches,
    serviceTime: histogramOf(Array.from({ length: Math.min(succeeded, 400) }, (_, n) => time * (0.5 + n / 400))),
    underWay: 1000 * connections * seconds,
    busy: busy(connections),
  }
}

/** @example aSweep({ throughput: (n) => Math.min(n, 8) * 100 }) */
export const aSweep = (facts: SweepFacts): Sweep => {
  const random = randomFrom(facts.seed ?? 1)
  const planned = facts.connections ?? doublings(64)
  return {
    requests: ['GET /'],
    planned: [...planned],
    hold: (facts.seconds ?? 4) + 1,
    warmUp: 1,
    leadIn: 2,
    pause: 1,
    batch,
    levels: planned.map((connections, index) => levelOf(facts, connections, index, random)),
    stopped: `N = ${planned.at(-1)} was the last level planned`,
  }
}

/** Runs of a service of one instance whose knee is known: a staircase that breaks it, and an ordinary hour's minutes. */

import type { Run, Series } from '../../runner/run.ts'
import { randomFrom } from '../../scenarios/shape.ts'
import { aRun, holds } from './a-run.ts'
import { aSeries } from './a-series.ts'

export const aService = {
  /** Arrivals per second: answers become slower from the knee on, and too slow from the breaking rate on. */
  knee: 60,
  breaking: 90,
  /** Cores a request takes, in seconds, and those used without any. */
  demand: 0.01,
  background: 0.02,
  memory: 300e6,
} as const

const calm = 20 // ms

/** Noise with a heavy tail, as response times have. */
const latencyAt = (rate: number, random: () => number): number => {
  const over = Math.max(0, rate - aService.knee)
  return (calm + over * over * 0.12) * (0.8 + 0.3 * random()) + (random() < 0.02 ? 25 : 0)
}

const seriesOf = (seconds: number, rateAt: (at: number) => number, seed: number): Series[] => {
  const random = randomFrom(seed + 1)
  const noisy = (value: number, share: number): number => Math.max(0, value * (1 + share * (2 * random() - 1)))
  const { demand, background, memory } = aService
  return [
    aSeries('shop.cpu', 'cores', seconds, (at) => noisy(background + demand * rateAt(at), 0.1), 1),
    aSeries('shop.memory', 'bytes', seconds, () => noisy(memory, 0.02), 512e6),
    aSeries('db.connections', 'count', seconds, (at) => (at === 0 ? 2 : 6), 97),
    aSeries('jobs.depth.mails', 'count', seconds, (at) => Math.round(noisy(rateAt(at) * 2, 0.2))),
  ]
}

/** @param steps arrivals per second and seconds */
export const aServiceRun = (id: string, test: Run['test'], steps: readonly (readonly [number, number])[], seed = 1): Run => {
  const seconds = steps.reduce((sum, [, length]) => sum + length, 0)
  const rateAt = (at: number): number => {
    let end = 0
    for (const [rate, length] of steps) {
      end += length
      if (at < end) return rate
    }
    return steps.at(-1)?.[0] ?? 0
  }
  return aRun({ id, test, seed, shape: holds(...steps), latency: ({ t, random }) => latencyAt(rateAt(t), random), probes: seriesOf(seconds, rateAt, seed) })
}

/** 10/s to 110/s in steps of 10 s. */
export const aServiceBroken = (seed = 1): Run =>
  aServiceRun(
    '2026-01-02-breakpoint',
    'breakpoint',
    Array.from({ length: 11 }, (_, at) => [10 * (at + 1), 10] as const),
    seed,
  )

export const aServiceCalm = (seed = 1): Run => aServiceRun('2026-01-01-baseline', 'baseline', [[35, 300]], seed)

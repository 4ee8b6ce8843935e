/** How one metric is read from a part of a run: between which bounds its true value lies. */
import type { TimelineSecond } from '../../runner/run.ts'
import type { SecondOfSamples } from '../../runner/stats/block-bootstrap.ts'
import type { Seconds } from '../../scenarios/units.ts'
import type { Unit } from '../budget.ts'
import type { Part } from './part.ts'

export type Bounds = {
  readonly lower: number
  readonly upper: number
  /** Why the bounds are apart; undefined when they are one. */
  readonly doubt?: string
}

export type Measure = {
  readonly unit: Unit
  /** Subject of a sentence. @example 'p95 of response time of POST /checkout' */
  readonly words: string
  /** What is counted by `samples`. @example 'answer' */
  readonly noun: string
  readonly samples: (part: Part) => number
  /** Samples below which nothing is stated. */
  readonly needed: number
  /** Samples that show where it went over; undefined where no second can be blamed. */
  readonly telling: number | undefined
  readonly bounds: (part: Part) => Bounds
  /** Clause: why too little was measured, and what to do; when absent, that it was too little and what would be enough. */
  readonly shortage?: (part: Part) => string
  /** Moment of the first value that does not pass, for those that know it better than by trying each second. */
  readonly firstOver?: (passes: (value: number) => boolean) => Seconds | null
  /** Of a percentile: which one (0–1), and the samples of one second, those that never came counted as endless. */
  readonly percentile?: { readonly p: number; readonly samplesOf: (second: TimelineSecond) => SecondOfSamples }
}

export const exactly = (value: number): Bounds => ({ lower: value, upper: value })

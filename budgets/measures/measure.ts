/** How one metric is read from a part of a run: between which bounds its true value lies. */
import type { TimelineSecond } from '../../runner/run.ts'
import type { SecondOfSamples } from '../../runner/stats/block-bootstrap.ts'
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
  /** Of a percentile: which one (0–1), and the samples of one second, those that never came counted as endless. */
  readonly percentile?: { readonly p: number; readonly samplesOf: (second: TimelineSecond) => SecondOfSamples }
}

export const exactly = (value: number): Bounds => ({ lower: value, upper: value })

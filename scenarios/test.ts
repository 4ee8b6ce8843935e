/** A test type: a question asked of the target, and the default shape that asks it. */
import type { TestType } from './journey.ts'
import type { Segment, Shape } from './shape.ts'
import type { PerSecond, Seconds } from './units.ts'

/** What flags and configuration may change of a test's load; each test says what the fields mean to it. */
export type Load = {
  /** Ordinary rate, or the rate a test starts from. */
  readonly rate: PerSecond
  /** Highest rate. Tests with one rate ignore it. */
  readonly peak: PerSecond
  /** Length of the whole shape. */
  readonly duration: Seconds
  /** From the ordinary rate to the height of a spike; others have none. */
  readonly rise?: Seconds | undefined
  /** Shortest step of a breakpoint test; without it as short as can be judged. */
  readonly hold?: Seconds | undefined
}

export type Test = {
  readonly type: TestType
  /** One line for `--help`. */
  readonly question: string
  readonly defaults: Load
  readonly usesPeak: boolean
  /** @throws {RangeError} when the load can't make this shape, such as a peak below the rate */
  readonly shape: (load: Load) => Shape
}

export const piece = (label: string, from: number, to: number, duration: Seconds): Segment => ({
  kind: 'linear',
  label,
  from: from as PerSecond,
  to: to as PerSecond,
  duration,
})

export const stepLabel = (rate: number): string => `step ${Number(rate.toPrecision(4))}/s`

/** @throws {RangeError} unless rate ≤ peak */
export const requirePeak = ({ rate, peak }: Load): void => {
  if (peak < rate)
    throw new RangeError(`The peak of ${peak}/s is below the rate of ${rate}/s. A peak is at least the rate it starts from. Raise --peak or lower --rate.`)
}

/** Which steps of a breakpoint test surely held: "was not seen to break" is less than that. breakpoint.md tells the rule and how often it errs. */
import type { PerSecond } from '../../scenarios/units.ts'
import { figure } from '../figure.ts'
import type { JudgedHalf } from './step-judge.ts'

/**
 * Standard deviations: Student's quantile for 3 in 100 with 6 degrees of freedom, those of five overlapping batches. A search looks at about
 * three rates that lie near the true one, and is to err once in ten.
 */
const sure = 2.31
const batches = 5 // what one second makes wait is still there in the next, so a batch must outlast that

/**
 * Whether a sum stays at or below 0 with its upper limit, by overlapping batch means.
 * Source: Meketon & Schmeiser, Overlapping Batch Means: Something for Nothing?, 1984.
 * @param values by second
 */
export const isSurelyNone = (values: readonly number[]): boolean => {
  const total = values.reduce((sum, value) => sum + value, 0)
  const length = Math.max(1, Math.floor(values.length / batches))
  const sums = Array.from({ length: values.length - length + 1 }, (_, at) => values.slice(at, at + length).reduce((sum, value) => sum + value, 0))
  const expected = (total / values.length) * length
  const variance = (sums.reduce((sum, value) => sum + (value - expected) ** 2, 0) / Math.max(1, sums.length - 1)) * (values.length / length)
  return total + sure * Math.sqrt(variance) <= 0
}

/** Rates of which nothing could be told, for an answer and the sentence of it; nothing where there are none. @example unclearWords([350]).between // '; whether it holds 350/s is unclear' */
export const unclearWords = (unclear: readonly number[]): { readonly told: { readonly unclear?: readonly number[] }; readonly between: string } =>
  unclear.length === 0
    ? { told: {}, between: '' }
    : { told: { unclear }, between: `; whether it holds ${unclear.map((each) => figure(each, '/s', 4)).join(' or ')} is unclear` }

export type StepState = {
  readonly step: number
  readonly low: PerSecond
  /** `unclear`: neither surely held nor seen to break */
  readonly state: 'held' | 'unclear'
}

/** @param judged good and unjudged halves, in order @returns steps in which no half was bad */
export const heldSteps = (judged: readonly JudgedHalf[]): StepState[] => {
  const steps = [...new Set(judged.map(({ half }) => half.step))].map((step) => judged.filter(({ half }) => half.step === step))
  return steps.flatMap((halves): StepState[] => {
    const good = halves.flatMap((half) => (half.state === 'good' ? half.beyond() : []))
    const first = halves[0]?.half
    if (first === undefined || good.length === 0) return []
    const isHeld =
      halves.every(({ state }) => state !== 'bad') && (['slow', 'failed'] as const).every((kind) => isSurelyNone(good.flatMap((each) => each[kind])))
    return [{ step: first.step, low: first.low as PerSecond, state: isHeld ? 'held' : 'unclear' }]
  })
}

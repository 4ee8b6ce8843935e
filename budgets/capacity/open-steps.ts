/**
 * What the steps of an open load say of how a target scales: in each, N = X · R requests were under way on average (Little's law), so that
 * steps are loads as the levels of a sweep are. Beyond its peak an open load has no steady state, so steps never pass it.
 */
import type { Run } from '../../runner/run.ts'
import { type Declined, declined } from '../../runner/stats/few.ts'
import { countOf, figure } from '../figure.ts'
import { stepLaw } from './littles-law.ts'
import { type Scalability, scalabilityOf } from './scalability.ts'
import type { ScalabilityPoint } from './scalability-fit.ts'
import { type JudgedHalf, StepJudge } from './step-judge.ts'
import { type Half, offeredUntil, shapeOf } from './steps.ts'

const leastAtOnce = 1 // the law counts whole ones: below, most of the time nobody is there

type LeftOut = { readonly rate: number; readonly because: string }
type Step = { readonly point: ScalabilityPoint } | LeftOut

const pointOf = ({ timeline }: Run, { from, until }: Half): ScalabilityPoint => {
  let [succeeded, time] = [0, 0]
  for (const { cells } of timeline.slice(from, until))
    for (const { outcome, count, serviceTime } of cells) {
      time += serviceTime.sum
      if (outcome === 'success') succeeded += count
    }
  return { load: time / 1000 / (until - from), throughput: succeeded / (until - from) }
}

const stepOf = (run: Run, { half, state }: JudgedHalf): Step => {
  if (state !== 'good') return { rate: half.high, because: 'it did not hold' }
  if (stepLaw(run, half)?.isSound === false) return { rate: half.high, because: 'Little’s law fails in it' }
  const point = pointOf(run, half)
  return point.load < leastAtOnce ? { rate: half.high, because: `${figure(point.load, '')} requests were under way` } : { point }
}

/** Second halves only: the first half of a step still belongs to the one before. */
const stepsOf = (run: Run): Step[] => {
  const judge = new StepJudge(shapeOf(run), { objective: run.breakpoint?.objective })
  judge.advance(run.timeline, offeredUntil(run))
  return judge.judged.filter(({ state }, at) => at % 2 === 1 && state !== 'unjudged').map((half) => stepOf(run, half))
}

/** @param runs of an open load in steps */
export const scalabilityOfSteps = (runs: readonly Run[]): Scalability | Declined => {
  const steps = runs.flatMap(stepsOf)
  const points = steps.flatMap((step) => ('point' in step ? [step.point] : []))
  const out = steps.flatMap((step) => ('because' in step ? [step] : []))
  const [first] = out
  const said =
    first === undefined
      ? ''
      : ` Of ${countOf(steps.length, 'step')} ${out.length} ${out.length === 1 ? 'is' : 'are'} left out: at ${figure(first.rate, '/s')} ${first.because}${out.length > 1 ? ', and so on' : ''}.`
  const found = scalabilityOf(points, runs[0]?.provenance.seed ?? 1)
  return found.declined ? declined(`${found.because}${said}`) : { ...found, because: `${found.because}${said}` }
}

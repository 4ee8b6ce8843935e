/**
 * After the staircase of a breakpoint test: runs at single rates between its last good and its first bad step, each half way, until the
 * answer is 5 % wide. Each is a run of its own, kept as any other, so that perf capacity can tell all of them together later.
 */
import type { Breakpoint } from '../../budgets/budget.ts'
import { type Interval, narrowed, nextRate, type Tried } from '../../budgets/capacity/bisection.ts'
import { breakpointOf } from '../../budgets/capacity/breakpoint.ts'
import { breakpointOfRuns } from '../../budgets/capacity/breakpoints.ts'
import { type Objective, StepJudge } from '../../budgets/capacity/step-judge.ts'
import { offeredUntil, shapeOf } from '../../budgets/capacity/steps.ts'
import { figure } from '../../budgets/figure.ts'
import { stairsOf } from '../../scenarios/breakpoint.ts'
import type { Shape } from '../../scenarios/shape.ts'
import type { Seconds } from '../../scenarios/units.ts'
import type { BreakpointTest, Run } from '../run.ts'

const leadIn = 5 // seconds at half the rate that held: connections are opened, and a calm half is there to compare with
const mostRuns = 8 // a staircase of two steps, from 1 to 1000, is 5 % wide after 8 halvings no sooner
const generations = 20 // journeys' times that a step lasts at least

/** What one more run is asked to be. */
export type Refinement = { readonly shape: Shape; readonly breakpoint: BreakpointTest }

/** The objective that the staircase came to, so that a run without calm steps is held to the same. */
const objectiveOf = (run: Run): Objective => {
  const judge = new StepJudge(shapeOf(run), { objective: run.breakpoint?.objective })
  judge.advance(run.timeline, offeredUntil(run))
  return judge.objective
}

const meanJourney = ({ journeyTime }: Run): Seconds => {
  const all = Object.values(journeyTime)
  const count = all.reduce((sum, each) => sum + each.count, 0)
  return count === 0 ? 0 : all.reduce((sum, each) => sum + each.sum, 0) / count / 1000
}

const refinementOf = (staircase: Run, interval: Interval, rate: number, hold: Seconds): Refinement => {
  const shape = stairsOf([
    [interval.lastGood / 2, leadIn],
    [rate, Math.ceil(Math.max(hold, generations * meanJourney(staircase)))],
  ])
  return {
    shape: { ...shape, arrivals: staircase.shape.arrivals },
    breakpoint: { ...staircase.breakpoint, objective: objectiveOf(staircase), refines: staircase.id },
  }
}

const words = { held: 'held', broke: 'did not hold', unclear: 'neither surely held nor broke; a longer run would tell (--refine 5m)' } as const

/** Undefined where the run says nothing of the target at that rate. */
export const outcomeOf = (tried: Breakpoint, rate: number): Tried | undefined => {
  if (tried.found) return 'broke'
  if (tried.unclear?.includes(rate)) return 'unclear'
  return tried.atLeast === rate ? 'held' : undefined
}

/**
 * @param makeRun makes one more run and returns it; undefined when it was interrupted or could not be made
 * @param tell a line for whoever waits
 * @returns what all of them say together, as a sentence
 */
export const refine = async (
  staircase: Run,
  hold: Seconds,
  makeRun: (refinement: Refinement) => Promise<Run | undefined>,
  tell: (line: string) => void,
): Promise<string> => {
  const found = breakpointOf(staircase)
  if (!found.found || found.lastGood === null) return `Nothing to refine: ${found.because}`
  let interval: Interval = { lastGood: found.lastGood, firstBad: found.firstBad, unclear: found.unclear ?? [] }
  const runs = [staircase]
  for (let rate = nextRate(interval); rate !== undefined && runs.length <= mostRuns; rate = nextRate(interval)) {
    const run = await makeRun(refinementOf(staircase, interval, rate, hold))
    const tried = run === undefined ? undefined : breakpointOf(run)
    const outcome = tried === undefined ? undefined : outcomeOf(tried, rate)
    if (run === undefined || outcome === undefined) {
      tell(`${figure(rate, '/s', 4)}: no answer. ${tried?.because ?? 'The run could not be made.'}`)
      break
    }
    runs.push(run)
    tell(`${figure(rate, '/s', 4)}: ${words[outcome]}`)
    interval = narrowed(interval, rate, outcome)
  }
  return `${breakpointOfRuns(runs).because} Told again by perf capacity ${staircase.id}.`
}

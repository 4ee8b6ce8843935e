/** What a breakpoint test found: the interval between the highest rate that held and the lowest that did not. breakpoint.md explains it. */
import type { Run } from '../../runner/run.ts'
import type { Breakpoint } from '../budget.ts'
import { figure } from '../figure.ts'
import { heldSteps, unclearWords } from './held-steps.ts'
import { type BreakpointOptions, StepJudge } from './step-judge.ts'
import { offeredUntil, shapeOf } from './steps.ts'

const rate = (value: number): string => figure(value, '/s', 4)

/**
 * Judges each step of the run's shape, in order; all of them, since the calm first steps are what the later ones are held against,
 * and a planned warm-up is left out of the figures beside it only.
 * @example breakpointOf(run) // { found: true, lastGood: 300, firstBad: 350, because: 'It held 300/s; at 350/s 38 % of 1,750 answers took longer than 200 ms.' }
 */
export const breakpointOf = (run: Run, options: BreakpointOptions = {}): Breakpoint => {
  if (run.validity.state === 'INVALID')
    return {
      found: false,
      atLeast: null,
      because: `No breakpoint can be stated, because the run is INVALID: ${run.validity.reasons[0]?.text ?? 'it does not say why.'}`,
    }
  const judge = new StepJudge(shapeOf(run), { objective: options.objective ?? run.breakpoint?.objective })
  const isCutShort = run.ending.state === 'stopped'
  const until = offeredUntil(run)
  if (isCutShort) judge.finish(run.timeline, until)
  else judge.advance(run.timeline, until)
  // What an autoscaler mends in time is not broken.
  const isElastic = run.breakpoint?.elastic !== undefined
  const broke = isElastic ? judge.fellBehind() : judge.broke(isCutShort)
  const before = heldSteps(judge.judged.filter(({ half }, at) => (broke === undefined || half.step < broke.half.step) && !(isElastic && at % 2 === 0)))
  const lastGood = before.reduce<number | null>((most, { low, state }) => (state === 'held' ? Math.max(most ?? 0, low) : most), null)
  const unclear = before.filter(({ low, state }) => state === 'unclear' && low > (lastGood ?? 0)).map(({ low }) => low)
  const doubtful = broke === undefined && judge.judged.at(-1)?.state === 'bad'
  const upTo = lastGood === null ? 'No rate was seen to hold' : `It held ${rate(lastGood)}`
  const { told, between } = unclearWords(unclear)

  if (broke !== undefined) {
    const { half, cause, because } = broke
    const at = `at ${rate(half.high)} ${because}`
    if (cause === 'target')
      return {
        found: true,
        lastGood,
        firstBad: half.high,
        because:
          lastGood === null && unclear.length === 0 ? `It did not hold ${rate(half.high)}, the lowest rate offered: ${because}.` : `${upTo}${between}; ${at}.`,
        ...told,
      }
    const culprit =
      cause === 'generator' ? 'The generator, not the target, ended this ramp' : 'A limit somebody has set, not the target’s strength, ended this ramp'
    const next =
      cause === 'generator' ? 'Allow more with --users, add --workers, or lower the rate.' : 'Have the generator’s addresses exempted from it, and run again.'
    return { found: false, atLeast: lastGood, because: `${culprit}: ${at}. ${next}` }
  }
  if (judge.judged.every(({ state }) => state === 'unjudged'))
    return {
      found: false,
      atLeast: null,
      because: 'No breakpoint can be stated, because no step of rising or constant rate had 20 arrivals and was run to its end.',
    }
  if (lastGood === null)
    return {
      found: false,
      atLeast: null,
      because: `No breakpoint can be stated, because the run ended before a step was seen to hold or to break${between}.`,
      ...told,
    }
  const highest = Math.max(...run.shape.segments.map(({ from }) => from), ...run.shape.segments.map((segment) => (segment.kind === 'linear' ? segment.to : 0)))
  const isWhole = run.ending.state === 'completed' && !doubtful
  const reason =
    isWhole && lastGood >= highest * 0.95
      ? 'the highest rate offered'
      : doubtful
        ? 'the last rate that held; the next one looked bad as the run ended'
        : unclear.length > 0
          ? 'the last rate that surely held'
          : 'the last rate that was held to its end'
  return { found: false, atLeast: lastGood, because: `The breakpoint is above ${rate(lastGood)}, ${reason}${between}.`, ...told }
}

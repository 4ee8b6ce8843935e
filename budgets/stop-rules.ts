/**
 * When to end a run early. A rule looks only at seconds that have settled, because a second of k6 is told in parts, up to three
 * seconds late. All are on by default; each says what it saw.
 */
import type { Plan } from '../runner/plan.ts'
import type { Seconds as Timeline, TimelineSecond } from '../runner/run.ts'
import type { StopRule } from '../runner/stop-rule.ts'
import { emptySecond } from '../runner/timeline.ts'
import { arrivalsDue, type Shape } from '../scenarios/shape.ts'
import type { Seconds } from '../scenarios/units.ts'
import { type BreakpointOptions, StepJudge } from './capacity/step-judge.ts'
import { count, figure, percent } from './figure.ts'

const fewest = 20 // requests or arrivals, without which a share is chance: a smoke test's ten failures harm nobody

/** The last settled seconds; undefined before there are that many. A second nobody told of had no events. */
const tailOf = (seconds: Timeline, settledUntil: Seconds, length: Seconds): TimelineSecond[] | undefined =>
  settledUntil < length
    ? undefined
    : Array.from({ length }, (_, index) => seconds.at(settledUntil - length + index) ?? emptySecond(settledUntil - length + index))

const tally = (seconds: readonly TimelineSecond[], kinds: readonly string[] | 'all') => {
  const cells = seconds.flatMap((second) => second.cells)
  const failures = cells.filter(({ outcome }) => outcome === 'failure')
  const failed =
    kinds === 'all'
      ? failures.reduce((sum, cell) => sum + cell.count, 0)
      : failures.reduce((sum, { errors }) => sum + kinds.reduce((all, kind) => all + (errors[kind] ?? 0), 0), 0)
  const completed = cells.reduce((sum, cell) => sum + cell.count, 0)
  return { failed, completed, share: completed === 0 ? 0 : failed / completed }
}

const mostCommonError = (seconds: readonly TimelineSecond[]): string => {
  const counts = new Map<string, number>()
  for (const { cells } of seconds) for (const { errors } of cells) for (const [kind, n] of Object.entries(errors)) counts.set(kind, (counts.get(kind) ?? 0) + n)
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'unknown'
}

/**
 * The circuit breaker: at least 90 % of requests failed for `length` seconds, in either half of them, so that one burst is not enough.
 * @param length 10 s; a spike test passes 60, because failing at the peak and recovering is what it is there to see
 */
export const failingRule = (length: Seconds = 10): StopRule => ({
  name: 'failing',
  check: (seconds, { settledUntil }) => {
    const tail = tailOf(seconds, settledUntil, length)
    if (tail === undefined) return undefined
    const middle = Math.floor(length / 2)
    const halves = [tally(tail.slice(0, middle), 'all'), tally(tail.slice(middle), 'all')]
    if (!halves.every(({ completed, share }) => completed >= fewest / 2 && share >= 0.9)) return undefined
    const { completed, share } = tally(tail, 'all')
    return {
      because: `${percent(share, 2)} of ${count(completed)} requests failed within ${length} s, mostly with "${mostCommonError(tail)}"; a run is ended at 90 %.`,
    }
  },
})

/** Nobody listens any more: every request of three seconds in a row was refused. */
export const refusedRule: StopRule = {
  name: 'refused',
  check: (seconds, { settledUntil }) => {
    const tail = tailOf(seconds, settledUntil, 3)
    if (tail === undefined || !tail.every((second) => tally([second], ['refused']).share === 1)) return undefined
    const { completed } = tally(tail, ['refused'])
    return completed < fewest
      ? undefined
      : { because: `All ${count(completed)} connections of the last 3 s were refused: nobody listens at the target any more.` }
  },
}

/** A rate limiter or firewall answers in the target's place: what is measured from here on is not the target. */
export const limitedRule: StopRule = {
  name: 'limited',
  check: (seconds, { settledUntil }) => {
    const tail = tailOf(seconds, settledUntil, 10)
    if (tail === undefined) return undefined
    const { completed, share } = tally(tail, ['HTTP 429', 'HTTP 403'])
    if (completed < fewest || share < 0.3) return undefined
    return {
      because: `${percent(share, 2)} of ${count(completed)} requests within 10 s were turned away with 429 or 403: something limits or blocks this load, and being limited is not being slow.`,
    }
  },
}

/**
 * The target hangs: for 30 s arrivals were due, but no request, no journey and no byte came back. Requests that will time out
 * later end a run here, before the circuit breaker can see them fail.
 */
export const silentRule = (shape: Shape, length: Seconds = 30): StopRule => ({
  name: 'silent',
  check: (seconds, { settledUntil }) => {
    const tail = tailOf(seconds, settledUntil, length)
    if (tail === undefined) return undefined
    const due = arrivalsDue(shape, settledUntil - length, settledUntil)
    const isSilent = tail.every(({ cells, iterations, bytesReceived }) => cells.length === 0 && iterations.completed === 0 && bytesReceived === 0)
    return due >= fewest && isSilent
      ? { because: `No answer came within ${length} s, in which ${count(due)} arrivals were due: the target hangs, or can't be reached.` }
      : undefined
  },
})

/**
 * Ends a breakpoint test once two halves in a row are bad, by the same judgement that its report gives; with an autoscaler at work, once a
 * step is bad in its second half, when there was time to react.
 */
export const brokenRule = (shape: Shape, options: BreakpointOptions & { readonly isElastic?: boolean } = {}): StopRule => {
  const judge = new StepJudge(shape, options)
  return {
    name: 'broken',
    check: (seconds, { settledUntil }) => {
      judge.advance(seconds, settledUntil)
      const broke = options.isElastic === true ? judge.fellBehind() : judge.broke()
      return broke && { because: `At ${figure(broke.half.high, '/s', 4)} ${broke.because}: the load has reached its breaking point.` }
    },
  }
}

/** The rules of a plan, in the order they are asked. Each call makes new ones, since a rule may remember what it has seen. */
export const stopRulesFor = ({ test, shape, breakpoint }: Pick<Plan, 'test' | 'shape' | 'breakpoint'>): StopRule[] => [
  refusedRule,
  limitedRule,
  ...(test === 'breakpoint' ? [brokenRule(shape, { objective: breakpoint?.objective, isElastic: breakpoint?.elastic !== undefined })] : []),
  failingRule(test === 'spike' || breakpoint?.elastic !== undefined ? 60 : 10),
  silentRule(shape),
]

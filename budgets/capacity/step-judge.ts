/**
 * Judges the halves of a rising load while it runs or afterwards; the live stop rule and breakpointOf share this code, so that
 * a test never stops for a reason its report does not know. breakpoint.md tells what "broken" means and why.
 */
import type { Seconds as Timeline, TimelineSecond } from '../../runner/run.ts'
import { merge } from '../../runner/stats/histogram.ts'
import { quantile, shareBelow } from '../../runner/stats/quantile.ts'
import type { Shape } from '../../scenarios/shape.ts'
import type { Seconds } from '../../scenarios/units.ts'
import { count, figure, percent } from '../figure.ts'
import { Flow } from './flow.ts'
import { type Half, halvesOf } from './steps.ts'

/** Quantile 0–1 of response times, and its limit in ms. */
export type Objective = { readonly quantile: number; readonly milliseconds: number }

export type BreakpointOptions = {
  /** What must hold. @default p95 of 200 ms, or of 3 × the calmest half's p95 if that is more, but never above 2000 */
  readonly objective?: Objective | undefined
}

/** `target`: it broke · `generator`: load was not made as asked · `limited`: somebody turned requests away, which is not being slow. */
export type Cause = 'target' | 'generator' | 'limited'
/** Of each second, how many more than the tolerated share were slow, or failed. */
type Beyond = { readonly slow: readonly number[]; readonly failed: readonly number[] }
export type JudgedHalf = { readonly half: Half } & (
  | { readonly state: 'good' /** Asked for after the load only: it looks at each second again. */; readonly beyond: () => Beyond }
  | { readonly state: 'unjudged' }
  | { readonly state: 'bad'; readonly cause: Cause /** Ends a sentence that says at what rate. */; readonly because: string }
)
export type Broke = { readonly half: Half; readonly cause: Cause; readonly because: string }

const objectives = { quantile: 0.95, floor: 200, factor: 3, ceiling: 2000 } as const // ms, times, ms
const tolerated = { errors: 0.01, dropped: 0.01, goodput: 0.01 } as const
const fewest = 10 // answers or arrivals in a half, without which a share says nothing

/** p95 that must hold where nobody said which, ms. @param calm p95 of the calmest half, ms @example objectiveFor(100) // 300 */
export const objectiveFor = (calm: number): number => Math.min(Math.max(objectives.floor, objectives.factor * calm), objectives.ceiling)

/** True when `some` of `all` is more than chance would make of the tolerated share: three standard deviations above it. */
const isMoreThan = (share: number, some: number, all: number): boolean => all >= fewest && some > all * share + 3 * Math.sqrt(all * share * (1 - share))

/** In the end of a half the share is still over: a hiccup that is over by then, spilling across two halves, is not a breakdown. */
const isStill = (share: number, some: number, all: number): boolean => all === 0 || some > all * share

const sum = (seconds: readonly TimelineSecond[], value: (second: TimelineSecond) => number): number =>
  seconds.reduce((total, second) => total + value(second), 0)

/** What happened in one half, added up. */
const factsOf = (seconds: readonly TimelineSecond[]) => {
  const cells = seconds.flatMap((second) => second.cells)
  const failures = cells.filter(({ outcome }) => outcome === 'failure')
  const kinds = (...names: readonly string[]): number =>
    failures.reduce((total, { errors }) => total + names.reduce((all, name) => all + (errors[name] ?? 0), 0), 0)
  return {
    times: merge(cells.filter(({ outcome }) => outcome === 'success').map(({ responseTime }) => responseTime)),
    lag: merge(seconds.map(({ lag }) => lag)),
    completed: cells.reduce((total, cell) => total + cell.count, 0),
    failed: failures.reduce((total, cell) => total + cell.count, 0),
    timeouts: kinds('timeout'),
    limited: kinds('HTTP 429', 'HTTP 403'),
    planned: sum(seconds, ({ planned }) => planned),
    dropped: sum(seconds, ({ dropped }) => dropped),
  }
}

type Facts = ReturnType<typeof factsOf>

export class StepJudge {
  readonly #halves: readonly Half[]
  readonly #flow = new Flow()
  readonly #judged: JudgedHalf[] = []
  #calm = Infinity
  /** Longest delay seen while all was well, once it is known; see breakpoint.md. */
  #reference: Seconds | undefined

  constructor(
    shape: Shape,
    private readonly options: BreakpointOptions = {},
  ) {
    this.#halves = halvesOf(shape)
  }

  get judged(): readonly JudgedHalf[] {
    return this.#judged
  }

  /** What answers are held to by now: as asked, or by the calmest half so far. */
  get objective(): Objective {
    const calm = Number.isFinite(this.#calm) ? this.#calm : 0
    return this.options.objective ?? { quantile: objectives.quantile, milliseconds: objectiveFor(calm) }
  }

  /** Judges the halves that end by `until`; earlier ones are not looked at again, so their seconds must have settled. */
  advance(seconds: Timeline, until: Seconds): void {
    this.#flow.extend(seconds, until)
    for (let half = this.#halves[this.#judged.length]; half !== undefined && half.until <= until; half = this.#halves[this.#judged.length])
      this.#judged.push(this.#judge(half, seconds))
  }

  /** Judges what there is of the half that a stop cut short. */
  finish(seconds: Timeline, until: Seconds): void {
    this.advance(seconds, until)
    const half = this.#halves[this.#judged.length]
    if (half !== undefined && until > half.from) this.#judged.push(this.#judge({ ...half, until }, seconds))
  }

  /**
   * The first two bad halves in a row, told by the earlier one: a single bad half may be a hiccup.
   * @param isCutShort the last half need not be confirmed, because the load was stopped in it
   */
  broke(isCutShort = false): Broke | undefined {
    for (const [index, first] of this.#judged.entries()) {
      if (first.state !== 'bad') continue
      const second = this.#judged[index + 1]
      if (second === undefined ? !isCutShort : second.state !== 'bad') continue
      // The target is to blame only if nothing else is in either half.
      const blamed = first.cause === 'target' && second?.state === 'bad' ? second : first
      return { half: first.half, cause: blamed.cause, because: blamed.cause === first.cause ? first.because : blamed.because }
    }
    return undefined
  }

  /** The first step whose second half is bad: what reacts to load had its first half for it. */
  fellBehind(): Broke | undefined {
    for (const [at, { half, ...found }] of this.#judged.entries())
      if (at % 2 === 1 && found.state === 'bad') return { half, cause: found.cause, because: found.because }
    return undefined
  }

  #judge(half: Half, seconds: Timeline): JudgedHalf {
    const facts = factsOf(seconds.slice(half.from, half.until))
    const { times, lag, timeouts, completed, failed, limited, planned, dropped } = facts
    const end = factsOf(seconds.slice(half.until - Math.max(1, Math.floor((half.until - half.from) / 2)), half.until))
    if (planned < fewest && completed < fewest) return { half, state: 'unjudged' }
    const p95 = times.count >= fewest ? quantile(times, objectives.quantile) : undefined
    this.#calm = Math.min(this.#calm, p95 ?? Infinity)
    const { quantile: asked, milliseconds: objective } = this.objective
    const mostSlow = 1 - asked
    const slowIn = (facts: Facts): number => Math.round(facts.times.count * (1 - (shareBelow(facts.times, objective) ?? 1))) + facts.timeouts
    const [slow, answers] = [slowIn(facts), times.count + timeouts]
    const isSlow = isMoreThan(mostSlow, slow, answers) && isStill(mostSlow, slowIn(end), end.times.count + end.timeouts)
    const bad = (cause: Cause, because: string): JudgedHalf => ({ half, state: 'bad', cause, because })

    if (isMoreThan(tolerated.errors, failed, completed) && isStill(tolerated.errors, end.failed, end.completed)) {
      const share = percent(failed / completed, 2)
      if (limited > failed / 2) return bad('limited', `${percent(limited / completed, 2)} of ${count(completed)} requests were turned away with 429 or 403`)
      return bad('target', `${share} of ${count(completed)} requests failed`)
    }
    if (isSlow) {
      const late = lag.count >= fewest ? (quantile(lag, 0.95) ?? 0) : 0
      if (late > objective / 2) return bad('generator', `5 % of arrivals started ${figure(late, 'ms')} late or more`)
      return bad('target', `${percent(slow / answers, 2)} of ${count(answers)} answers took longer than ${figure(objective, 'ms')}`)
    }
    const { isShort, missing, expected } = this.#goodput(half)
    if (isMoreThan(tolerated.dropped, dropped, planned) && isStill(tolerated.dropped, end.dropped, end.planned)) {
      const share = `${percent(dropped / planned, 2)} of ${count(planned)} arrivals found no free virtual user`
      return this.#isHeldUp(half) ? bad('target', share) : bad('generator', `${share}, while answers stayed within ${figure(objective, 'ms')}`)
    }
    if (isShort) return bad('target', `${count(Math.round(missing))} of ${count(Math.round(expected))} journeys did not get through in time`)
    this.#learn(half.until)
    const beyond = (): Beyond => {
      const each = Array.from(seconds.slice(half.from, half.until), (second) => factsOf([second]))
      return {
        slow: each.map((second) => slowIn(second) - mostSlow * (second.times.count + second.timeouts)),
        failed: each.map((second) => second.failed - tolerated.errors * second.completed),
      }
    }
    return { half, state: 'good', beyond }
  }

  /** Journeys that got through against those that should have, given how long they take when all is well. */
  #goodput({ from, until }: Half): { readonly isShort: boolean; readonly missing: number; readonly expected: number } {
    if (this.#reference === undefined) return { isShort: false, missing: 0, expected: 0 }
    const expected = this.#flow.started(from - this.#reference, until - this.#reference)
    const missing = expected - this.#flow.good(from, until)
    // Those under way at either edge may end a moment earlier or later; their number varies like a Poisson variable at most.
    const underWay = (expected / (until - from)) * this.#reference
    return { isShort: expected >= fewest && missing > tolerated.goodput * expected + 3 * Math.sqrt(2 * underWay + 1), missing, expected }
  }

  /** Do arrivals stay in the system clearly longer than when all was well? If not, there were too few users for the load. */
  #isHeldUp({ from, until }: Half): boolean {
    if (this.#reference === undefined) return this.#flow.good(from, until) < this.#flow.started(from, until) / 2
    return this.#flow.delay(until) > 2 * this.#reference + 0.1
  }

  #learn(t: Seconds): void {
    const delay = this.#flow.delay(t)
    // Before three generations of journeys have passed, the delay is the age of the run rather than the length of a journey.
    if (t >= 3 * delay) this.#reference = Math.max(this.#reference ?? 0, delay)
  }
}

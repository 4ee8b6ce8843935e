/**
 * Series of a source that tells of a minute only one to three minutes later: they are joined after the load. It is asked until each
 * minute of the load has its value and values change no more, or until the time for that is over; what is missing then is a gap, and said.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Seconds } from '../../scenarios/units.ts'
import type { AskForPoints, Metric, Points } from '../aws/metric-data.ts'
import { type Load, periodsOf } from '../aws/periods.ts'
import { AwsError } from '../aws/refusal.ts'
import { clock } from '../clock.ts'
import { rounded } from '../probe-record.ts'
import type { Caveat, Series } from '../run.ts'

export type Joined = { readonly series: readonly Series[]; readonly caveats: readonly Caveat[] }

export type World = {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<void>
}

export const realWorld: World = { now: () => Date.now(), pause: (milliseconds, signal) => pause(milliseconds, undefined, { signal }).catch(() => {}) }

/** Seconds. */
const between = 15
/** Seconds after its end in which a minute may still be added to, because not all tasks, targets or zones have told their part; fewer when nothing has changed for so long. */
const unsettled = { atMost: 180, unchanged: 60 } as const
/** Seconds before the load: whether there is such a metric at all. */
const lookback = 3 * 3600

const isAlike = (one: readonly Points[], other: readonly Points[]): boolean =>
  one.every((points, index) => points.size === other[index]?.size && [...points].every(([at, value]) => other[index]?.get(at) === value))

type Wait = {
  readonly answer: readonly Points[] | undefined
  readonly late: readonly Seconds[]
  readonly waited: Seconds
  readonly isSettled: boolean
  /** Why the last request failed; empty when it did not, or nobody wanted to wait any longer. */
  readonly because: string
}

export class LateSeries {
  /** Metrics of which there has been any point: others would be waited for in vain. */
  #known: ReadonlySet<Metric> = new Set()

  /**
   * @param probe its name begins the names of the series
   * @param period seconds that one point stands for
   * @param patience seconds after the load
   */
  constructor(
    private readonly probe: string,
    private readonly metrics: readonly Metric[],
    private readonly ask: AskForPoints,
    private readonly period: Seconds,
    private readonly patience: Seconds,
    private readonly world: World,
  ) {}

  /** @throws {AwsError} when the metrics may not be read, so that it is known before the load */
  async begin(signal: AbortSignal): Promise<void> {
    const now = this.world.now()
    this.#see(await this.ask(this.metrics, now - lookback * 1000, now, signal))
  }

  /** @param signal ends the waiting, not the asking: what is there is taken */
  async join(load: Load, signal: AbortSignal): Promise<Joined> {
    const expected = periodsOf(load, this.period)
    if (expected.length === 0) return { series: [], caveats: [this.#tooShort(load)] }
    const wait = await this.#wait(expected, signal)
    if (wait.answer === undefined) return { series: [], caveats: [this.#failed(wait.because)] }
    return { series: this.#series(wait.answer, expected, load), caveats: this.#caveats(wait, wait.answer, expected, load) }
  }

  #see(answer: readonly Points[]): void {
    this.#known = new Set([...this.#known, ...this.metrics.filter((_, index) => (answer[index]?.size ?? 0) > 0)])
  }

  /** Points that should be there, by the index of their metric and the beginning of their period. */
  #missing(answer: readonly Points[], expected: readonly number[]): { readonly metric: Metric; readonly at: number }[] {
    return this.metrics.flatMap((metric, index) =>
      metric.isSparse === true || !this.#known.has(metric) ? [] : expected.filter((at) => answer[index]?.has(at) !== true).map((at) => ({ metric, at })),
    )
  }

  async #wait(expected: readonly number[], signal: AbortSignal): Promise<Wait> {
    const { now, pause } = this.world
    const [first = 0, last = 0] = [expected[0], expected.at(-1)]
    const end = last + this.period * 1000
    const began = now()
    const deadline = began + this.patience * 1000
    const late: Seconds[] = []
    let answer: readonly Points[] | undefined
    let changed = began
    let because = ''
    let isSettled = false
    for (;;) {
      const before = answer
      try {
        // Not this signal: an answer under way is worth its second.
        answer = await this.ask(this.metrics, first, end, AbortSignal.timeout(10_000))
        because = ''
      } catch (error) {
        because = (error as Error).message
        if (error instanceof AwsError && error.isLasting) break
      }
      if (answer !== undefined && because === '') {
        this.#see(answer)
        if (before !== undefined) {
          const missing = this.#missing(answer, expected)
          for (const { metric, at } of this.#missing(before, expected))
            if (!missing.some((each) => each.metric === metric && each.at === at)) late.push((now() - at) / 1000 - this.period)
        }
        if (before === undefined || !isAlike(answer, before)) changed = now()
        isSettled = now() - end >= unsettled.atMost * 1000 || now() - changed >= unsettled.unchanged * 1000
        if (isSettled && this.#missing(answer, expected).length === 0) break
      }
      if (signal.aborted || now() >= deadline) break
      await pause(Math.min(between * 1000, deadline - now()), signal)
    }
    return { answer, late, waited: (now() - began) / 1000, isSettled, because }
  }

  /** A value is of a whole period, so it stands in the middle of it. */
  #series(answer: readonly Points[], expected: readonly number[], { from }: Load): Series[] {
    const at = expected.map((start) => Math.round((start - from) / 1000 + this.period / 2))
    return this.metrics.flatMap(({ what, unit, limit }, index) => {
      const values = expected.map((start) => {
        const value = answer[index]?.get(start)
        return value === undefined ? null : rounded(value)
      })
      return values.every((value) => value === null) ? [] : [{ name: `${this.probe}.${what}`, unit, limit, at, values }]
    })
  }

  #caveats({ late, waited, isSettled, because }: Wait, answer: readonly Points[], expected: readonly number[], { from }: Load): Caveat[] {
    const missing = this.#missing(answer, expected)
    const awaited = this.metrics.filter((metric) => metric.isSparse !== true && this.#known.has(metric)).length * expected.length
    const unknown = this.metrics.filter((metric) => metric.isSparse !== true && !this.#known.has(metric))
    const caveats: Caveat[] = []
    if (late.length > 0)
      caveats.push({
        code: 'cloudwatch-late',
        text: `${late.length} of ${awaited} points of "${this.probe}" were waited for after the load, ${clock(waited)} long; the last to come was ${Math.round(Math.max(...late))} s late. CloudWatch tells of a minute one to three minutes after it. Nothing has to be done about these.`,
      })
    if (missing.length > 0) {
      const [{ metric, at }] = missing as [(typeof missing)[0]]
      const why =
        because === '' ? `They had not come ${clock(waited)} after the load (at most ${clock(this.patience)} by wait)` : `The last answer was: ${because}`
      caveats.push({
        code: 'cloudwatch-missing',
        text: `${missing.length} of ${awaited} points of "${this.probe}" are missing, first ${metric.what} of the minute at ${clock(Math.max(0, (at - from) / 1000))}. ${why}. Their series have gaps there. Look at CloudWatch for that time, or allow a longer wait.`,
      })
    }
    if (missing.length === 0 && !isSettled)
      caveats.push({
        code: 'cloudwatch-unsettled',
        text: `The last minutes of "${this.probe}" may have been told in part: they were read ${clock(waited)} after the load. A minute is whole some ${unsettled.atMost / 60} minutes after its end. Compare with CloudWatch, or allow a longer wait.`,
      })
    for (const { what, namespace, metric, dimensions } of unknown)
      caveats.push({
        code: 'cloudwatch-nothing',
        text: `CloudWatch knows no point of "${this.probe}.${what}", neither of the load nor of three hours before: ${namespace} ${metric} with ${Object.entries(
          dimensions,
        )
          .map(([name, value]) => `${name}=${value}`)
          .join(', ')}. A name that nothing has is no error to it. Compare with aws cloudwatch list-metrics --namespace ${namespace}.`,
      })
    return caveats
  }

  #tooShort({ from, until }: Load): Caveat {
    return {
      code: 'cloudwatch-too-short',
      text: `"${this.probe}" has no series: no whole period of CloudWatch's ${this.period} s lies within the ${clock((until - from) / 1000)} of load. Parts of one would hold what was before or after it. Make load for ${clock(2 * this.period)} or longer.`,
    }
  }

  #failed(because: string): Caveat {
    return {
      code: 'cloudwatch-failed',
      text: `What "${this.probe}" should have read from CloudWatch is unknown, because ${because}. It was asked after the load, and before it did answer. Correct that, and look there for the time of this run.`,
    }
  }
}

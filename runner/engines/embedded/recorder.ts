/**
 * Adds up what happens in the current second and tells it when the second is over. One set of histograms is used second after
 * second, so memory grows with the number of endpoints and not with time.
 */
import type { Cell, TimelineSecond } from '../../run.ts'
import { HistogramRecorder, type Milliseconds } from '../../stats/histogram.ts'
import type { SecondPart } from '../../timeline.ts'
import { EndpointNames } from '../virtual-user/endpoint-names.ts'
import { addTo, type EndpointRecorder, increase, type RequestOutcome, takeCell, taken } from './cell-recorder.ts'

const mostTags = 200
const other = '(other)'

export type IterationOutcome = {
  readonly journey: string
  readonly time: Milliseconds
  readonly held: Milliseconds
  readonly threw: boolean
  readonly isUnavailable: boolean
}

const recorderIn = (recorders: Map<string, HistogramRecorder>, name: string): HistogramRecorder => {
  const known = recorders.get(name)
  if (known) return known
  const fresh = new HistogramRecorder()
  recorders.set(name, fresh)
  return fresh
}

const takenHistograms = (recorders: ReadonlyMap<string, HistogramRecorder>): TimelineSecond['groups'] => {
  const histograms: TimelineSecond['groups'] = {}
  for (const [name, recorder] of recorders) if (recorder.count > 0) histograms[name] = recorder.take()
  return histograms
}

export class Recorder {
  /** Closed outside the load: what set-up and teardown do is in no figure. */
  #isOpen = false
  /** The moment that seconds count from, on the clock of `now`. */
  #origin = 0
  #second = 0
  #cutAt = Infinity
  #started = 0
  #users = 0
  #mostUsers = 0
  /** Milliseconds of users in use, up to a moment; and those for which ended journeys kept theirs. */
  #inUse = 0
  #inUseUntil = 0
  #held = 0
  #iterations = { completed: 0, failed: 0, interrupted: 0, unavailable: 0 }
  readonly #due = new Map<number, { planned: number; dropped: number }>()
  readonly #lag = new HistogramRecorder()
  readonly #endpoints = new Map<string, EndpointRecorder>()
  readonly #journeys = new Map<string, HistogramRecorder>()
  readonly #groups = new Map<string, HistogramRecorder>()
  readonly #trends = new Map<string, HistogramRecorder>()
  readonly #counters = new Map<string, number>()
  readonly #tagNames = new Set<string>()
  readonly #checks = new Map<string, { passed: number; failed: number }>()
  /** Requests of set-up and teardown. */
  outsideLoad = 0
  readonly names = new EndpointNames()

  constructor(
    private readonly now: () => Milliseconds,
    private readonly tell: (part: SecondPart) => void,
    private readonly traffic: () => { received: number; sent: number },
  ) {}

  open(origin: Milliseconds): void {
    this.traffic()
    this.#origin = origin
    this.#cutAt = origin + 1000
    this.#inUseUntil = origin
    this.#isOpen = true
  }

  close(): void {
    this.#countUse(this.now())
    this.cut()
    this.#isOpen = false
  }

  /** The same object for the same name throughout, so that callers may keep it. */
  endpoint(name: string): EndpointRecorder {
    const known = this.#endpoints.get(name)
    if (known) return known
    const given = this.names.of(name)
    if (given !== name) return this.endpoint(given)
    const fresh: EndpointRecorder = { name, success: undefined, failure: undefined }
    this.#endpoints.set(name, fresh)
    return fresh
  }

  arrivalStarted(due: Milliseconds, at: Milliseconds): void {
    this.roll(at)
    this.#dueIn(due).planned += 1
    this.#started += 1
    this.#lag.add(Math.max(0, at - due))
    this.#countUse(at)
    this.#users += 1
    if (this.#users > this.#mostUsers) this.#mostUsers = this.#users
  }

  arrivalDropped(due: Milliseconds): void {
    const second = this.#dueIn(due)
    second.planned += 1
    second.dropped += 1
  }

  iterationEnded({ journey, time, held, threw, isUnavailable }: IterationOutcome, at: Milliseconds): void {
    if (!this.#isOpen) return
    this.roll(at)
    this.#countUse(at)
    this.#users -= 1
    this.#held += held
    this.#iterations.completed += 1
    if (isUnavailable) this.#iterations.unavailable += 1
    if (threw) this.#iterations.failed += 1
    else recorderIn(this.#journeys, journey).add(Math.max(0, time))
  }

  iterationsInterrupted(count: number): void {
    this.#iterations.interrupted += count
  }

  requestEnded(outcome: RequestOutcome, at: Milliseconds): void {
    if (!this.#isOpen) {
      this.outsideLoad += 1
      return
    }
    this.roll(at)
    addTo(outcome)
    if (outcome.tags !== undefined) this.#countTags(outcome.tags)
  }

  check(name: string, passed: boolean): void {
    if (!this.#isOpen) return
    this.roll(this.now())
    const known = this.#checks.get(name)
    if (known === undefined) this.#checks.set(name, { passed: passed ? 1 : 0, failed: passed ? 0 : 1 })
    else if (passed) known.passed += 1
    else known.failed += 1
  }

  group(name: string, time: Milliseconds): void {
    if (!this.#isOpen) return
    this.roll(this.now())
    recorderIn(this.#groups, name).add(Math.max(0, time))
  }

  count(name: string, by: number): void {
    if (!this.#isOpen) return
    this.roll(this.now())
    increase(this.#counters, name, by)
  }

  /** False when the value is none that a distribution can hold: below 0, or no number. */
  trend(name: string, value: number): boolean {
    if (!this.#isOpen) return value >= 0
    this.roll(this.now())
    return recorderIn(this.#trends, name).add(value)
  }

  /** Tells the second that is over when `at` lies beyond it. */
  roll(at: Milliseconds): void {
    if (at < this.#cutAt) return
    this.#countUse(this.#cutAt)
    this.cut()
    this.#second = Math.floor((at - this.#origin) / 1000)
    this.#cutAt = this.#origin + (this.#second + 1) * 1000
  }

  /** Tells what has come together; a second may be told in several parts. */
  cut(): void {
    if (!this.#isOpen) return
    for (const [second, { planned, dropped }] of this.#due) this.tell({ second, planned, dropped })
    this.#due.clear()
    const { received, sent } = this.traffic()
    this.tell({
      second: this.#second,
      started: this.#started,
      iterations: this.#iterations,
      users: this.#mostUsers,
      userTime: { inUse: this.#inUse / 1000, held: this.#held / 1000 },
      lag: this.#lag.take(),
      journeyTime: takenHistograms(this.#journeys),
      cells: this.#takeCells(),
      checks: taken(this.#checks),
      groups: takenHistograms(this.#groups),
      metrics: this.#takeMetrics(),
      bytesReceived: received,
      bytesSent: sent,
    })
    this.#started = 0
    this.#iterations = { completed: 0, failed: 0, interrupted: 0, unavailable: 0 }
    this.#mostUsers = this.#users
    this.#inUse = 0
    this.#held = 0
  }

  /** Events of one moment may come in any order, so that a moment that has been counted is not counted back. */
  #countUse(at: Milliseconds): void {
    if (at <= this.#inUseUntil) return
    this.#inUse += this.#users * (at - this.#inUseUntil)
    this.#inUseUntil = at
  }

  #dueIn(due: Milliseconds): { planned: number; dropped: number } {
    const second = Math.floor((due - this.#origin) / 1000)
    const known = this.#due.get(second)
    if (known) return known
    const fresh = { planned: 0, dropped: 0 }
    this.#due.set(second, fresh)
    return fresh
  }

  #countTags(tags: Readonly<Record<string, string>>): void {
    for (const tag of Object.keys(tags)) {
      const name = `requests{${tag}=${tags[tag]}}`
      if (this.#tagNames.size >= mostTags && !this.#tagNames.has(name)) increase(this.#counters, `requests{${tag}=${other}}`)
      else {
        this.#tagNames.add(name)
        increase(this.#counters, name)
      }
    }
  }

  #takeCells(): Cell[] {
    const cells: Cell[] = []
    for (const { name, success, failure } of this.#endpoints.values()) {
      if (success && success.count > 0) cells.push(takeCell(name, 'success', success))
      if (failure && failure.count > 0) cells.push(takeCell(name, 'failure', failure))
    }
    return cells
  }

  #takeMetrics(): TimelineSecond['metrics'] {
    const metrics: TimelineSecond['metrics'] = {}
    for (const [name, sum] of this.#counters) metrics[name] = { kind: 'counter', sum }
    for (const [name, values] of Object.entries(takenHistograms(this.#trends))) metrics[name] = { kind: 'trend', values }
    this.#counters.clear()
    return metrics
  }
}

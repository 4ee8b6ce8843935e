/** Reads all probes at their seconds while load runs, and keeps what they say as series: gaps as gaps, failures as caveats. */
import type { Seconds } from '../../scenarios/units.ts'
import { clock } from '../clock.ts'
import type { Caveat, Observation, Series } from '../run.ts'
import type { Parting, Probe, Sample } from './probe.ts'

/** Milliseconds; a reading that takes longer is given up, and the probe's next one may be better. */
const patience = { starting: 10_000, reading: 5000, stopping: 5000 } as const

type Growing = { readonly name: string; unit: string; limit: number | null; readonly at: number[]; readonly values: (number | null)[] }
type Watched = {
  readonly probe: Probe
  readonly series: Map<string, Growing>
  state: 'starting' | 'ready' | 'reading' | 'absent'
  because: string
  readings: number
  readonly failures: { readonly at: Seconds; readonly because: string }[]
}

export type Seen = { readonly series: readonly Series[]; readonly caveats: readonly Caveat[]; readonly observations: readonly Observation[] }

/** Six figures are more than any probe knows; the binary digits behind them would fill the run's file. */
const rounded = (value: number): number => (Number.isInteger(value) ? value : Number(value.toPrecision(6)))

/** @throws {Error} when `work` has not settled after so many milliseconds; its signal says so too */
const within = async <T>(limit: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      late.abort()
      reject(new Error(`no answer within ${limit / 1000} s`))
    }, limit)
  })
  try {
    return await Promise.race([work(late.signal), over])
  } finally {
    clearTimeout(timer)
  }
}

/** A slow reading is told after the gaps that it left behind it. */
const inOrder = ({ name, unit, limit, at, values }: Growing): Series => {
  const order = at.map((moment, index) => [moment, values[index] ?? null] as const).sort(([a], [b]) => a - b)
  return { name, unit, limit, at: order.map(([moment]) => moment), values: order.map(([, value]) => value) }
}

export class Watch {
  readonly #watched: readonly Watched[]
  #timer: NodeJS.Timeout | undefined
  #origin = 0
  #last = -1
  #caveats: readonly Caveat[] = []
  #observations: readonly Observation[] = []

  /** @param now milliseconds on a clock that never jumps */
  constructor(
    probes: readonly Probe[],
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#watched = probes.map((probe) => ({ probe, series: new Map(), state: 'starting', because: '', readings: 0, failures: [] }))
  }

  /** Starts the probes; those that are not ready when the load begins have gaps until they are. */
  start(): void {
    for (const watched of this.#watched) void this.#start(watched)
  }

  /**
   * The load begins: probes are read then, and at each of its seconds.
   * @param from milliseconds from now until its second 0; below 0 when that was a moment ago
   */
  begin(from: number): void {
    this.#origin = this.now() + from
    this.#tick()
  }

  /** Stops the probes. Nothing of theirs goes on afterwards. */
  async end(): Promise<void> {
    clearTimeout(this.#timer)
    const told = await Promise.all(this.#watched.map((watched) => this.#stop(watched)))
    this.#caveats = told.flatMap(({ caveats = [] }) => caveats)
    this.#observations = told.flatMap(({ observations = [] }) => observations)
  }

  /** What was seen; whole once it has ended. */
  get seen(): Seen {
    return {
      series: this.#watched.flatMap(({ series }) => [...series.values()].map(inOrder)),
      caveats: [...this.#caveats, ...this.#watched.flatMap((watched) => this.#failuresOf(watched))],
      observations: this.#observations,
    }
  }

  async #start(watched: Watched): Promise<void> {
    try {
      await within(patience.starting, (signal) => watched.probe.start(signal))
      watched.state = 'ready'
    } catch (error) {
      watched.state = 'absent'
      watched.because = (error as Error).message
    }
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#tick(), Math.max(1, (this.#last + 1) * 1000 - (this.now() - this.#origin)))
  }

  #tick(): void {
    // A timer may come a moment early; one that comes seconds late leaves gaps where it should have been.
    const at = Math.max(0, Math.round((this.now() - this.#origin) / 1000))
    for (let second = this.#last + 1; second <= at; second++) for (const watched of this.#watched) this.#visit(watched, second, second === at)
    this.#last = Math.max(this.#last, at)
    this.#wait()
  }

  #visit(watched: Watched, at: Seconds, isNow: boolean): void {
    if (at % watched.probe.every !== 0 || watched.state === 'absent' || watched.state === 'starting') return
    if (isNow && watched.state === 'ready') void this.#read(watched, at)
    else this.#keep(watched, at, [])
  }

  async #read(watched: Watched, at: Seconds): Promise<void> {
    watched.state = 'reading'
    watched.readings += 1
    try {
      this.#keep(watched, at, await within(patience.reading, (signal) => watched.probe.read(signal, at)))
    } catch (error) {
      watched.failures.push({ at, because: (error as Error).message })
      this.#keep(watched, at, [])
    }
    watched.state = 'ready'
  }

  /** What is not among the samples is a gap. */
  #keep({ series }: Watched, at: Seconds, samples: readonly Sample[]): void {
    for (const { name, unit, limit, value } of samples) {
      const known = series.get(name) ?? { name, unit, limit, at: [], values: [] }
      series.set(name, known)
      known.limit = limit ?? known.limit
      known.at.push(at)
      known.values.push(value === null ? null : rounded(value))
    }
    const told = new Set(samples.map(({ name }) => name))
    for (const each of series.values()) {
      if (told.has(each.name)) continue
      each.at.push(at)
      each.values.push(null)
    }
  }

  async #stop({ probe }: Watched): Promise<Parting> {
    try {
      return await within(patience.stopping, () => probe.stop())
    } catch {
      return {} // it has told its series; that it did not let go in time changes none of them
    }
  }

  #failuresOf({ probe, state, because, readings, failures }: Watched): Caveat[] {
    if (state === 'absent')
      return [
        {
          code: 'probe-absent',
          text: `The probe "${probe.name}" did not start: ${because}. What it watches is unknown; the run's other figures are whole. Correct that, or leave the probe out.`,
        },
      ]
    const [first] = failures
    if (first === undefined) return []
    return [
      {
        code: 'probe-failed',
        text: `The probe "${probe.name}" could not read ${failures.length} of ${readings} times, first at ${clock(first.at)}: ${first.because}. Its series have gaps there; the run's other figures are whole. Look at what it reads.`,
      },
    ]
  }
}

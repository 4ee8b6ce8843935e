/** Reads all probes at their seconds while load runs, and keeps what they say as series: gaps as gaps, failures as caveats. */
import type { Seconds } from '../../scenarios/units.ts'
import { clock } from '../clock.ts'
import { type ProbeEntry, ProbeRecord } from '../probe-record.ts'
import type { Caveat, Observation, RunRecord, Series } from '../run.ts'
import type { KeptFile, Parting, Probe } from './probe.ts'

/** Milliseconds; a reading that takes longer is given up, and the probe's next one may be better. */
const patience = { starting: 10_000, reading: 5000, stopping: 5000 } as const

type Watched = {
  readonly probe: Probe
  readonly record: ProbeRecord
  state: 'starting' | 'ready' | 'reading' | 'absent'
  /** Settles once it is no longer starting. */
  started: Promise<void>
  /** Readings that failed one after another, and those left out since. */
  failures: number
  skipped: number
}

export type Seen = {
  readonly series: readonly Series[]
  readonly caveats: readonly Caveat[]
  readonly observations: readonly Observation[]
  readonly files: readonly KeptFile[]
  readonly watched: NonNullable<RunRecord['watched']>
}

/**
 * Readings left out before the next try, after so many that failed in a row: what restarts is asked again at once, what stays away is
 * not asked each second.
 */
const pauseAfter = (failures: number): number => Math.min(4, Math.floor(failures / 4))

/** @throws {Error} when `work` has not settled after so many milliseconds; its signal says so too */
export const within = async <T>(limit: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
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

export class Watch {
  readonly #watched: readonly Watched[]
  #timer: NodeJS.Timeout | undefined
  #origin = 0
  #hasBegun = false
  #hasEnded = false
  #last = -1
  #told: readonly Parting[] = []

  /**
   * @param now milliseconds on a clock that never jumps
   * @param tell is told each entry from the load's beginning on, for the journal
   */
  constructor(
    probes: readonly Probe[],
    private readonly now: () => number = () => performance.now(),
    private readonly tell: (entry: ProbeEntry) => void = () => {},
  ) {
    this.#watched = probes.map((probe) => ({
      probe,
      record: new ProbeRecord(probe.name, probe.kind ?? null, probe.every),
      state: 'starting',
      started: Promise.resolve(),
      failures: 0,
      skipped: 0,
    }))
  }

  /** Starts the probes; those that are not ready when the load begins have gaps until they are. */
  start(): void {
    for (const watched of this.#watched) watched.started = this.#start(watched)
  }

  /** What probes must see before the load: never longer than they said, and not once it is to stop. */
  async beforeLoad(stop: AbortSignal): Promise<void> {
    await Promise.all(this.#watched.map((watched) => this.#beforeLoad(watched, stop)))
  }

  /**
   * The load begins: probes are read then, and at each of its seconds.
   * @param from milliseconds from now until its second 0; below 0 when that was a moment ago
   */
  begin(from: number): void {
    this.#origin = this.now() + from
    for (const { probe } of this.#watched) probe.begin?.(from)
    this.#hasBegun = true
    for (const { probe, record } of this.#watched) {
      this.tell({ probe: probe.name, kind: probe.kind ?? null, every: probe.every })
      const { absent } = record.watched
      if (absent !== undefined) this.tell({ probe: probe.name, absent })
    }
    this.#tick()
  }

  /** What the end may have to wait for, as it can be told to whoever waits; undefined when nothing is late. */
  get awaits(): string | undefined {
    const late = this.#watched.flatMap(({ probe, state }) => (state === 'absent' || !probe.waits?.most ? [] : [{ name: probe.name, ...probe.waits }]))
    if (late.length === 0) return undefined
    const most = clock(Math.max(...late.map(({ most }) => most)))
    return `Waiting for ${late.map(({ name, what }) => `${what} ("${name}")`).join(' and ')}, at most ${most}. Ctrl-C goes on without it.`
  }

  /** Stops the probes. Nothing of theirs goes on afterwards. @param hurry ends the waiting for what comes late */
  async end(hurry: AbortSignal = new AbortController().signal): Promise<void> {
    clearTimeout(this.#timer)
    this.#told = await Promise.all(this.#watched.map((watched) => this.#stop(watched, hurry)))
    this.#hasEnded = true
  }

  /** What was seen; whole once it has ended. */
  get seen(): Seen {
    const records = this.#watched.map(({ record }) => record)
    return {
      series: [...records, ...this.#told].flatMap(({ series = [] }) => series),
      caveats: [...this.#told, ...records].flatMap(({ caveats = [] }) => caveats),
      observations: this.#told.flatMap(({ observations = [] }) => observations),
      files: this.#told.flatMap(({ files = [] }) => files),
      watched: records.map(({ watched }) => watched).filter(({ kind }) => kind !== null),
    }
  }

  async #start(watched: Watched): Promise<void> {
    try {
      await within(patience.starting, (signal) => watched.probe.start(signal))
      watched.state = 'ready'
    } catch (error) {
      watched.state = 'absent'
      this.#add(watched, { probe: watched.probe.name, absent: (error as Error).message })
    }
  }

  async #beforeLoad(watched: Watched, stop: AbortSignal): Promise<void> {
    const { beforeLoad } = watched.probe
    if (beforeLoad === undefined) return
    await watched.started
    if (stop.aborted || watched.state === 'absent') return
    // What it could not see in that time, it tells itself.
    await within(beforeLoad.most * 1000, (late) => beforeLoad.look(AbortSignal.any([late, stop]))).catch(() => {})
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
    const { probe, state } = watched
    if (at % probe.every !== 0 || state === 'absent' || state === 'starting') return
    if (isNow && state === 'ready' && watched.skipped >= pauseAfter(watched.failures)) {
      void this.#read(watched, at)
      return
    }
    watched.skipped += 1
    this.#add(watched, { probe: probe.name, at, missed: null })
  }

  async #read(watched: Watched, at: Seconds): Promise<void> {
    const { name } = watched.probe
    watched.state = 'reading'
    watched.skipped = 0
    try {
      const samples = await within(patience.reading, (signal) => watched.probe.read(signal, at))
      watched.failures = 0
      this.#add(watched, { probe: name, at, samples })
    } catch (error) {
      watched.failures += 1
      this.#add(watched, { probe: name, at, missed: (error as Error).message })
    }
    watched.state = 'ready'
  }

  #add({ record }: Watched, entry: ProbeEntry): void {
    if (this.#hasEnded) return // a reading that comes after the end is of no use to anybody
    record.add(entry)
    if (this.#hasBegun) this.tell(entry)
  }

  async #stop({ probe }: Watched, hurry: AbortSignal): Promise<Parting> {
    try {
      return await within((probe.waits?.most ?? 0) * 1000 + patience.stopping, (late) => probe.stop(AbortSignal.any([late, hurry])))
    } catch {
      return {} // it has told its series; that it did not let go in time changes none of them
    }
  }
}

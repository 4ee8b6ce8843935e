/** Adds up what the connections of a sweep meet: each second for the timeline, and the counted stretch of the level that is held. */
import type { Cell, ErrorKind, SweepLevel } from '../../run.ts'
import { HistogramRecorder, type Milliseconds } from '../../stats/histogram.ts'
import type { SecondPart } from '../../timeline.ts'

/** One request that has ended. Moments on the clock of `performance.now`. */
export type Ended = {
  readonly endpoint: string
  readonly sentAt: Milliseconds
  readonly endedAt: Milliseconds
  readonly setup: Milliseconds
  /** 0 without an answer. */
  readonly status: number
  /** Undefined for a success. */
  readonly failure: ErrorKind | undefined
  readonly bytes: number
}

class CellRecorder {
  #count = 0
  #statuses: Record<string, number> = {}
  #errors: Record<string, number> = {}
  readonly #service = new HistogramRecorder()
  readonly #setup = new HistogramRecorder()

  add({ sentAt, endedAt, setup, status, failure }: Ended): void {
    this.#count += 1
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1
    if (failure !== undefined) this.#errors[failure] = (this.#errors[failure] ?? 0) + 1
    this.#service.add(Math.max(0, endedAt - sentAt - setup))
    this.#setup.add(setup)
  }

  /** `undefined` when nothing came since the last call. */
  take(endpoint: string, outcome: Cell['outcome']): Cell | undefined {
    if (this.#count === 0) return undefined
    const cell: Cell = {
      endpoint,
      outcome,
      count: this.#count,
      statuses: this.#statuses,
      errors: this.#errors,
      // Nothing was due in a closed loop, so nobody knows how long a user would have waited.
      responseTime: { buckets: [], count: 0, sum: 0, min: 0, max: 0 },
      serviceTime: this.#service.take(),
      setupTime: this.#setup.take(),
    }
    this.#count = 0
    this.#statuses = {}
    this.#errors = {}
    return cell
  }
}

/** A user could not have gone on: no answer, or the server's own failure. */
const isUnavailable = ({ status }: Ended): boolean => status === 0 || status >= 500

/** The counted stretch of one level. */
class Level {
  readonly #batches: number[]
  readonly #service = new HistogramRecorder()
  readonly #errors: Record<string, number> = {}
  #completed = 0
  #failed = 0
  #underWay = 0

  constructor(
    readonly from: Milliseconds,
    readonly until: Milliseconds,
    private readonly batch: Milliseconds,
  ) {
    this.#batches = Array.from({ length: Math.floor((until - from) / batch + 1e-9) }, () => 0)
  }

  add({ sentAt, endedAt, setup, failure }: Ended): void {
    if (endedAt < this.from || endedAt >= this.until) return
    this.#completed += 1
    this.#underWay += endedAt - sentAt
    if (failure !== undefined) {
      this.#failed += 1
      this.#errors[failure] = (this.#errors[failure] ?? 0) + 1
      return
    }
    this.#service.add(Math.max(0, endedAt - sentAt - setup))
    const index = Math.floor((endedAt - this.from) / this.batch)
    if (index < this.#batches.length) this.#batches[index] = (this.#batches[index] ?? 0) + 1
  }

  take(): Pick<SweepLevel, 'seconds' | 'completed' | 'failed' | 'errors' | 'batches' | 'serviceTime' | 'underWay'> {
    return {
      seconds: (this.until - this.from) / 1000,
      completed: this.#completed,
      failed: this.#failed,
      errors: this.#errors,
      batches: this.#batches,
      serviceTime: this.#service.take(),
      underWay: this.#underWay,
    }
  }
}

export class Recorder {
  readonly #cells = new Map<string, { readonly success: CellRecorder; readonly failure: CellRecorder }>()
  #second = 0
  #started = 0
  #completed = 0
  #unavailable = 0
  #interrupted = 0
  #received = 0
  #connections = 0
  #level: Level | undefined

  constructor(
    /** Start of the run on the clock of `performance.now`. */
    private readonly start: Milliseconds,
    private readonly tell: (part: SecondPart) => void,
  ) {}

  /** Counts a level's requests between two moments, from now on. */
  count(connections: number, from: Milliseconds, until: Milliseconds, batch: Milliseconds): Level {
    this.#connections = connections
    this.#level = new Level(from, until, batch)
    return this.#level
  }

  /** @returns requests that were started in the current second */
  started(now: Milliseconds): number {
    this.turn(now)
    this.#started += 1
    return this.#started
  }

  ended(request: Ended): void {
    this.turn(request.endedAt)
    this.#completed += 1
    this.#received += request.bytes
    if (isUnavailable(request)) this.#unavailable += 1
    let cells = this.#cells.get(request.endpoint)
    if (cells === undefined) {
      cells = { success: new CellRecorder(), failure: new CellRecorder() }
      this.#cells.set(request.endpoint, cells)
    }
    cells[request.failure === undefined ? 'success' : 'failure'].add(request)
    this.#level?.add(request)
  }

  /** Started, and cut off before it ended. */
  interrupted(now: Milliseconds): void {
    this.turn(now)
    this.#interrupted += 1
  }

  /** Tells the second that is over, if one is. */
  turn(now: Milliseconds): void {
    const second = Math.max(0, Math.floor((now - this.start) / 1000))
    if (second > this.#second) {
      this.flush()
      this.#second = second
    }
  }

  /** Tells what there is of the current second. */
  flush(): void {
    const cells = [...this.#cells].flatMap(([endpoint, { success, failure }]) =>
      [success.take(endpoint, 'success'), failure.take(endpoint, 'failure')].filter((cell) => cell !== undefined),
    )
    const [started, completed, interrupted] = [this.#started, this.#completed, this.#interrupted]
    if (started + completed + interrupted === 0) return
    this.tell({
      second: this.#second,
      // In a closed loop a request is due when the last one has ended: what was planned is what was started.
      planned: started,
      started,
      users: this.#connections,
      iterations: { completed, failed: 0, interrupted, unavailable: this.#unavailable },
      cells,
      bytesReceived: this.#received,
    })
    this.#started = 0
    this.#completed = 0
    this.#unavailable = 0
    this.#interrupted = 0
    this.#received = 0
  }
}

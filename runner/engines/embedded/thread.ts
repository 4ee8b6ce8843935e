/** A worker thread as the engine sees it: orders go in, reports come out, and it may die. */
import { createInterface } from 'node:readline'
import { Worker } from 'node:worker_threads'
import type { Assignment, Order, Report } from './protocol.ts'

/** Young objects live as long as a request: with Node's 16 MB a fifth of them would be copied twice at 40,000 requests a second. */
const resourceLimits = { maxYoungGenerationSizeMb: 64 }

export class Thread {
  /** Set when it ended by itself: how, and what it said about it. */
  death: Error | undefined
  readonly #worker: Worker
  #isWanted = true
  #listeners = new Set<(report: Report | undefined) => void>()

  /** @param log where the journeys' own output goes */
  constructor(file: string, assignment: Assignment, log: (line: string) => void) {
    this.#worker = new Worker(file, { workerData: assignment, execArgv: ['--enable-source-maps'], resourceLimits, stdout: true, stderr: true })
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) createInterface({ input: stream }).on('line', log)
    this.#worker.on('message', (report: Report) => this.#tell(report))
    this.#worker.on('error', (error: Error) => this.#die(error))
    this.#worker.on('exit', (code) => this.#die(new Error(`it ended with code ${code}`)))
  }

  /** @param listener gets each report, and undefined when the thread has died */
  listen(listener: (report: Report | undefined) => void): void {
    this.#listeners.add(listener)
  }

  order(order: Order): void {
    this.#worker.postMessage(order)
  }

  /** The next report of a type. @throws {Error} the thread's death, when it comes first */
  next<T extends Report['type']>(...types: readonly T[]): Promise<Extract<Report, { type: T }>> {
    return new Promise((resolve, reject) => {
      const listener = (report: Report | undefined): void => {
        if (report !== undefined && !(types as readonly string[]).includes(report.type)) return
        this.#listeners.delete(listener)
        if (report === undefined) reject(this.death)
        else resolve(report as Extract<Report, { type: T }>)
      }
      if (this.death) reject(this.death)
      else this.#listeners.add(listener)
    })
  }

  async end(): Promise<void> {
    this.#isWanted = false
    await this.#worker.terminate()
  }

  #die(cause: Error): void {
    if (!this.#isWanted || this.death) return
    this.death = cause
    this.#tell(undefined)
  }

  #tell(report: Report | undefined): void {
    for (const listener of [...this.#listeners]) listener(report)
  }
}

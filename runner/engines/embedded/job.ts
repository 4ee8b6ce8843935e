/** Runs a plan with worker threads: load the scenario, set up, all start at one moment, gather, tear down. */
import { EngineError } from '../../errors/engine-error.ts'
import { ScenarioError } from '../../errors/scenario-error.ts'
import type { Plan } from '../../plan.ts'
import { ownVersion } from '../../version.ts'
import type { Ending, Job, Watcher, Workplace } from '../engine.ts'
import { Ledger } from './ledger.ts'
import { placeIn } from './place.ts'
import { type Assignment, type Report, sharedClock } from './protocol.ts'
import { Thread } from './thread.ts'

const startsIn = 50 // milliseconds; every thread has its order by then
/** Beyond the graceful stop: a thread that has not answered by then is caught in a loop of the journey's. */
const patience = { graceful: 5000, kill: 1000 } as const // milliseconds

type Signals = Parameters<Job['run']>[1]
type How = 'done' | 'died' | 'all-threw'

const version = ownVersion()

export class EmbeddedJob implements Job {
  constructor(
    private readonly plan: Plan,
    private readonly workplace: Workplace,
    private readonly scenario: string,
    private readonly file: string,
  ) {}

  async run(watcher: Watcher, signals: Signals): Promise<Ending> {
    const ledger = new Ledger(this.scenario, this.workplace.log)
    const workers = Math.max(1, Math.min(this.plan.workers, this.plan.users))
    const threads = Array.from({ length: workers }, (_, worker) => new Thread(this.file, this.#assignment(worker, workers), this.workplace.log))
    try {
      const isReady = await Promise.race([this.#makeReady(threads).then(() => true), aborted(signals).then(() => false)])
      if (!isReady) return { state: 'stopped', because: 'stopped before the load began', version, exitCode: null, caveats: [] }
      const how = await this.#load(threads, ledger, watcher, signals)
      if (how === 'all-threw' || (how === 'done' && ledger.allThrew(Infinity))) throw this.#allThrew(ledger)
      if (!signals.kill.aborted && how === 'done') await this.#tearDown(threads[0], signals)
      return this.#ending(how, threads, ledger, signals)
    } finally {
      await Promise.all(threads.map((thread) => thread.end()))
    }
  }

  #assignment(worker: number, workers: number): Assignment {
    const { feeds, secrets } = this.workplace
    return { plan: this.plan, worker, workers, rows: feeds.map((feed) => feed.rows), secrets, version }
  }

  /** @throws {ScenarioError} when the scenario does not load, or its `setup` throws */
  async #makeReady(threads: readonly Thread[]): Promise<void> {
    const first = threads[0]
    try {
      await Promise.all(threads.map((thread) => thread.next('loaded')))
      first?.order({ type: 'setup' })
      const answer = await first?.next('setup', 'broken')
      if (answer?.type === 'broken') throw this.#broken('setup', answer.message, answer.stack)
      await Promise.all(
        threads.map((thread) => {
          thread.order({ type: 'prepare', setup: answer?.setup })
          return thread.next('ready')
        }),
      )
    } catch (cause) {
      if (cause instanceof ScenarioError || !(cause instanceof Error)) throw cause
      const { text, line, file } = placeIn(cause.stack ?? '', this.scenario)
      if (line === undefined)
        throw new EngineError(`A worker of the embedded engine did not start: ${cause.message}. It loads the scenario and waits. Run perf doctor.`, { cause })
      throw new ScenarioError(
        `${text} throws while it loads: "${cause.message}". A scenario must load before any load is made. Correct that line.`,
        file,
        line,
        {
          cause,
        },
      )
    }
  }

  /** From the start until every thread is done, and nothing more can come. */
  #load(threads: readonly Thread[], ledger: Ledger, watcher: Watcher, signals: Signals): Promise<How> {
    return new Promise((resolve) => {
      const working = new Set(threads)
      let how: How = 'done'
      let limit: NodeJS.Timeout | undefined
      const leave = (thread: Thread): void => {
        working.delete(thread)
        if (working.size > 0) return
        clearTimeout(limit)
        signals.stop.removeEventListener('abort', stop)
        signals.kill.removeEventListener('abort', kill)
        resolve(how)
      }
      const give = (type: 'stop' | 'kill', wait: number): void => {
        for (const thread of working) thread.order({ type })
        clearTimeout(limit)
        limit = setTimeout(() => {
          this.workplace.log(`${working.size} workers did not end within ${wait} ms; their last second is lost`)
          for (const thread of [...working]) leave(thread)
        }, wait)
      }
      const stop = (): void => give('stop', this.plan.gracefulStop * 1000 + patience.graceful)
      const kill = (): void => give('kill', patience.kill)
      const end = (why: How): void => {
        if (how !== 'done') return
        how = why
        kill()
      }
      const hear = (thread: Thread, worker: number, report: Report | undefined): void => {
        if (report?.type === 'second') {
          watcher.second(ledger.enter(worker, report.part))
          if (ledger.allThrew(report.part.second)) end('all-threw')
        } else if (report?.type === 'health') watcher.thread?.(worker, report.health)
        else if (report?.type === 'thrown') ledger.enterThrown(report.thrown)
        else if (report?.type === 'done') {
          ledger.enterSummary(report.summary)
          leave(thread)
        } else if (report === undefined && working.has(thread)) {
          end('died')
          leave(thread)
        }
      }
      for (const [worker, thread] of threads.entries()) thread.listen((report) => hear(thread, worker, report))
      const at = sharedClock() + startsIn
      watcher.started(Date.now() + startsIn)
      for (const thread of threads) thread.order({ type: 'start', at })
      signals.stop.addEventListener('abort', stop, { once: true })
      signals.kill.addEventListener('abort', kill, { once: true })
      if (signals.kill.aborted) kill()
      else if (signals.stop.aborted) stop()
    })
  }

  /** A teardown that throws does not spoil what was measured. */
  async #tearDown(thread: Thread | undefined, signals: Signals): Promise<void> {
    if (thread === undefined) return
    thread.order({ type: 'teardown' })
    const answer = await Promise.race([thread.next('teardown', 'broken').catch((error: unknown) => String(error)), aborted({ kill: signals.kill })])
    if (answer === undefined || typeof answer === 'string') this.workplace.log(`teardown did not end: ${answer ?? 'stopped'}`)
    else if (answer.type === 'broken') this.workplace.log(`teardown threw at ${placeIn(answer.stack, this.scenario).text}: ${answer.message}`)
    else if (answer.requests > 0) this.workplace.log(`teardown made ${answer.requests} requests, which are in no figure`)
  }

  #ending(how: How, threads: readonly Thread[], ledger: Ledger, signals: Signals): Ending {
    const { caveats } = ledger
    if (how === 'died') {
      const index = threads.findIndex((thread) => thread.death)
      const because = `Worker ${index + 1} of ${threads.length} ended by itself: ${threads[index]?.death?.message}. Workers last until the load ends. Look at engine.log.`
      return { state: 'failed', because, version, exitCode: null, caveats }
    }
    const isStopped = signals.stop.aborted || signals.kill.aborted
    return {
      state: isStopped ? 'stopped' : 'completed',
      because: isStopped ? 'stopped before the shape had run to its end' : '',
      version,
      exitCode: null,
      caveats,
    }
  }

  #broken(step: string, message: string, stack: string): ScenarioError {
    const { text, file, line } = placeIn(stack, this.scenario)
    return new ScenarioError(`${step} threw at ${text}: "${message}". It runs once before the load and must succeed. Correct that line.`, file, line)
  }

  #allThrew(ledger: Ledger): ScenarioError {
    const { message, stack, of } = ledger.firstThrown
    const { text, file, line } = placeIn(stack, this.scenario)
    const all = of === 1 ? 'The only iteration' : `All ${of} iterations`
    return new ScenarioError(
      `${all} threw, first at ${text}: "${message}". A journey must survive its first iteration. Try it with perf run smoke.`,
      file,
      line,
    )
  }
}

/** Settles when either signal has come. */
const aborted = ({ stop, kill }: { readonly stop?: AbortSignal; readonly kill: AbortSignal }): Promise<undefined> =>
  new Promise((resolve) => {
    for (const signal of [stop, kill]) {
      if (signal?.aborted) resolve(undefined)
      signal?.addEventListener('abort', () => resolve(undefined), { once: true })
    }
  })

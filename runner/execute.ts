/** The story of a run in numbered steps: from a plan to a Run on disk. Nothing here judges what was measured. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { durationOf } from '../scenarios/shape.ts'
import { assemble, type RunHeader } from './assemble.ts'
import type { Ending, Engine, Job, Watcher } from './engines/engine.ts'
import type { LoadedFeed, Plan } from './plan.ts'
import { type Greeting, greet } from './preflight.ts'
import type { KeptFile, Probe } from './probes/probe.ts'
import type { Caveat, Run, RunRecord, Sweep, SweepLevel, TimelineSecond } from './run.ts'
import { redactDeep } from './safety/redact.ts'
import { type SecondPart, SecondSum } from './second-sum.ts'
import type { StopRule } from './stop-rule.ts'
import type { Journal } from './stores/files/journal.ts'
import { sweepBegun } from './sweep.ts'
import { Timeline } from './timeline.ts'
import { type Watching, watchingOf } from './watching.ts'

export type Execution = {
  readonly plan: Plan
  readonly engine: Engine
  readonly secrets: Readonly<Record<string, string>>
  readonly feeds: readonly LoadedFeed[]
  readonly stopRules: readonly StopRule[]
  /** Asked after each level of a sweep: why it should end there, as a clause, or undefined to go on. */
  readonly sweepEnds?: (sweep: Pick<Sweep, 'levels' | 'batch'>) => string | undefined
  readonly provenance: RunRecord['provenance']
  readonly scenarioFile: string | null
  /** What watches the target's side while load runs. */
  readonly probes: readonly Probe[]
  /** A line for engine.log; it is redacted on the way. */
  readonly log: (line: string) => void
  /** Told what was measured as it comes. */
  readonly journal: Omit<Journal, 'close'>
  readonly redact: (text: string) => string
  /** A pilot before the load had a say in the number of users; for the announcement. */
  readonly onSized?: Watcher['sized']
  /** The load is over, and what comes late is waited for; for whoever waits. */
  readonly onWaiting?: (sentence: string) => void
  /** Seconds that have settled, in order, as the run goes on; for the live view. */
  readonly onSecond: (second: TimelineSecond, elapsed: number) => void
  /** `stop`: end gracefully · `kill`: at once. Both keep what was measured. */
  readonly signals: { readonly stop: AbortSignal; readonly kill: AbortSignal }
}

/** Seconds until a told second changes no more: k6 sends a second up to three after its end, workers flush within one. */
const settling = { embedded: 2, k6: 4, autocannon: 1, replay: 0 } as const

type Measured = {
  readonly header: RunHeader
  readonly ending: Ending
  readonly timeline: Timeline
  /** Of all seconds, kept up to date as they settled. */
  readonly total: SecondSum
  readonly levels: readonly SweepLevel[]
  readonly startedAt: number
  readonly stoppedBy: string | undefined
  /** While load was made; a Ctrl-C that ends the waiting after it interrupts nothing. */
  readonly wasInterrupted: boolean
  /** What broke the job, after what was measured until then was kept. */
  readonly failure: unknown
}

const measure = async (execution: Execution, preparing: Promise<Job>, planned: RunHeader, { watch, hooks }: Watching): Promise<Measured> => {
  const { plan, engine, stopRules, journal, redact, onSecond, onSized, onWaiting, signals } = execution
  const total = new SecondSum(0)
  const timeline = new Timeline((part) => {
    total.add(part)
    journal.add(part)
  })
  const levels: SweepLevel[] = []
  const stopByRule = new AbortController()
  let startedAt = Date.now()
  let hasStarted = false
  let shown = 0
  let stoppedBy: string | undefined
  let header = planned

  const look = (): void => {
    if (!hasStarted) return
    const elapsed = (Date.now() - startedAt) / 1000
    const settled = engine.name === 'replay' ? timeline.last + 1 : Math.floor(elapsed) - settling[engine.name]
    if (settled <= shown) return // rules look at settled seconds only, so there is nothing new to see
    timeline.settle(settled)
    for (; shown < settled; shown++) onSecond(timeline.at(shown), elapsed)
    if (stoppedBy !== undefined || engine.name === 'replay') return
    for (const rule of stopRules) {
      const trip = rule.check(timeline, { settledUntil: settled })
      if (trip === undefined) continue
      stoppedBy = trip.because
      stopByRule.abort()
      return
    }
  }
  const broken = new AbortController()
  const isInterrupted = (): boolean => signals.stop.aborted || signals.kill.aborted
  const timer = setInterval(look, 500)
  watch.start()
  try {
    const job = await preparing
    await watch.beforeLoad(AbortSignal.any([signals.stop, signals.kill]))
    const watcher: Watcher = {
      sized: (sized, pilot) => {
        const engine = { ...header.engine, users: sized.users, usersBecause: sized.sizing.because }
        header = { ...header, engine, preflightRequests: header.preflightRequests + pilot.requests }
        onSized?.(sized, pilot)
      },
      started: (at: number) => {
        startedAt = at
        hasStarted = true
        journal.begin(redactDeep({ ...header, startedAt: new Date(at).toISOString() }, redact))
        watch.begin(at - Date.now())
      },
      second: (part: SecondPart) => {
        timeline.add(redactDeep(part, redact))
        if (engine.name === 'replay') look() // it is faster than any timer
      },
      level: (level: SweepLevel) => {
        levels.push(level)
        return execution.sweepEnds?.({ levels, batch: plan.sweep?.batch ?? 1 })
      },
      ...hooks,
      caughtUp: journal.caughtUp,
    }
    const ending = await job.run(watcher, { stop: AbortSignal.any([signals.stop, stopByRule.signal]), kill: signals.kill })
    look()
    return { header, ending, timeline, total, levels, startedAt, stoppedBy, wasInterrupted: isInterrupted(), failure: undefined }
  } catch (failure) {
    broken.abort()
    if (timeline.last < 0) throw failure
    const ending: Ending = { state: 'failed', because: (failure as Error).message, version: '', exitCode: null, caveats: [] }
    return { header, ending, timeline, total, levels, startedAt, stoppedBy, wasInterrupted: isInterrupted(), failure }
  } finally {
    clearInterval(timer)
    timeline.settle(timeline.length)
    const hurry = AbortSignal.any([signals.stop, signals.kill, broken.signal])
    if (hasStarted && !hurry.aborted && watch.awaits !== undefined) onWaiting?.(watch.awaits)
    await watch.end(hurry)
  }
}

/** Reasons stand inside longer sentences, so they are kept without a full stop of their own. */
const clause = (sentence: string): string => sentence.trim().replace(/\.$/, '')

const endingOf = ({ ending, stoppedBy, wasInterrupted }: Measured): RunRecord['ending'] => {
  if (wasInterrupted) return { state: 'interrupted', because: 'it was interrupted (Ctrl-C)' }
  if (stoppedBy !== undefined && ending.state !== 'failed') return { state: 'stopped', because: clause(stoppedBy) }
  return { state: ending.state, because: clause(ending.because) }
}

const headerOf = ({ plan, engine, provenance, scenarioFile }: Execution, greeting: Greeting | undefined, caveats: RunRecord['caveats']): RunHeader => ({
  id: plan.id,
  test: plan.test,
  startedAt: new Date().toISOString(),
  plannedSeconds: durationOf(plan.shape),
  target: { url: plan.target.url, addresses: [...plan.target.addresses], server: greeting?.server ?? null },
  engine: {
    name: engine.name,
    version: '',
    because: plan.engine.because,
    exitCode: null,
    users: plan.users,
    ...(plan.sizing && { usersBecause: plan.sizing.because }),
  },
  scenario: { file: scenarioFile, journeys: plan.journeys.map(({ name, weight }) => ({ name, weight })) },
  shape: { ...plan.shape, segments: plan.shape.segments.map((segment) => ({ ...segment })) },
  warmUp: plan.warmUp ?? { seconds: 0, because: '' },
  ...(plan.sweep && { sweep: sweepBegun(plan.sweep) }),
  ...(plan.breakpoint && { breakpoint: plan.breakpoint }),
  preflightRequests: greeting === undefined ? 0 : 1,
  caveats,
  provenance,
})

export type Outcome = {
  readonly run: Run
  /** What probes keep beside the run. */
  readonly files: readonly KeptFile[]
  /** The error that ended the run, to be told after the run is saved and judged. */
  readonly failure: unknown
}

/**
 * @throws {TargetError} when the target does not answer before the load
 * @throws {ScenarioError | EngineError | UsageError} when nothing could be measured
 */
export const execute = async (execution: Execution): Promise<Outcome> => {
  const { plan, engine, secrets, feeds, log } = execution
  const folder = await mkdtemp(join(tmpdir(), `perf-${plan.id}-`))
  // Begun before the target was asked, whose answer may take as long.
  const preparing = engine.prepare(plan, { folder, secrets, feeds, log })
  const settled = preparing.catch(() => undefined) // a target that does not answer is told first
  try {
    return await executeWith(execution, preparing)
  } finally {
    await settled // it may still write there
    await rm(folder, { recursive: true, force: true })
  }
}

const executeWith = async (execution: Execution, preparing: Promise<Job>): Promise<Outcome> => {
  const { plan, engine, redact } = execution

  // 1. ask the target once, so that a dead one is told in a sentence and not in ten thousand failures
  const greeting = engine.name === 'replay' ? undefined : await greet(plan)
  const caveats: Caveat[] = []
  if (greeting !== undefined && greeting.status >= 400)
    caveats.push({ code: 'preflight-status', text: `The target answered ${greeting.status} to a single request before the load.` })

  // 2. make the load, and keep each second as it is told
  const watching = watchingOf(plan, greeting, execution.probes, (entry) => execution.journal.watched(redactDeep(entry, redact)))
  const measured = await measure(execution, preparing, headerOf(execution, greeting, caveats), watching)

  // 3. put together what happened
  const ending = endingOf(measured)
  const seen = watching.watch.seen
  const ended: RunHeader = {
    ...measured.header,
    ...(measured.header.sweep && { sweep: { ...measured.header.sweep, levels: measured.levels, stopped: ending.because } }),
    startedAt: new Date(measured.startedAt).toISOString(),
    engine: { ...measured.header.engine, version: measured.ending.version, exitCode: measured.ending.exitCode },
    preflightRequests: measured.header.preflightRequests + watching.requests(),
    caveats: [...caveats, ...measured.ending.caveats, ...seen.caveats],
    observations: [...(measured.ending.observations ?? []), ...seen.observations],
    watched: [...(measured.ending.watched ?? []), ...seen.watched],
  }
  const { timeline, total } = measured
  const { timeline: _, ...record } = assemble(ended, timeline, ending, [...(measured.ending.probes ?? []), ...seen.series], total.total)

  // 4. nothing leaves here with a secret in it; the seconds were freed of theirs as they came
  return { run: { ...redactDeep(record, redact), timeline }, files: seen.files, failure: measured.failure }
}

/** `perf run`: from flags to a verdict, a report and an exit code. */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { stopRulesFor } from '../../budgets/stop-rules.ts'
import type { TestType } from '../../scenarios/journey.ts'
import { startDemoShop } from '../demo-shop/start.ts'
import { type ExitCode, PerfError } from '../errors/perf-error.ts'
import { SafetyError } from '../errors/safety-error.ts'
import { StoreError } from '../errors/store-error.ts'
import { execute } from '../execute.ts'
import { type Io, usesColour } from '../io.ts'
import type { KeptFile } from '../probes/probe.ts'
import { provenanceOf } from '../provenance.ts'
import type { Run } from '../run.ts'
import type { RunFlags } from '../run-flags.ts'
import { redactDeep, redactor } from '../safety/redact.ts'
import type { Settings } from '../settings.ts'
import { writeWhole } from '../stores/files/file-store.ts'
import { journalIn } from '../stores/files/journal.ts'
import { announcement, question, usersLine } from './announce.ts'
import { type AlsoWatched, prepare } from './prepare.ts'
import type { Prepared } from './prepared.ts'
import { progressOn } from './progress.ts'
import type { Refinement } from './refine.ts'

/** Load that leaves this machine is asked for by a person, or by a flag that a person wrote. */
const askConsent = async ({ planned: { plan, entry } }: Prepared, flags: RunFlags, io: Io): Promise<void> => {
  if (entry === undefined || flags.yes === true) return
  if (!io.isInputTerminal)
    throw new SafetyError(
      `Load on ${plan.target.hostname} was not confirmed, and there is no terminal to ask at. Load that leaves this machine needs a yes. Add --yes.`,
    )
  if (!(await io.confirm(question(plan, entry))))
    throw new SafetyError(`Load on ${plan.target.hostname} was declined. Nothing was sent. Start again when it may go there.`)
}

/** One Ctrl-C ends the load and keeps what was measured; the second one doesn't wait for journeys under way. */
const listenForInterrupts = (io: Io) => {
  const stop = new AbortController()
  const kill = new AbortController()
  const stopListening = io.onInterrupt(() => {
    if (stop.signal.aborted) {
      kill.abort()
      return
    }
    stop.abort()
    io.stderr.write('\nStopping the load; what was measured is kept. Press Ctrl-C again to leave at once.\n')
  })
  return { signals: { stop: stop.signal, kill: kill.signal }, stopListening }
}

const keepFiles = async (folder: string, files: readonly KeptFile[]): Promise<void> => {
  for (const { path, content } of files) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeWhole(file, content)
  }
}

const exitCodeOf = (run: Run, failure: unknown, verdict: ExitCode): ExitCode => {
  if (run.ending.state === 'interrupted') return 130
  if (failure instanceof PerfError) return failure.exitCode
  return run.ending.state === 'failed' && run.engine.name !== 'replay' ? 5 : verdict
}

/** Runs the load and everything after it. */
const carryOut = async (prepared: Prepared, flags: RunFlags, io: Io): Promise<{ readonly code: ExitCode; readonly run: Run }> => {
  const { settings, budgets, store, work, use, planned } = prepared
  const { plan } = planned
  const redact = redactor({ ...settings.secrets, ...settings.concealed })
  const folder = await store.open(plan.id)
  const engineLog = createWriteStream(join(folder, 'engine.log')).on('error', () => {}) // a full disk is told when the run is saved
  const journal = journalIn(folder)
  const progress = await progressOn(
    io,
    plan.shape.segments.reduce((sum, segment) => sum + segment.duration, 0),
    flags.quiet === true || prepared.plays !== undefined,
  )
  const { signals, stopListening } = listenForInterrupts(io)
  let isTimelineKept = false
  const configuration = redactDeep({ plan: { ...plan }, budgets: settings.budgets, out: settings.out }, redact)
  const { run, files, failure } = await execute({
    plan,
    engine: use.engine,
    secrets: settings.secrets,
    probes: prepared.probes,
    feeds: work.feeds,
    stopRules: prepared.plays === undefined ? stopRulesFor(plan) : [],
    ...(plan.sweep && prepared.plays === undefined && { sweepEnds: (await import('../../budgets/capacity/plateau.ts')).sweepEndsBecause }),
    provenance: await provenanceOf({ seed: plan.seed, command: io.argv.map(redact), configuration }, io.cwd),
    scenarioFile: work.file,
    log: (line) => engineLog.write(`${redact(line)}\n`),
    journal,
    redact,
    onSecond: progress.add,
    onSized: (sized) => {
      if (flags.quiet !== true) io.stderr.write(`${usersLine(sized)}\n`)
    },
    onWaiting: (sentence) => {
      if (flags.quiet === true) return
      progress.done()
      io.stderr.write(`${sentence}\n`)
    },
    signals,
  })
    .finally(async () => {
      isTimelineKept = await journal.close()
      progress.done()
      stopListening()
      await new Promise<void>((resolve) => engineLog.end(resolve))
    })
    .catch(async (error: unknown) => {
      await store.abandon(folder)
      throw error
    })

  // Saved before it is judged: a mistake in a budget file must not cost a two-hour soak.
  const saved = await store.save(run, folder, isTimelineKept).catch((error: unknown) => {
    if (error instanceof StoreError) return { folder: undefined, moved: error.message }
    throw error
  })
  if (saved.moved !== undefined) io.stderr.write(`${saved.moved}\n`)
  if (saved.folder !== undefined) {
    await writeWhole(join(saved.folder, 'config.effective.json'), `${JSON.stringify({ ...configuration, resolvedBudgets: budgets }, null, 2)}\n`)
    await keepFiles(saved.folder, files)
  }
  // Loaded only now: from Enter to the first request every module counts.
  const [{ reportOn, writeReports }, { renderers }, { readScalingTriggers }] = await Promise.all([
    import('./write-results.ts'),
    import('../../reports/index.ts'),
    import('../../budgets/read.ts'),
  ])
  const report = reportOn(run, budgets, await readScalingTriggers())
  if (saved.folder !== undefined) await writeReports(report, saved.folder)
  const html = saved.folder === undefined ? undefined : join(saved.folder, 'report.html')
  if (flags.json === true) io.stdout.write(`${renderers.json(report)}\n`)
  else {
    const shown = (path: string): string => {
      const short = relative(io.cwd, path)
      return short.startsWith('..') ? path : short
    }
    const paths = html === undefined || saved.folder === undefined ? {} : { report: shown(html), folder: shown(saved.folder) }
    io.stdout.write(`${renderers.text(report, { colour: usesColour(io), columns: io.columns, paths })}\n`)
  }
  if (failure !== undefined) io.stderr.write(`${redact((failure as Error).message)}\n`)
  return { code: saved.folder === undefined ? 5 : exitCodeOf(run, failure, report.verdict.exitCode), run }
}

/**
 * @param test undefined for `perf run --scenario FILE`, which runs the file's own shape
 * @param also what the command that asks for this run watches, beside the configuration's
 * @throws {PerfError} whatever kept the load from starting
 */
export const run = async (test: TestType | undefined, flags: RunFlags, io: Io, also: AlsoWatched = {}): Promise<ExitCode> => {
  let demo: Awaited<ReturnType<typeof startDemoShop>> | undefined
  try {
    const targetUrl = async ({ target }: Settings) => {
      if (target !== undefined) return { url: target, isDemo: false }
      demo ??= await startDemoShop({})
      return { url: demo.url, isDemo: true }
    }
    const prepared = await prepare({ test, flags, also }, io, targetUrl)
    const { plan } = prepared.planned
    if (flags.dryRun === true) {
      io.stdout.write(
        `${JSON.stringify({ ...plan, peakRate: plan.sweep ? null : Math.max(...plan.shape.segments.map((segment) => segment.from)), budgets: prepared.budgets.map(({ name }) => name) }, null, 2)}\n`,
      )
      return 0
    }
    if (flags.quiet !== true) io.stderr.write(`${announcement(plan, prepared.shapeFrom, prepared.isDemo, prepared.probes)}\n`)
    await askConsent(prepared, flags, io)
    const { code, run } = await carryOut(prepared, flags, io)
    const further = async (refinement: Refinement): Promise<Run> => {
      const next = await prepare({ test, flags, also }, io, targetUrl, refinement)
      return (await carryOut(next, { ...flags, quiet: true }, { ...io, stdout: { write: () => {} } })).run
    }
    if (run.test === 'breakpoint' && (code === 0 || code === 1 || code === 3))
      await (await import('./after-breakpoint.ts')).afterBreakpoint(run, prepared.settings.breakpoint?.refine, further, flags, io)
    return code
  } finally {
    await demo?.stop()
  }
}

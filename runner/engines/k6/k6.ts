/** The k6 engine: writes a job into its folder, runs stock k6 on it, and tells what k6 pushes, second by second. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Method } from '../../../scenarios/journey.ts'
import { durationOf, peakRate } from '../../../scenarios/shape.ts'
import { bundle } from '../../bundle.ts'
import { EngineError } from '../../errors/engine-error.ts'
import { UsageError } from '../../errors/usage-error.ts'
import type { Plan } from '../../plan.ts'
import type { Pilot } from '../../sizing.ts'
import { resize } from '../../sizing.ts'
import type { Ending, Engine, Job, Watcher, Workplace } from '../engine.ts'
import { endpointName, joinUrl } from '../virtual-user/request.ts'
import { Accounts } from './accounts.ts'
import { caveatsOf } from './caveats.ts'
import { openChannel } from './channel.ts'
import { type Compiled, compileAwaits } from './compile/awaits.ts'
import { entryOf } from './entry.ts'
import { environmentFor } from './environment.ts'
import { everyJourneyThrew, failureBeforeLoad } from './failure.ts'
import { LagTracker } from './lag-offset.ts'
import { k6Log } from './log.ts'
import { type Known, nothingKnown } from './metric-names.ts'
import { decodeMetricSet, type MetricSeries } from './metric-set.ts'
import { commonOptions, optionsOf, soleOptions } from './options.ts'
import { endOf } from './outcome.ts'
import { runPilot, writePilot } from './pilot.ts'
import { start } from './start.ts'
import { supervise } from './supervise.ts'
import { Translator } from './translate.ts'

/** The k6 to run, as `findK6` tells it. */
export type K6Binary = { readonly path: string; readonly version: string; readonly extensions?: readonly string[] }

const keepsOptions = ({ source }: Plan): boolean => source.kind === 'script' && source.keepOptions

const hasPilot = ({ sizing }: Plan): boolean => sizing?.most !== undefined

const checkPlan = (plan: Plan, { version, extensions = [] }: K6Binary): void => {
  if (plan.shape.arrivals === 'poisson' && !keepsOptions(plan))
    throw new UsageError(
      'The shape has Poisson arrivals, which k6 cannot schedule. k6 spaces arrivals evenly along the rate. Use --engine embedded, or leave poisson out.',
    )
  if (plan.connections !== undefined)
    throw new UsageError(
      `At most ${plan.connections} connections were asked for, which k6 cannot hold to. Each of its users has connections of its own. Use --engine embedded, or limit k6 with --users.`,
    )
  const missing = plan.source.kind === 'scenario' ? plan.source.k6Modules.filter((name) => name.startsWith('k6/x/') && !extensions.includes(name)) : []
  if (missing.length > 0)
    throw new EngineError(
      `The scenario imports ${missing.join(', ')}, which k6 ${version} was built without. Such modules come from extensions. Name the extension in k6.extensions of the configuration, and run perf k6 install.`,
    )
}

/** What has been bundled for k6. */
type Written = { readonly known: Known; readonly usesBrowser: boolean }

const writeOptions = (plan: Plan, { known: { sole }, usesBrowser }: Written, folder: string): Promise<void> => {
  const options = keepsOptions(plan) ? commonOptions(plan) : { ...optionsOf(plan, usesBrowser), ...(sole && soleOptions) }
  return writeFile(join(folder, 'options.json'), JSON.stringify(options))
}

const mostKnown = 50 // endpoints; each has trends of its own in every virtual user

const knownOf = ({ target: { url: target }, source }: Plan, { requests, isOneRequest, sole }: Compiled): Known => ({
  endpoints: [...new Set(requests.map(({ method, url }) => endpointName(method, joinUrl(target, url), target)))].slice(0, mostKnown),
  isOneRequest,
  // A scenario that calls k6's own requests beside the journey's has the options of k6 for them.
  ...(sole && source.kind === 'scenario' && !source.k6Modules.includes('k6/http') && { sole: { ...sole, method: sole.method as Method } }),
})

const writeJob = async (plan: Plan, { folder, feeds }: Workplace): Promise<Written> => {
  const files = feeds.map((_, index) => join(folder, `feed-${index}.json`))
  await Promise.all(feeds.map(({ rows }, index) => writeFile(files[index] ?? '', JSON.stringify(rows), { mode: 0o600 })))
  const knownFile = join(folder, 'known.json')
  let known = nothingKnown
  const { code, k6Modules } = await bundle({
    entry: entryOf(plan, { feeds: files, known: knownFile }),
    scenario: plan.source.file,
    target: 'k6',
    change: (bundled) => {
      const compiled = compileAwaits(bundled)
      known = knownOf(plan, compiled)
      return compiled.code
    },
  })
  await writeFile(join(folder, 'bundle.js'), code)
  await writeFile(knownFile, JSON.stringify(known))
  const written = { known, usesBrowser: k6Modules.includes('k6/browser') }
  await writeOptions(plan, written, folder)
  return written
}

/** A loop, because as many arguments as a push may have series overflow the stack. */
const newestIn = (series: readonly MetricSeries[]): number => {
  let newest = -Infinity
  for (const { samples } of series) for (const { time } of samples) newest = Math.max(newest, time)
  return newest
}

const firstJourneys = 10 // all of these throwing is a mistake in the scenario, and no reason to go on

const runJob = async (
  plan: Plan,
  written: Written,
  workplace: Workplace,
  binary: K6Binary,
  callers: Readonly<Record<string, string | undefined>>,
  watcher: Watcher,
  signals: Parameters<Job['run']>[1],
): Promise<Ending> => {
  const token = randomBytes(24).toString('hex')
  const bodies: Buffer[] = []
  let load: { readonly startedAt: number; readonly translator: Translator; readonly lags: LagTracker } | undefined
  const accounts = new Accounts(plan.shape, plan.users)
  let undecoded = 0

  const tell = (part: Parameters<Watcher['second']>[0]): void => watcher.second(part)
  const read = (body: Buffer): void => {
    if (load === undefined) {
      bodies.push(body) // of set-up; what belongs to the load comes after its start
      return
    }
    try {
      const series = decodeMetricSet(body)
      load.lags.observe(series)
      for (const part of load.translator.parts(series)) {
        accounts.observe(part)
        tell(part)
      }
      const newest = newestIn(series) - load.startedAt / 1000
      // After a stop k6 goes on telling of its teardown; what the shape had planned for then was never going to come.
      if (!keepsOptions(plan) && !signals.stop.aborted && !signals.kill.aborted) for (const part of accounts.plansBefore(newest)) tell(part)
    } catch (error) {
      undecoded += 1
      workplace.log(`a push of k6 could not be read: ${(error as Error).message}`)
    }
  }

  const begin = (startedAt: number): void => {
    if (load !== undefined) return
    const lags = new LagTracker(plan.shape, startedAt / 1000)
    load = {
      startedAt,
      lags,
      translator: new Translator(startedAt / 1000, lags, {
        target: plan.target.url,
        mode: plan.source.kind === 'scenario' ? 'journeys' : keepsOptions(plan) ? 'own-options' : 'script',
        name: plan.journeys[0]?.name ?? '',
        endpoints: written.known.endpoints,
      }),
    }
    watcher.started(startedAt)
    for (const body of bodies.splice(0)) read(body)
  }

  const channel = await openChannel(token, read)
  const noPilotAnyMore = new AbortController()
  let pilot: Promise<Pilot | undefined> | undefined
  try {
    const from = Date.now()
    const env = environmentFor(plan, workplace.secrets, { port: channel.port, token }, callers)
    const either = AbortSignal.any([signals.stop, signals.kill])
    if (hasPilot(plan)) {
      // k6 makes its users meanwhile: mostly they are enough, and the pilot has cost no time.
      pilot = runPilot(binary.path, plan, workplace, callers, AbortSignal.any([either, noPilotAnyMore.signal])).catch((error: unknown) => {
        workplace.log(`no pilot: ${(error as Error).message}`)
        return undefined
      })
    }
    let sized = plan
    const isWanted = async (): Promise<boolean> => {
      const flown = await pilot
      if (flown === undefined || plan.sizing === undefined) return true
      const { users, sizing } = resize({ users: plan.users, sizing: plan.sizing }, peakRate(plan.shape), flown)
      watcher.sized?.({ users, sizing }, flown)
      sized = { ...plan, users, sizing }
      accounts.users = users
      return users === plan.users
    }
    const conditions = { cwd: workplace.folder, env, newLog: () => k6Log(workplace.log, begin), signal: either }
    let started = await start(binary.path, plan, { ...conditions, isWanted })
    if (started === undefined && !either.aborted) {
      await writeOptions(sized, written, workplace.folder)
      started = await start(binary.path, sized, conditions)
    }
    if (started === undefined)
      return { state: 'stopped', because: 'it was stopped before the load began', version: binary.version, exitCode: null, caveats: [] }
    const { k6, port, log } = started
    if (k6.pid !== undefined) watcher.process?.(k6.pid)
    const isDoomed = (): boolean => accounts.completed >= firstJourneys && accounts.failed === accounts.completed
    const deadline = (): number | undefined =>
      load === undefined || keepsOptions(plan) ? undefined : load.startedAt + 1000 * (durationOf(plan.shape) + 1 + plan.gracefulStop + 60 + 30)
    const { exit, stoppedAt, problem } = await supervise({ k6, port, lastPush: channel.lastPush, deadline, signals, isDoomed })
    await channel.close()
    log.end()

    const wasAsked = signals.stop.aborted || signals.kill.aborted
    const begun = load as typeof load | undefined
    if (begun === undefined) {
      if (wasAsked) return { state: 'stopped', because: 'it was stopped before the load began', version: binary.version, exitCode: exit.code, caveats: [] }
      if (problem !== undefined) throw new EngineError(`${problem}. It should have begun its load. Read engine.log, or use --engine embedded.`)
      throw failureBeforeLoad(plan, log.errors, exit, (Date.now() - from) / 1000)
    }
    const wentThrough = Date.now() >= begun.startedAt + 1000 * durationOf(plan.shape)
    // k6 has 107 and 101 for a teardown that threw or hung, too; the load was whole by then.
    const isComplete = stoppedAt === undefined && (exit.code === 0 || ((exit.code === 107 || exit.code === 101) && wentThrough))
    if (keepsOptions(plan)) for (const part of accounts.usersInUse()) tell(part)
    else {
      // The stop reached k6 some milliseconds after it was asked for, and k6's schedule began `constant` after the second did.
      const offered = isComplete ? Infinity : stoppedAt === undefined ? undefined : (stoppedAt - begun.startedAt - begun.lags.constant) / 1000 - 0.002
      for (const part of accounts.settle(offered === undefined ? undefined : Math.max(0, offered))) tell(part)
    }
    if (accounts.completed > 0 && accounts.failed === accounts.completed) throw everyJourneyThrew(plan, log.thrown, accounts.failed)

    const caveats = caveatsOf({
      plan,
      accounts,
      lags: begun.lags,
      foldedEndpoints: begun.translator.names.folded,
      log,
      undecoded,
      exit,
      keepsOptions: keepsOptions(plan),
      isComplete,
    })
    const ending = (state: Ending['state'], because: string): Ending => ({ state, because, version: binary.version, exitCode: exit.code, caveats })
    if (problem !== undefined) return ending('failed', problem)
    if (stoppedAt !== undefined) return ending('stopped', 'it was stopped')
    if (!isComplete)
      return ending('failed', `k6 ended by itself with ${endOf(exit.code, exit.signal)}${log.errors[0] ? `: ${log.errors[0].msg.split('\n')[0]}` : ''}`)
    if (plan.planned > 0 && accounts.started === 0 && accounts.dropped === 0 && accounts.requests === 0)
      return ending('failed', 'k6 ended normally, but neither an arrival nor a request of it was heard of')
    return ending('completed', '')
  } finally {
    noPilotAnyMore.abort()
    await pilot
    await channel.close()
  }
}

/** @param callers environment of this program, of which k6 gets next to nothing */
export const k6Engine = (binary: K6Binary, callers: Readonly<Record<string, string | undefined>> = process.env): Engine => ({
  name: 'k6',
  prepare: async (plan, workplace) => {
    checkPlan(plan, binary)
    const [written] = await Promise.all([writeJob(plan, workplace), ...(hasPilot(plan) ? [writePilot(plan, workplace)] : [])])
    return { run: (watcher, signals) => runJob(plan, written, workplace, binary, callers, watcher, signals) }
  },
})

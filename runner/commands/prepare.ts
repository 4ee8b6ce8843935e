/** Decides all of it before load may start: settings, budgets, scenario, shape, engine, plan. */
import { freemem } from 'node:os'
import type { Budget } from '../../budgets/budget.ts'
import { reactionTime } from '../../budgets/capacity/elastic.ts'
import { readObjective } from '../../budgets/capacity/objective.ts'
import { readBudgets, readDefaultBudgets } from '../../budgets/read.ts'
import { refuseUnwatched, type WatchedProbe } from '../../budgets/roles.ts'
import type { TestType } from '../../scenarios/journey.ts'
import { readConfig } from '../config.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import type { Plan } from '../plan.ts'
import { makePlan } from '../planning.ts'
import { detectedProbes, makeProbes } from '../probes/index.ts'
import type { Probe } from '../probes/probe.ts'
import { type Run, shapeOf } from '../run.ts'
import type { RunFlags } from '../run-flags.ts'
import { resolveName } from '../safety/allow-list.ts'
import { type ProbeEntry, type Settings, settle } from '../settings.ts'
import { chooseShape } from '../shape-of-run.ts'
import { fileStore } from '../stores/files/file-store.ts'
import type { Store } from '../stores/store.ts'
import { planOfRecorded } from '../sweep.ts'
import { chooseEngine, type EngineInUse, k6Ahead, replayOf } from './choose-engine.ts'
import type { Prepared } from './prepared.ts'
import type { Refinement } from './refine.ts'
import { noWork, workFor } from './what-to-run.ts'

/** The plan of a replay is the recorded run's own, under a new id. */
const planOfReplay = (run: Run, use: EngineInUse, id: string): Plan => ({
  id,
  test: run.test,
  source: noWork.source,
  journeys: run.scenario.journeys,
  target: { url: run.target.url, hostname: new URL(run.target.url).hostname, addresses: run.target.addresses },
  boundary: { hosts: [] },
  shape: shapeOf(run),
  warmUp: run.warmUp, // what was planned then; another one, chosen by what the run looks like, would not be a plan
  planned: run.load.planned,
  engine: use.named,
  seed: run.provenance.seed,
  workers: 1,
  users: run.engine.users,
  gracefulStop: 0,
  env: {},
  secretNames: [],
  headers: {},
  keepCookies: false,
  insecure: false,
  ...(run.sweep && { sweep: planOfRecorded(run.sweep) }),
})

const prepareReplay = async (settings: Settings, budgets: readonly Budget[], store: Store, io: Io): Promise<Prepared> => {
  if (settings.from === undefined) throw new UsageError('The replay engine was asked for without a run. It plays a saved run back. Name one with --from RUN.')
  const plays = await store.load(settings.from)
  const use = await replayOf(plays)
  const plan = planOfReplay(plays, use, `${plays.id}-replay-${Math.floor(io.random() * 1e6)}`)
  return {
    settings,
    budgets,
    store,
    work: { ...noWork, file: plays.scenario.file },
    use,
    planned: { plan, entry: undefined },
    probes: [],
    shapeFrom: 'the recorded run',
    isDemo: false,
    plays,
  }
}

/** What the configuration says is watched. */
export const probesIn = ({ probes }: Pick<Settings, 'probes'>): WatchedProbe[] => probes.map(({ kind, name = kind }) => ({ name, kind }))

/** Those of the configuration, and one for the target itself when it runs on this machine. */
const probesFor = async ({ probes: entries }: Settings, plan: Plan): Promise<Probe[]> => {
  const { target } = plan
  const configured = await makeProbes(entries, { target, plan })
  return [...configured, ...(await detectedProbes(new Set(configured.map(({ name }) => name)), { target }))]
}

/** What a command watches beside the configuration's probes, unless one of these has the name: entries as the configuration would have them, and probes of its own. */
export type AlsoWatched = { readonly entries?: readonly ProbeEntry[]; readonly probes?: readonly Probe[] }

type Wanted = { readonly test: TestType | undefined; readonly flags: RunFlags; readonly also: AlsoWatched }

const withProbes = (settings: Settings, { entries = [] }: AlsoWatched): Settings => {
  const taken = new Set(settings.probes.map(({ kind, name = kind }) => name))
  return { ...settings, probes: [...settings.probes, ...entries.filter(({ kind, name = kind }) => !taken.has(name))] }
}

/** What the run keeps of what was asked of a breakpoint test. */
const breakpointOf = ({ breakpoint }: Settings): Plan['breakpoint'] => {
  if (breakpoint === undefined) return undefined
  const { objective, refine: _, ...rest } = breakpoint
  const asked = { ...rest, ...(objective !== undefined && { objective: readObjective(objective) }) }
  return Object.keys(asked).length === 0 ? undefined : asked
}

/**
 * @param targetUrl starts the demo shop when there is no target; asked last, once nothing else can be wrong
 * @param refinement one more run of a breakpoint test, in place of what flags say of its shape
 * @throws {PerfError} whatever keeps load from starting
 */
export const prepare = async (
  { test, flags, also }: Wanted,
  io: Io,
  targetUrl: (settings: Settings) => Promise<{ url: string; isDemo: boolean }>,
  refinement?: Refinement,
): Promise<Prepared> => {
  const { config } = await readConfig(io.cwd, flags.config)
  const settings = withProbes(settle(test, flags, io.env, config, io.cwd), also)
  const budgets = settings.budgets.length > 0 ? await readBudgets(settings.budgets) : await readDefaultBudgets()
  const store = fileStore(settings.out, io.cwd)
  if (settings.engine === 'replay') return prepareReplay(settings, budgets, store, io)
  refuseUnwatched(budgets, probesIn(settings))
  // Loaded only when it is asked for, as engines are.
  if (settings.sweep !== undefined)
    return (await import('./prepare-sweep.ts')).prepareSweep(settings.sweep, settings, { budgets, store, probesFor }, io, targetUrl)
  const wantsDemo = settings.target === undefined
  const k6 = k6Ahead(settings, io.env)
  const work = await workFor(settings, wantsDemo, io.cwd)
  const breakpoint = refinement?.breakpoint ?? breakpointOf(settings)
  const hold = breakpoint?.elastic && reactionTime(breakpoint.elastic)
  const choice = refinement
    ? { test: 'breakpoint' as const, shape: refinement.shape, from: 'the staircase before it' }
    : chooseShape(test, work.facts, settings, hold)
  const use = await chooseEngine(settings, work.source, settings.poisson || choice.shape.arrivals === 'poisson', io.env, k6)
  const { url, isDemo } = await targetUrl(settings)
  const planned = await makePlan(
    {
      settings,
      targetUrl: url,
      choice,
      source: work.source,
      journeys: work.journeys,
      keepCookies: work.facts.keepCookies,
      hasSetup: work.facts.hasSetup,
      headers: work.facts.headers,
      engine: use.named,
      ...(breakpoint && { breakpoint }),
    },
    { now: io.now(), random: io.random, resolve: resolveName, freeMemory: freemem() },
  )
  return {
    settings,
    budgets,
    store,
    work,
    use,
    planned,
    probes: [...(await probesFor(settings, planned.plan)), ...(also.probes ?? [])],
    shapeFrom: choice.from,
    isDemo,
    plays: undefined,
  }
}

/** Binds a scenario to a target, an engine and everything else that shapes the run. */
import { durationOf, peakRate, plannedArrivals, type Shape } from '../scenarios/shape.ts'
import type { AllowedTarget } from './config.ts'
import type { EngineName, JourneyShare, Plan, Source } from './plan.ts'
import { admit, checkCeiling, type Resolve } from './safety/allow-list.ts'
import type { Settings } from './settings.ts'
import type { ShapeChoice } from './shape-of-run.ts'

/**
 * Virtual users to provide when nobody said: enough to wait out a stall of some seconds at the peak rate.
 * A k6 user is a JavaScript engine of its own (hundreds of kilobytes and milliseconds to start), an embedded one an object.
 */
const defaultUsers = (engine: EngineName, peak: number): number => {
  const wanted = Math.ceil(peak * (engine === 'k6' ? 4 : 30))
  return engine === 'k6' ? Math.min(2000, Math.max(50, wanted)) : Math.min(50_000, Math.max(500, wanted))
}

/** Sortable, and short enough to type: date, time and test, with four letters against collisions. */
const runId = (now: Date, test: string, random: () => number): string => {
  const stamp = now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')
  const tail = Array.from({ length: 4 }, () => 'abcdefghjkmnpqrstuvwxyz23456789'[Math.floor(random() * 31)]).join('')
  return `${stamp}-${test}-${tail}`
}

export type Planned = { readonly plan: Plan; readonly entry: AllowedTarget | undefined }

/**
 * @throws {UsageError | TargetError | SafetyError} when load must not or can't go there
 */
export const makePlan = async (
  given: {
    readonly settings: Settings
    readonly targetUrl: string
    readonly choice: ShapeChoice
    readonly source: Source
    readonly journeys: readonly JourneyShare[]
    readonly keepCookies: boolean
    readonly headers: Readonly<Record<string, string>>
    readonly engine: Plan['engine']
  },
  world: { readonly now: Date; readonly random: () => number; readonly resolve: Resolve },
): Promise<Planned> => {
  const { settings, choice, engine } = given
  const shape: Shape = settings.poisson ? { ...choice.shape, arrivals: 'poisson' } : choice.shape
  const load = { peak: peakRate(shape), duration: durationOf(shape), users: settings.users ?? defaultUsers(engine.name, peakRate(shape)) }
  checkCeiling(load) // before anything is counted: a plan of a billion arrivals would take its time
  const { target, boundary, entry } = await admit(given.targetUrl, settings.allow, load, {
    resolve: world.resolve,
    today: world.now.toISOString().slice(0, 10),
    production: settings.production,
  })
  const seed = settings.seed ?? Math.floor(world.random() * 2 ** 31)
  const plan: Plan = {
    id: runId(world.now, choice.test, world.random),
    test: choice.test,
    source: given.source,
    journeys: given.journeys,
    target,
    boundary,
    shape,
    planned: plannedArrivals(shape, seed),
    engine,
    seed,
    workers: settings.workers,
    users: load.users,
    connections: settings.connections,
    gracefulStop: settings.gracefulStop,
    env: settings.env,
    secretNames: Object.keys(settings.secrets),
    headers: { ...settings.headers, ...given.headers },
    keepCookies: given.keepCookies,
    insecure: settings.insecure,
  }
  return { plan, entry }
}

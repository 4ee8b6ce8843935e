/** Binds a scenario to a target, an engine and everything else that shapes the run. */
import { durationOf, peakRate, plannedArrivals, type Shape } from '../scenarios/shape.ts'
import type { AllowedTarget } from './config.ts'
import { UsageError } from './errors/usage-error.ts'
import type { JourneyShare, Plan, Source } from './plan.ts'
import { admit, checkCeiling, type Resolve } from './safety/allow-list.ts'
import type { Settings } from './settings.ts'
import type { ShapeChoice } from './shape-of-run.ts'
import { sizeUsers } from './sizing.ts'

/** Sortable, and short enough to type: date, time and test, with four letters against collisions. */
const runId = (now: Date, test: string, random: () => number): string => {
  const stamp = now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')
  const tail = Array.from({ length: 4 }, () => 'abcdefghjkmnpqrstuvwxyz23456789'[Math.floor(random() * 31)]).join('')
  return `${stamp}-${test}-${tail}`
}

const checkWarmUp = ({ seconds, because }: Settings['warmUp'], duration: number): void => {
  if (seconds > 0 && seconds >= duration)
    throw new UsageError(
      `A warm-up of ${seconds} s (${because}) leaves nothing of a run of ${duration} s. What comes after the warm-up is judged. Shorten the warm-up, or lengthen the run with --duration.`,
    )
}

/** A pilot runs journeys and nothing else, with think times left out. */
const noPilotOf = ({ source, hasSetup }: { readonly source: Source; readonly hasSetup: boolean }): string | undefined => {
  if (source.kind === 'script') return 'a script sleeps as it likes'
  return hasSetup ? 'its setup runs once' : undefined
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
    readonly hasSetup: boolean
    readonly headers: Readonly<Record<string, string>>
    readonly engine: Plan['engine']
    readonly breakpoint?: Plan['breakpoint']
  },
  world: { readonly now: Date; readonly random: () => number; readonly resolve: Resolve /** Bytes. */; readonly freeMemory: number },
): Promise<Planned> => {
  const { settings, choice, engine } = given
  const shape: Shape = settings.poisson ? { ...choice.shape, arrivals: 'poisson' } : choice.shape
  const asked = { engine: engine.name, peak: peakRate(shape), users: settings.users, freeMemory: world.freeMemory, noPilot: noPilotOf(given) }
  const load = { peak: asked.peak, duration: durationOf(shape), users: settings.users ?? 0 }
  checkCeiling(load) // before anything is counted: a plan of a billion arrivals would take its time
  const { target, boundary, entry } = await admit(given.targetUrl, settings.allow, load, {
    resolve: world.resolve,
    today: world.now.toISOString().slice(0, 10),
    production: settings.production,
  })
  checkWarmUp(settings.warmUp, durationOf(shape))
  const { users, sizing } = sizeUsers({ ...asked, allowed: entry?.maxUsers })
  const seed = settings.seed ?? Math.floor(world.random() * 2 ** 31)
  const plan: Plan = {
    id: runId(world.now, choice.test, world.random),
    test: choice.test,
    source: given.source,
    journeys: given.journeys,
    target,
    boundary,
    shape,
    ...(settings.warmUp.seconds > 0 && { warmUp: settings.warmUp }),
    planned: plannedArrivals(shape, seed),
    engine,
    seed,
    workers: settings.workers,
    users,
    sizing,
    connections: settings.connections,
    gracefulStop: settings.gracefulStop,
    env: settings.env,
    secretNames: Object.keys(settings.secrets),
    headers: { ...settings.headers, ...given.headers },
    keepCookies: given.keepCookies,
    insecure: settings.insecure,
    ...(given.breakpoint && { breakpoint: given.breakpoint }),
  }
  return { plan, entry }
}

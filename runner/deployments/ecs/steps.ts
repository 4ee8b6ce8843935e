/** Which writes lead from the settings that are to those that are wanted, in an order in which the service is at no moment smaller than before and after. */
import { isDeepStrictEqual } from 'node:util'
import type { RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs'
import type { PolicySettings, ScheduleSettings, Settings } from './settings.ts'

export type Bounds = { readonly minimum: number; readonly maximum: number }

export type Step =
  | ({ readonly kind: 'set bounds' } & Bounds)
  | { readonly kind: 'set desired'; readonly count: number }
  | { readonly kind: 'put policy'; readonly name: string; readonly policy: PolicySettings }
  | { readonly kind: 'delete policy'; readonly name: string }
  | { readonly kind: 'put schedule'; readonly name: string; readonly schedule: ScheduleSettings }
  | { readonly kind: 'delete schedule'; readonly name: string }
  /** A new revision of the definition that is in use, of another size. */
  | { readonly kind: 'define size'; readonly revision: RegisterTaskDefinitionCommandInput }
  /** Undefined: the revision that was just defined. */
  | { readonly kind: 'use definition'; readonly definition: string | undefined }
  | { readonly kind: 'await roll-out' }
  | { readonly kind: 'deregister' }
  /** A revision that perf registered, and nothing uses any more. */
  | { readonly kind: 'retire definition'; readonly definition: string }

/** What settings do not hold. */
export type Beside = {
  /** Does not exist yet; the wanted definition counts otherwise. */
  readonly revision?: RegisterTaskDefinitionCommandInput | undefined
  /** Tasks that are wanted; undefined: whatever the policies make of it. */
  readonly desired?: { readonly now: number; readonly wanted: number } | undefined
  readonly retired?: string | undefined
}

type Named<Value> = Readonly<Record<string, Value>>

const changed = <Value>(now: Named<Value>, then: Named<Value>): [string, Value][] =>
  Object.entries(then).filter(([name, value]) => !isDeepStrictEqual(now[name], value))

const gone = <Value>(now: Named<Value>, then: Named<Value>): string[] => Object.keys(now).filter((name) => !(name in then))

/** Bounds between which both lie. */
export const wider = (now: Bounds | null, then: Bounds): Bounds =>
  now === null ? then : { minimum: Math.max(now.minimum, then.minimum), maximum: Math.max(now.maximum, then.maximum) }

const boundsSteps = (from: Bounds | null, to: Bounds): Step[] => (isDeepStrictEqual(from, to) ? [] : [{ kind: 'set bounds', ...to }])

const rollOut = (definition: string | undefined): Step[] => [{ kind: 'use definition', definition }, { kind: 'await roll-out' }]

const resizing = (now: Settings, then: Settings, revision: Beside['revision']): Step[] => {
  if (revision !== undefined) return [{ kind: 'define size', revision }, ...rollOut(undefined)]
  return now.definition === then.definition ? [] : rollOut(then.definition)
}

/**
 * Bounds go up first and down last. Tasks of another revision serve, and their roll-out is over, before anything is taken away: until then
 * the old ones carry the load. A rule that was not there before goes when all others stand; what perf registered, when nothing uses it.
 */
export const stepsBetween = (now: Settings, then: Settings, { revision, desired, retired }: Beside = {}): Step[] => {
  const up = then.bounds === null ? now.bounds : wider(now.bounds, then.bounds)
  const isMore = desired !== undefined && desired.wanted > desired.now
  const isLess = desired !== undefined && desired.wanted < desired.now
  const setDesired: Step[] = desired === undefined ? [] : [{ kind: 'set desired', count: desired.wanted }]
  return [
    ...(up === null ? [] : boundsSteps(now.bounds, up)),
    ...(isMore ? setDesired : []),
    ...changed(now.policies, then.policies).map(([name, policy]): Step => ({ kind: 'put policy', name, policy })),
    ...changed(now.schedules, then.schedules).map(([name, schedule]): Step => ({ kind: 'put schedule', name, schedule })),
    ...resizing(now, then, revision),
    ...gone(now.schedules, then.schedules).map((name): Step => ({ kind: 'delete schedule', name })),
    ...gone(now.policies, then.policies).map((name): Step => ({ kind: 'delete policy', name })),
    ...(then.bounds === null || up === null ? [] : boundsSteps(up, then.bounds)),
    ...(then.bounds === null && now.bounds !== null ? [{ kind: 'deregister' } as const] : []),
    ...(isLess ? setDesired : []),
    ...(retired === undefined ? [] : [{ kind: 'retire definition', definition: retired } as const]),
  ]
}

/** What a step makes of the settings; `used`: the revision that was registered last. */
export const settingsAfter = (settings: Settings, step: Step, used: string): Settings => {
  const without = <Value>(all: Named<Value>, name: string): Named<Value> => Object.fromEntries(Object.entries(all).filter(([each]) => each !== name))
  switch (step.kind) {
    case 'set bounds':
      return { ...settings, bounds: { minimum: step.minimum, maximum: step.maximum } }
    case 'put policy':
      return { ...settings, policies: { ...settings.policies, [step.name]: step.policy } }
    case 'delete policy':
      return { ...settings, policies: without(settings.policies, step.name) }
    case 'put schedule':
      return { ...settings, schedules: { ...settings.schedules, [step.name]: step.schedule } }
    case 'delete schedule':
      return { ...settings, schedules: without(settings.schedules, step.name) }
    case 'use definition':
      return { ...settings, definition: step.definition ?? used }
    case 'deregister':
      return { ...settings, bounds: null, policies: {}, schedules: {} }
    default:
      return settings
  }
}

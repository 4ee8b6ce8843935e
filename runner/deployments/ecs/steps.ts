/** Which writes lead from the settings that are to those that are wanted, in an order in which the service is at no moment smaller than before and after. */
import { isDeepStrictEqual } from 'node:util'
import type { PolicySettings, ScheduleSettings, Settings, TaskSize } from './settings.ts'

type Bounds = { readonly minimum: number; readonly maximum: number }

export type Step =
  | ({ readonly kind: 'set bounds' } & Bounds)
  | { readonly kind: 'put policy'; readonly name: string; readonly policy: PolicySettings }
  | { readonly kind: 'delete policy'; readonly name: string }
  | { readonly kind: 'put schedule'; readonly name: string; readonly schedule: ScheduleSettings }
  | { readonly kind: 'delete schedule'; readonly name: string }
  /** A new revision of the definition that is in use, of another size. */
  | { readonly kind: 'define size'; readonly size: TaskSize }
  /** Undefined: the revision that was just defined. */
  | { readonly kind: 'use definition'; readonly definition: string | undefined }
  | { readonly kind: 'await roll-out' }
  | { readonly kind: 'deregister' }

type Named<Value> = Readonly<Record<string, Value>>

const changed = <Value>(now: Named<Value>, then: Named<Value>): [string, Value][] =>
  Object.entries(then).filter(([name, value]) => !isDeepStrictEqual(now[name], value))

const gone = <Value>(now: Named<Value>, then: Named<Value>): string[] => Object.keys(now).filter((name) => !(name in then))

const wider = (now: Bounds | null, then: Bounds): Bounds =>
  now === null ? then : { minimum: Math.max(now.minimum, then.minimum), maximum: Math.max(now.maximum, then.maximum) }

const boundsSteps = (from: Bounds | null, to: Bounds): Step[] => (isDeepStrictEqual(from, to) ? [] : [{ kind: 'set bounds', ...to }])

/**
 * Bounds go up first and down last. Tasks of another size are in use, and their roll-out over, before bounds go down: until then the
 * old ones carry the load. A rule that was not there before goes last, when all others stand.
 * @param size of a revision that does not exist yet; `then.definition` counts otherwise
 */
export const stepsBetween = (now: Settings, then: Settings, size?: TaskSize): Step[] => {
  const up = then.bounds === null ? now.bounds : wider(now.bounds, then.bounds)
  const raise = up === null ? [] : boundsSteps(now.bounds, up)
  const lower = then.bounds === null || up === null ? [] : boundsSteps(up, then.bounds)
  const resize: Step[] =
    size !== undefined
      ? [
          { kind: 'define size', size },
          { kind: 'use definition', definition: undefined },
        ]
      : now.definition === then.definition
        ? []
        : [{ kind: 'use definition', definition: then.definition }]
  const isLess = lower.length > 0 || then.bounds === null
  return [
    ...raise,
    ...changed(now.policies, then.policies).map(([name, policy]): Step => ({ kind: 'put policy', name, policy })),
    ...changed(now.schedules, then.schedules).map(([name, schedule]): Step => ({ kind: 'put schedule', name, schedule })),
    ...resize,
    ...(resize.length > 0 && isLess ? [{ kind: 'await roll-out' } as const] : []),
    ...gone(now.schedules, then.schedules).map((name): Step => ({ kind: 'delete schedule', name })),
    ...gone(now.policies, then.policies).map((name): Step => ({ kind: 'delete policy', name })),
    ...lower,
    ...(then.bounds === null && now.bounds !== null ? [{ kind: 'deregister' } as const] : []),
  ]
}

/** For a list of what was done and what was not. */
export const stepWords = (step: Step): string => {
  switch (step.kind) {
    case 'set bounds':
      return `bounds ${step.minimum} to ${step.maximum}`
    case 'put policy':
    case 'delete policy':
      return `${step.kind === 'put policy' ? 'policy' : 'removal of policy'} ${step.name}`
    case 'put schedule':
    case 'delete schedule':
      return `${step.kind === 'put schedule' ? 'scheduled action' : 'removal of scheduled action'} ${step.name}`
    case 'define size':
      return `a task definition of ${step.size.cpu} CPU units and ${step.size.memory} MiB`
    case 'use definition':
      return step.definition === undefined ? 'the service with that definition' : `the service with ${step.definition.split('/').at(-1)}`
    case 'await roll-out':
      return 'the roll-out'
    case 'deregister':
      return 'removal of the scalable target'
  }
}

/** Waiting changes nothing. */
export const isWrite = ({ kind }: Step): boolean => kind !== 'await roll-out'

/** What a service has once a change of perf's is undone: what the change made goes back, and what others have changed since stays. */
import { isDeepStrictEqual } from 'node:util'
import type { Rollback } from './rollback-file.ts'
import type { Settings } from './settings.ts'
import { wider } from './steps.ts'

export type Undone = {
  readonly settings: Settings
  /** What others made, and perf did not: it stays, or goes with the target that it hangs on. */
  readonly kept: readonly string[]
  readonly lost: readonly string[]
  /** What perf changed, and others changed again: it goes back all the same. */
  readonly overwritten: readonly string[]
}

type Named<Value> = Readonly<Record<string, Value>>
type Merged<Value> = { readonly values: Named<Value>; readonly kept: string[]; readonly overwritten: string[] }

const merged = <Value>(word: string, now: Named<Value>, before: Named<Value>, after: Named<Value>): Merged<Value> => {
  const values: Record<string, Value> = {}
  const [kept, overwritten]: [string[], string[]] = [[], []]
  for (const name of new Set([...Object.keys(now), ...Object.keys(before), ...Object.keys(after)])) {
    const isOurs = !isDeepStrictEqual(before[name], after[name])
    const value = isOurs ? before[name] : now[name]
    if (value !== undefined) values[name] = value
    if (!isOurs && !isDeepStrictEqual(now[name], before[name])) kept.push(`${word} ${name}`)
    if (isOurs && ![before[name], after[name]].some((known) => isDeepStrictEqual(known, now[name]))) overwritten.push(`${word} ${name}`)
  }
  return { values, kept, overwritten }
}

/** Those that a change went through on its way are its own, too. */
const boundsBetween = ({ before, after }: { readonly before: Settings; readonly after: Settings }): Settings['bounds'][] => [
  before.bounds,
  after.bounds,
  ...(before.bounds === null || after.bounds === null ? [] : [wider(before.bounds, after.bounds)]),
]

/** Files of format 1 do not say what was written: all of it goes back. */
export const undone = (now: Settings, { before, after, registered }: Pick<Rollback, 'before' | 'after' | 'registered'>): Undone => {
  if (after === undefined) return { settings: before, kept: [], lost: [], overwritten: [] }
  const policies = merged('policy', now.policies, before.policies, after.policies)
  const schedules = merged('scheduled action', now.schedules, before.schedules, after.schedules)
  const areBoundsOurs = !isDeepStrictEqual(before.bounds, after.bounds)
  const bounds = areBoundsOurs ? before.bounds : now.bounds
  const isDefinitionOurs = [before.definition, after.definition, registered].includes(now.definition)
  const kept = [
    ...policies.kept,
    ...schedules.kept,
    ...(areBoundsOurs || isDeepStrictEqual(now.bounds, before.bounds) ? [] : ['the bounds']),
    ...(isDefinitionOurs ? [] : ['the task definition']),
  ]
  const isTargetGone = bounds === null && now.bounds !== null
  return {
    settings: {
      bounds,
      policies: isTargetGone ? {} : policies.values,
      schedules: isTargetGone ? {} : schedules.values,
      definition: isDefinitionOurs ? before.definition : now.definition,
    },
    kept: isTargetGone ? kept.filter((thing) => !/^(policy|scheduled action) /.test(thing)) : kept,
    lost: isTargetGone ? [...policies.kept, ...schedules.kept] : [],
    overwritten: [
      ...policies.overwritten,
      ...schedules.overwritten,
      ...(areBoundsOurs && !boundsBetween({ before, after }).some((known) => isDeepStrictEqual(known, now.bounds)) ? ['the bounds'] : []),
    ],
  }
}

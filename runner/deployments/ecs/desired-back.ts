/** The number of tasks once a change is undone: put back where nothing else would bring it back, and only what the change itself made of it. */
import type { Place } from './place.ts'
import type { Rollback } from './rollback-file.ts'
import type { Settings } from './settings.ts'
import type { Bounds } from './steps.ts'

export type DesiredBack = {
  /** Undefined: it is not set. */
  readonly set: { readonly now: number; readonly wanted: number } | undefined
  readonly notes: readonly string[]
}

const within = (count: number, bounds: Bounds | null): number => (bounds === null ? count : Math.min(bounds.maximum, Math.max(bounds.minimum, count)))

/** @param now tasks that are wanted @param wanted settings after it */
export const desiredBack = (
  now: number,
  wanted: Settings,
  { desired, after }: Pick<Rollback, 'desired' | 'after'>,
  place: Pick<Place, 'cluster' | 'service' | 'region'>,
): DesiredBack => {
  const then = within(desired, wanted.bounds)
  if (then === now) return { set: undefined, notes: [] }
  const were = `${now} tasks are wanted now and ${desired} were then.`
  if (wanted.bounds !== null && Object.keys(wanted.policies).length > 0)
    return { set: undefined, notes: [`${were} That number follows the policies, and is not put back.`] }
  // More tasks are never too few; fewer only where the minimum that was applied started the others.
  const isOurs = now < then || (after !== undefined && now === within(desired, after.bounds))
  if (isOurs) return { set: { now, wanted: then }, notes: [] }
  const { cluster, service, region } = place
  return {
    set: undefined,
    notes: [
      `${were} More than the minimum were started, by a policy or somebody, so they are left running, and nothing takes them away. When the load allows: aws ecs update-service --cluster ${cluster} --service ${service} --desired-count ${then} --region ${region}`,
    ],
  }
}

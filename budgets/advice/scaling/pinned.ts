/** A number of instances that nothing changes: a test's one instance, or a service that nothing scales. */
import type { ScalingPolicy } from './policy.ts'

export const pinned = (instances: number): ScalingPolicy => ({
  name: 'pinned',
  period: 60,
  publication: 0,
  bounds: { minimum: instances, maximum: instances },
  scalesIn: false,
  start: () => () => undefined,
})

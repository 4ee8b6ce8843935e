/** The behavior that is set, as it is played: what is left to the controller is as Kubernetes documents it, because its flags can't be read. */
import type { DeployedPace, DeployedPods } from '../../../runner/deployments/deployment.ts'
import { type PodBehavior, type PodPace, plainBehavior, usualBehavior } from '../scaling/pod-behavior.ts'

const paceFrom = ({ window, limits, select, tolerance }: DeployedPace, usual: PodPace): PodPace => ({
  window: window ?? usual.window,
  limits,
  select,
  tolerance: tolerance ?? usual.tolerance,
})

/** @param pace undefined: none is set */
export const behaviorFrom = (pace: DeployedPods['pace']): PodBehavior =>
  pace === undefined ? plainBehavior : { out: paceFrom(pace.out, usualBehavior.out), in: paceFrom(pace.in, usualBehavior.in) }

/** Did a service get the cores that its size has? On a machine that others use as well a quota is a promise that nobody keeps. */
import type { Run } from '../../../runner/run.ts'
import { mean } from '../../../runner/stats/few.ts'
import { figure } from '../../figure.ts'

/** Of its quota: who used that much was held back by it and by nobody else. */
const usedUp = 0.9
/** Of the time that it ran: on a machine of its own it waits 3 % of that, and in a run that missed its objective only because others came it was 44 %. */
const ordinary = 0.2

const meanOf = ({ probes }: Pick<Run, 'probes'>, name: string): number | undefined => {
  const values = probes.find((series) => series.name === name)?.values.filter((value) => value !== null) ?? []
  return values.length === 0 ? undefined : mean(values)
}

/**
 * Why the run does not tell what the size can do; undefined where it does, or where nobody watched.
 * @param run watched by a cgroup probe named `service` and a process probe named `target`
 * @example starvation(run, 0.5) // 'The service waited for cores of this machine that others had, …'
 */
export const starvation = (run: Pick<Run, 'probes'>, vcpu: number): string | undefined => {
  const [used, held, waited] = ['service.cpu', 'service.throttled_time', 'target.waiting_for_cpu'].map((name) => meanOf(run, name))
  if (used === undefined || waited === undefined) return undefined
  // What its own quota made it wait is in what it waited altogether.
  const forOthers = waited - (held ?? 0)
  if (used >= usedUp * vcpu || forOthers <= Math.max(ordinary * used, held ?? 0)) return undefined
  return `The service waited for cores that others on this machine had (${figure(forOthers, '')} s of each second, in which it ran for ${figure(used, '')} s), and did not get the ${figure(vcpu, '')} vCPU of its size. End what else runs here, and try again.`
}

/** A container is stopped again and again because its quota of CPU time is used up, whatever the machine has left. */
import { median } from '../../runner/stats/few.ts'
import { reading } from '../attribution/words.ts'
import { percent } from '../figure.ts'
import { again, causeAmong, type Diagnosis } from './illness.ts'

const noticeable = 0.1 // share of the quota's periods

export const cpuThrottling: Diagnosis = (seen) => {
  const found = causeAmong(seen, 'cpu', 'throttled', 'throttled_time')
  if (found === undefined || seen.attribution.state !== 'named') return undefined
  const { cause, resource } = found
  const { at } = seen.attribution.breach
  const of = (service: string, what: string) => seen.resources.find((each) => each.service === service && each.what === what)
  const throttled =
    of(resource.service, 'throttled')
      ?.readings.filter((each) => each.at >= at)
      .map(({ value }) => value) ?? []
  if (throttled.length === 0 || median(throttled) < noticeable) return undefined
  const quota = of(resource.service, 'cpu')?.limit ?? null
  const host = of('host', 'cpu')
  const idle = host?.limit == null ? undefined : 1 - median(host.readings.filter((each) => each.at >= at).map(({ value }) => value)) / host.limit
  const machine = of('target', 'cpu')?.limit ?? null
  return {
    illness: 'cpu-throttling',
    name: 'CPU throttled by its quota',
    evidence: [
      cause.because,
      `In ${percent(median(throttled), 2)} of the quota's periods "${resource.service}" was stopped although it had work.`,
      idle !== undefined
        ? `Meanwhile ${percent(idle, 2)} of the machine's CPU was idle.`
        : quota !== null && machine !== null
          ? `Its quota is ${reading(quota, 'cores')}; the machine has ${reading(machine, 'cores')}. How much of that was idle is unknown: a host probe tells it.`
          : 'How much of the machine was idle is unknown: a host probe tells it.',
    ],
    remedy: [
      quota === null
        ? 'Raise the CPU limit of the container.'
        : `Raise the CPU limit of the container above ${reading(quota, 'cores')}: resources.limits.cpu in Kubernetes, cpu in an ECS task, --cpus of docker run.`,
      'In Kubernetes a CPU request without a limit keeps the share and is never throttled.',
    ],
    confirm: again(seen, `${resource.service}.throttled stays below ${percent(noticeable)}`),
  }
}

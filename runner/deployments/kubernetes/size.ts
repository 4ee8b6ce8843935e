/** What one pod asks for and may use: the sums of its containers, sidecars with them. */
import type { V1Container, V1PodSpec } from '@kubernetes/client-node'
import type { Deployment } from '../deployment.ts'
import { quantityOf } from './quantity.ts'

type Resource = 'cpu' | 'memory'

/** Bytes of what sizes call a gigabyte: 512Mi are 0.5. */
const gigabyte = 2 ** 30

/** Those that run as long as the pod does; an init container that ends gives back what it had. */
const lasting = ({ containers, initContainers = [] }: V1PodSpec): readonly V1Container[] => [
  ...containers,
  ...initContainers.filter(({ restartPolicy }) => restartPolicy === 'Always'),
]

/** A request that is left out is the limit, as the API server sets it when a pod is made. */
const requestOf = ({ resources }: V1Container, resource: Resource): number | undefined =>
  quantityOf(resources?.requests?.[resource]) ?? quantityOf(resources?.limits?.[resource])

/** In thousandths, the finest that Kubernetes takes: 0.25 + 0.05 + 0.1 is a little less than 0.4 otherwise. */
const whole = (value: number): number => Math.round(value * 1000) / 1000

type Sum = { readonly value: number | undefined; readonly without: readonly string[] }

const sum = (spec: V1PodSpec, resource: Resource, of: (container: V1Container, resource: Resource) => number | undefined, ofPod: number | undefined): Sum => {
  if (ofPod !== undefined) return { value: ofPod, without: [] }
  const parts = lasting(spec).map((container) => ({ name: container.name, value: of(container, resource) }))
  const without = parts.filter(({ value }) => value === undefined).map(({ name }) => name)
  return { value: without.length > 0 ? undefined : whole(parts.reduce((total, { value = 0 }) => total + value, 0)), without }
}

export type PodSize = Pick<Deployment, 'requests'> & {
  readonly size: { readonly vcpu: number; readonly gigabytes: number } | undefined
  readonly limits: { readonly vcpu?: number; readonly gigabytes?: number } | undefined
  readonly caveats: readonly string[]
}

/** The request for the whole pod, where there is one, counts before those of its containers. */
export const sizeOf = (spec: V1PodSpec): PodSize => {
  const requested = (resource: Resource): Sum => sum(spec, resource, requestOf, quantityOf(spec.resources?.requests?.[resource]))
  const limited = (resource: Resource): number | undefined =>
    sum(spec, resource, ({ resources }) => quantityOf(resources?.limits?.[resource]), quantityOf(spec.resources?.limits?.[resource])).value
  const [cpu, memory] = [requested('cpu'), requested('memory')]
  const [cpuLimit, memoryLimit] = [limited('cpu'), limited('memory')]
  const caveats = (['cpu', 'memory'] as const).flatMap((resource) => {
    const { without } = resource === 'cpu' ? cpu : memory
    return without.length === 0
      ? []
      : [
          `The size is unknown, because ${without.length === 1 ? `container ${without[0]} requests` : `containers ${without.join(', ')} request`} no ${resource}. A pod's size is the sum of its containers' requests, and an autoscaler's use is a share of it. Set resources.requests.${resource}.`,
        ]
  })
  const containers = lasting(spec).map((container) => {
    const vcpu = requestOf(container, 'cpu')
    return { name: container.name, ...(vcpu !== undefined && { vcpu }) }
  })
  return {
    requests: { ...(cpu.value !== undefined && { vcpu: cpu.value }), containers },
    size: cpu.value === undefined || memory.value === undefined ? undefined : { vcpu: cpu.value, gigabytes: memory.value / gigabyte },
    limits:
      cpuLimit === undefined && memoryLimit === undefined
        ? undefined
        : { ...(cpuLimit !== undefined && { vcpu: cpuLimit }), ...(memoryLimit !== undefined && { gigabytes: memoryLimit / gigabyte }) },
    caveats,
  }
}

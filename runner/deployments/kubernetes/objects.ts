/** The objects of one namespace that tell how a Deployment runs. */
import type { ConfigurationOptions, CoreV1Event, V1Deployment, V1LabelSelector, V1Pod, V2HorizontalPodAutoscaler } from '@kubernetes/client-node'
import { z } from 'zod'
import { type Asked, KubernetesError } from './asking.ts'
import type { Cluster } from './cluster.ts'
import { listAll, type Page, pageSize, patiently } from './pages.ts'
import { keda, type ScaledObject, scaledObjectSchema } from './scaled-object.ts'

/** Each throws a KubernetesError when it may not be read. */
export type Objects = {
  readonly deployment: (name: string) => Promise<V1Deployment>
  readonly scalers: () => Promise<V2HorizontalPodAutoscaler[]>
  readonly pods: (selector: V1LabelSelector | undefined) => Promise<V1Pod[]>
  readonly events: (autoscaler: string) => Promise<CoreV1Event[]>
  /** None where the cluster has no KEDA. */
  readonly scaledObjects: () => Promise<ScaledObject[]>
}

/** @example labelsOf({ matchLabels: { app: 'web' } }) // 'app=web' */
export const labelsOf = ({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector): string =>
  [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values = [] }) => {
      if (operator === 'Exists') return key
      if (operator === 'DoesNotExist') return `!${key}`
      return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`
    }),
  ].join(',')

type Query = { readonly namespace: string; readonly limit: number; readonly _continue?: string }

export const objectsOf = ({ library, config, asking }: Cluster, namespace: string, signal: AbortSignal): Objects => {
  const apps = config.makeApiClient(library.AppsV1Api)
  const core = config.makeApiClient(library.CoreV1Api)
  const autoscaling = config.makeApiClient(library.AutoscalingV2Api)
  const custom = config.makeApiClient(library.CustomObjectsApi)
  const list = <Item>(group: string, resource: string, ask: (query: Query, options: ConfigurationOptions) => Promise<Page<Item>>): Promise<Item[]> =>
    listAll((token) => {
      const query = { namespace, limit: pageSize, ...(token !== undefined && { _continue: token }) }
      return asking({ verb: 'list', group, resource, namespace }, (options) => ask(query, options), signal)
    }, signal)
  const scaledObjects = (): Promise<unknown[]> =>
    list<unknown>(keda.group, keda.plural, (query, options) => custom.listNamespacedCustomObject({ ...keda, ...query }, options))
  return {
    deployment: (name) => {
      const asked: Asked = { verb: 'get', group: 'apps', resource: 'deployments', namespace, name }
      return patiently(() => asking(asked, (options) => apps.readNamespacedDeployment({ namespace, name }, options), signal), signal)
    },
    scalers: () => list('autoscaling', 'horizontalpodautoscalers', (query, options) => autoscaling.listNamespacedHorizontalPodAutoscaler(query, options)),
    pods: (selector = {}) => list('', 'pods', (query, options) => core.listNamespacedPod({ ...query, labelSelector: labelsOf(selector) }, options)),
    events: (autoscaler) => {
      const fieldSelector = `involvedObject.kind=HorizontalPodAutoscaler,involvedObject.name=${autoscaler}`
      return list('', 'events', (query, options) => core.listNamespacedEvent({ ...query, fieldSelector }, options))
    },
    scaledObjects: async () => {
      try {
        return z.array(scaledObjectSchema).parse(await scaledObjects())
      } catch (error) {
        if (error instanceof KubernetesError && error.kind === 'absent') return []
        throw error
      }
    },
  }
}

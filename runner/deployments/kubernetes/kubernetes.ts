/** A Kubernetes Deployment as it is deployed; nothing is changed. What is read, by which right, and what it means: kubernetes.md. */
import type { CoreV1Event, V1Deployment, V1Pod, V2HorizontalPodAutoscaler } from '@kubernetes/client-node'
import type { Deployment, DeploymentName } from '../deployment.ts'
import type { DeploymentSource } from '../source.ts'
import { activitiesOf } from './activities.ts'
import { KubernetesError, roleFor } from './asking.ts'
import { type Autoscaling, autoscalingOf, scalesDeployment } from './autoscaler.ts'
import { type Cluster, openCluster } from './cluster.ts'
import { hpaNameOf, isOf, kedaScaling } from './keda.ts'
import { type Objects, objectsOf } from './objects.ts'
import type { ScaledObject } from './scaled-object.ts'
import { sizeOf } from './size.ts'
import { startUpsOf } from './start-ups.ts'

type Wanted = { readonly namespace: string; readonly deployment: string; readonly context?: string | undefined }

/** s; what Kubernetes takes where a Deployment says nothing. */
const progressDeadline = 600

const architectures: Readonly<Record<string, 'x86' | 'arm'>> = { amd64: 'x86', arm64: 'arm' }

/** Pods that its ReplicaSets made: another Deployment's may have the same labels. */
const isPodOf =
  (deployment: string) =>
  ({ metadata }: V1Pod): boolean =>
    (metadata?.ownerReferences ?? []).some(({ kind, name }) => kind === 'ReplicaSet' && name === `${deployment}-${metadata?.labels?.['pod-template-hash']}`)

const newest = (pods: readonly V1Pod[]): V1Pod | undefined =>
  pods.toSorted((a, b) => (b.metadata?.creationTimestamp?.getTime() ?? 0) - (a.metadata?.creationTimestamp?.getTime() ?? 0))[0]

type Optional<Value> = { readonly value: Value; readonly caveats: readonly string[] }

/** What can be done without: refused, it is unknown and said, and the rest is read all the same. */
const unlessForbidden = async <Value>(work: Promise<Value>, without: Value, unknown: string): Promise<Optional<Value>> => {
  try {
    return { value: await work, caveats: [] }
  } catch (error) {
    if (!(error instanceof KubernetesError) || error.kind !== 'forbidden') throw error
    return { value: without, caveats: [`${unknown} ${error.sentence}`] }
  }
}

const scalingOf = (scaled: ScaledObject | undefined, scalers: readonly V2HorizontalPodAutoscaler[]): Autoscaling & Pick<Deployment, 'schedules'> => {
  if (scaled === undefined) return { ...autoscalingOf(scalers), schedules: [] }
  const made = scalers.filter(({ metadata }) => metadata?.name === hpaNameOf(scaled))
  const scaling = kedaScaling(scaled, made[0])
  return { ...scaling, caveats: [...scaling.caveats, ...autoscalingOf(made).caveats] }
}

const sizeAsItRuns = (deployment: V1Deployment, pods: readonly V1Pod[]) => {
  // What admission has added (a LimitRange, a vertical autoscaler) stands only in the pods.
  const spec = newest(pods)?.spec ?? deployment.spec?.template.spec
  return spec === undefined ? { size: undefined, limits: undefined, requests: undefined, caveats: [] } : sizeOf(spec)
}

/** What a file is written for that is to replace the autoscaler, and to change the container. */
const partsOf = (
  { spec }: V1Deployment,
  scaled: ScaledObject | undefined,
  scalers: readonly V2HorizontalPodAutoscaler[],
): Pick<DeploymentName & { readonly kind: 'kubernetes' }, 'autoscaler' | 'container'> => {
  const [container, ...others] = spec?.template.spec?.containers ?? []
  const scaler = scalers.length === 1 ? scalers[0]?.metadata?.name : undefined
  const autoscaler =
    scaled === undefined
      ? scaler === undefined
        ? undefined
        : ({ kind: 'HorizontalPodAutoscaler', name: scaler } as const)
      : ({ kind: 'ScaledObject', name: scaled.metadata.name } as const)
  return { ...(autoscaler && { autoscaler }), ...(container !== undefined && others.length === 0 && { container: container.name }) }
}

const eventsOf = (objects: Objects, scalers: readonly V2HorizontalPodAutoscaler[]): Promise<CoreV1Event[]> =>
  Promise.all(scalers.map(({ metadata }) => objects.events(metadata?.name ?? ''))).then((lists) => lists.flat())

const read = async (cluster: Cluster, { namespace, deployment: name }: Wanted, signal: AbortSignal): Promise<Deployment> => {
  const objects = objectsOf(cluster, namespace, signal)
  const deployment = await objects.deployment(name)
  const scalers = (await objects.scalers()).filter(({ spec }) => scalesDeployment(spec?.scaleTargetRef, name))
  const scaled = await unlessForbidden(objects.scaledObjects(), [], 'Whether KEDA scales it is unknown.')
  const pods = await unlessForbidden(objects.pods(deployment.spec?.selector), [], 'Start-up times are unknown.')
  const events = await unlessForbidden(eventsOf(objects, scalers), [], 'When it was scaled is unknown.')
  const own = pods.value.filter(isPodOf(name))
  const scaledObject = scaled.value.find(isOf(name))
  const scaling = scalingOf(scaledObject, scalers)
  const { size, limits, requests, caveats } = sizeAsItRuns(deployment, own)
  const startUps = startUpsOf(own, deployment.spec?.progressDeadlineSeconds ?? progressDeadline)
  const architecture = architectures[deployment.spec?.template.spec?.nodeSelector?.['kubernetes.io/arch'] ?? '']
  const refused = [...scaled.caveats, ...pods.caveats, ...events.caveats]
  return {
    name: { kind: 'kubernetes', context: cluster.context, namespace, deployment: name, ...partsOf(deployment, scaledObject, scalers) },
    readAt: new Date().toISOString(),
    ...(architecture && { architecture }),
    ...(size && { size }),
    ...(limits && { limits }),
    ...(requests && { requests }),
    instances: {
      desired: deployment.spec?.replicas ?? 1,
      running: deployment.status?.readyReplicas ?? 0,
      ...(scaling.minimum !== undefined && { minimum: scaling.minimum }),
      ...(scaling.maximum !== undefined && { maximum: scaling.maximum }),
    },
    policies: scaling.policies,
    schedules: scaling.schedules,
    startUps: startUps.seconds,
    activities: activitiesOf(events.value),
    series: [],
    caveats: [...caveats, ...scaling.caveats, ...startUps.caveats, ...refused, ...(refused.length > 0 ? [roleFor(namespace)] : [])],
  }
}

/** @throws {UsageError} when no kubeconfig leads to such a cluster */
export const kubernetesSource = async (wanted: Wanted): Promise<DeploymentSource> => {
  const cluster = await openCluster(wanted.context)
  return {
    announcement: `Kubernetes context ${cluster.context} at ${cluster.server}, namespace ${wanted.namespace}, deployment ${wanted.deployment}; it is read, and not changed.`,
    read: (_, signal) => read(cluster, wanted, signal),
  }
}

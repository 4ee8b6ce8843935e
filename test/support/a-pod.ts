/** Pods and events as a cluster tells of them: what the tests of start-up times and activities are about. */
import type { Thing } from './kubernetes-endpoint.ts'

type PodFacts = {
  readonly name: string
  /** @default web */
  readonly deployment?: string
  readonly created?: string
  /** Undefined: not ready yet. */
  readonly ready?: string | undefined
  readonly restarts?: number
}

const hash = '7d4b9c'

export const aPod = ({ name, deployment = 'web', created = '2026-11-21T10:00:00Z', ready, restarts = 0 }: PodFacts, template: Thing): Thing => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name,
    namespace: 'shop',
    creationTimestamp: created,
    labels: { app: 'web', 'pod-template-hash': hash },
    ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${deployment}-${hash}`, uid: 'r-1', controller: true, blockOwnerDeletion: true }],
  },
  spec: template.spec,
  status: {
    phase: 'Running',
    conditions: [
      { type: 'Ready', status: ready === undefined ? 'False' : 'True', lastProbeTime: null, lastTransitionTime: ready ?? created },
      { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: created },
    ],
    containerStatuses: [
      {
        name: 'web',
        image: 'example/web:1',
        imageID: 'sha256:1',
        ready: ready !== undefined,
        restartCount: restarts,
        state: { running: { startedAt: created } },
      },
    ],
  },
})

export const aRescale = (name: string, size: number, first: string, last = first): Thing => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name, namespace: 'shop', creationTimestamp: first },
  involvedObject: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'web-scaler', namespace: 'shop' },
  reason: 'SuccessfulRescale',
  message: `New size: ${size}; reason: cpu resource utilization (percentage of request) above target`,
  type: 'Normal',
  count: first === last ? 1 : 2,
  firstTimestamp: first,
  lastTimestamp: last,
  eventTime: null,
  source: { component: 'horizontal-pod-autoscaler' },
  reportingComponent: 'horizontal-pod-autoscaler',
  reportingInstance: '',
})

export const aScaledObject: Thing = {
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    scaleTargetRef: { name: 'web' },
    minReplicaCount: 1,
    maxReplicaCount: 20,
    triggers: [
      { type: 'prometheus', metadata: { serverAddress: 'http://prometheus:9090', query: 'sum(rate(http_requests_total[1m]))', threshold: '40' } },
      { type: 'cron', metadata: { timezone: 'Europe/Berlin', start: '0 18 * * 5', end: '0 23 * * 5', desiredReplicas: '12' } },
    ],
  },
  status: { hpaName: 'web-scaler' },
}

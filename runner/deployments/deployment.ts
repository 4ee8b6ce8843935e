/** A service as it is deployed: its size, its number, what scales it and how long a new instance takes. Read from AWS or Kubernetes, never changed by reading. */
import type { DeployedAlarm } from './alarm.ts'

/** Where a service is deployed, enough to find it again. */
export type DeploymentName =
  | {
      readonly kind: 'ecs'
      readonly cluster: string
      readonly service: string
      readonly region: string
      readonly account: string
    }
  | {
      readonly kind: 'kubernetes'
      readonly context: string
      readonly namespace: string
      readonly deployment: string
      /** The one that scales it there; absent where there is none, or several. */
      readonly autoscaler?: { readonly kind: 'HorizontalPodAutoscaler' | 'ScaledObject'; readonly name: string }
      /** Of its pods, where they have one only. */
      readonly container?: string
    }

/** What a step policy does by how far its alarm's metric is beyond the threshold. */
export type DeployedSteps = {
  /** `instances`: so many more or fewer · `percent`: of those that there are · `exactly`: so many in all */
  readonly by: 'instances' | 'percent' | 'exactly'
  /** Distances from the threshold in the metric's unit; absent: without end. */
  readonly steps: readonly { readonly from?: number; readonly until?: number; readonly change: number }[]
  /** At least so many instances, where it goes by percent. */
  readonly least?: number
  /** Of the points within the alarm's period. */
  readonly aggregation: 'Average' | 'Minimum' | 'Maximum'
}

/** How quickly an autoscaler of Kubernetes may go one way. */
export type DeployedPace = {
  /** s of wishes of which the most cautious counts; absent: as its controller was told. */
  readonly window?: number
  /** Most that may change within `period` s. */
  readonly limits: readonly { readonly by: 'pods' | 'percent'; readonly value: number; readonly period: number }[]
  /** The limit that counts; `none`: it never goes this way. */
  readonly select: 'most' | 'least' | 'none'
  /** Share of the target that a metric may be off before anything happens, 0–1; absent: as its controller was told. */
  readonly tolerance?: number
}

/** What of a rule only Kubernetes has. */
export type DeployedPods = {
  /** What the target is a figure of. `percent`: of what a pod requests · `cores`, `bytes`, `each`: of a pod, on average · `all`: of all pods together */
  readonly unit: 'percent' | 'cores' | 'bytes' | 'each' | 'all'
  /** Whose use it is, where it is not the whole pod's. */
  readonly container?: string
  /** What else than the pods it is measured at. @example 'Ingress main' */
  readonly at?: string
  /** Absent: nothing is set, and its controller does as it always did. */
  readonly pace?: { readonly out: DeployedPace; readonly in: DeployedPace }
  /** Why it scales nothing now: the end of a sentence. */
  readonly stopped?: string
  /** Of KEDA, s: between two looks at whether there is work at all, and without any until there are no pods. */
  readonly polling?: number
  readonly cooldown?: number
}

/** An autoscaler's rule as it stands there. */
export type DeployedPolicy = {
  readonly name: string
  readonly type: 'target-tracking' | 'step' | 'horizontal-pod-autoscaler' | 'keda' | 'other'
  /** As its own system names it: ECSServiceAverageCPUUtilization, cpu. */
  readonly metric: string
  /** In that metric's own unit; undefined for steps. */
  readonly target?: number
  /** s */
  readonly scaleOutCooldown?: number
  /** s */
  readonly scaleInCooldown?: number
  /** Absent: it does. */
  readonly scalesIn?: boolean
  readonly steps?: DeployedSteps
  /** What asks it to act; absent: not read, or its platform has none. */
  readonly alarms?: readonly DeployedAlarm[]
  /** Names of those that it is told to have and that are not there. */
  readonly goneAlarms?: readonly string[]
  readonly pods?: DeployedPods
}

export type DeployedSchedule = { readonly name: string; readonly expression: string; readonly minimum?: number; readonly maximum?: number }

/** One time that the autoscaler changed the number. */
export type ScalingActivity = { readonly at: string; readonly until?: string; readonly to?: number; readonly cause: string }

/** What its own platform measured during a run; gaps are absent, never 0. */
export type DeployedSeries = {
  readonly name: string
  readonly unit: string
  readonly points: readonly { readonly at: string; readonly value: number }[]
}

export type Deployment = {
  readonly name: DeploymentName
  /** ISO date and time. */
  readonly readAt: string
  readonly architecture?: 'x86' | 'arm'
  /** Of one instance: the task's size on ECS, the sum of its containers' requests on Kubernetes. */
  readonly size?: { readonly vcpu: number; readonly gigabytes: number }
  /** Most it may use, where that is another figure (Kubernetes limits). */
  readonly limits?: { readonly vcpu?: number; readonly gigabytes?: number }
  /** CPU that a pod requests, and each container that lasts as long as it does, in cores. Absent of a container: it requests none; of the pod: one of them does. */
  readonly requests?: { readonly vcpu?: number; readonly containers: readonly { readonly name: string; readonly vcpu?: number }[] }
  readonly instances: { readonly desired: number; readonly running: number; readonly minimum?: number; readonly maximum?: number }
  readonly policies: readonly DeployedPolicy[]
  /** What its autoscaler is kept from; absent: nothing. */
  readonly suspended?: { readonly out: boolean; readonly in: boolean }
  /** Alarms on its metrics that ask no policy: somebody is told. Absent: not read. */
  readonly watching?: readonly DeployedAlarm[]
  readonly schedules: readonly DeployedSchedule[]
  /** Seconds from asking for an instance until it ran (ECS) or was ready (Kubernetes), of each that could still be read. */
  readonly startUps: readonly number[]
  /** Of those, the seconds in which an image was pulled, where that is told. */
  readonly pulls?: readonly number[]
  /** What comes after a start-up until the instance is in service, where its platform can't date it. */
  readonly afterStart?: { readonly seconds: number; readonly because: string }
  readonly activities: readonly ScalingActivity[]
  readonly series: readonly DeployedSeries[]
  /** `app/<balancer>/<id>/targetgroup/<group>/<id>`, which ALBRequestCountPerTarget needs. */
  readonly resourceLabel?: string
  /** What its own platform asks for an hour, on demand. */
  readonly price?: { readonly vcpuHour: number; readonly gigabyteHour: number; readonly currency: string }
  /** What could not be read, and what a reader must know: whole sentences. */
  readonly caveats: readonly string[]
}

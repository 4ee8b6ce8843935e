/** What to deploy, said once, for whoever writes or shows it: infrastructure files, alerts, the report, `perf apply`, the proof. */
import type { DeployedAlarm } from '../../runner/deployments/alarm.ts'
import type { DeployedPolicy, DeploymentName } from '../../runner/deployments/deployment.ts'

/** What the autoscaler watches. Units of the target: `cpu` and `memory` ratio 0–1 · `requests` per second and instance · `queue` messages per instance · `p95` s. */
export type ScalingTarget = { readonly metric: 'cpu' | 'memory' | 'requests' | 'queue' | 'p95'; readonly value: number }

export type ScheduledChange = {
  readonly name: string
  /** ISO date and time, or a cron expression. */
  readonly from: string
  readonly until?: string
  readonly minimum: number
  readonly maximum: number
}

export type RecommendedScaling = {
  readonly minimum: number
  readonly maximum: number
  readonly type: 'target-tracking' | 'step'
  readonly target: ScalingTarget
  /** Below this share of what one instance holds one of them may go, 0–1. */
  readonly scaleInBelow: number
  /** s */
  readonly scaleOutCooldown: number
  /** s */
  readonly scaleInCooldown: number
  /** Metric period, s: 60, or 20 where high resolution is asked for. */
  readonly period: 20 | 60
  readonly scheduled: readonly ScheduledChange[]
  readonly because: string
}

export type RecommendedSize = {
  readonly vcpu: number
  readonly gigabytes: number
  readonly architecture: 'x86' | 'arm'
  readonly instances: number
  readonly because: string
}

export type Severity = 'critical' | 'high' | 'medium' | 'low'

/** A figure that should wake somebody, with where its thresholds come from. */
export type Alert = {
  readonly name: string
  readonly severity: Severity
  /** Ratio 0–1 for cpu, memory, errors, connections and capacity (arrivals ÷ what the instances hold); seconds for p95; a number for queue and instances. */
  readonly metric: 'cpu' | 'memory' | 'p95' | 'errors' | 'queue' | 'connections' | 'capacity' | 'instances'
  readonly warn: number
  readonly critical: number
  /** It must be so for this long, s. */
  readonly lasting: number
  /** The series it was measured as, where a probe read it. @example 'orders.depth.mails' */
  readonly series?: string
  /** The kind of the probe that read it. @example 'postgres' */
  readonly kind?: string
  /** What a share is of, in the unit of the series: cores, bytes, connections. */
  readonly limit?: number
  /** What a Prometheus probe asked for this series, and for its limit where that was a query too. */
  readonly query?: { readonly value: string; readonly limit?: string | number }
  readonly because: string
  /** Those that watch the same figure where it is deployed; absent: not known. */
  readonly alarms?: readonly DeployedAlarm[]
}

export type MonthlyCost = { readonly monthly: number; readonly perMillion: number; readonly currency: string }

/** How the user's Prometheus knows the service, each a query of one number; what is absent is assumed by the names that exporters use. */
export type GivenQueries = {
  /** The job's label, where it is deployed on neither ECS nor Kubernetes. */
  readonly job?: string | undefined
  /** All requests per second of all instances, and those of them that failed. */
  readonly requests?: string | undefined
  readonly errors?: string | undefined
  /** s */
  readonly p95?: string | undefined
  readonly instances?: string | undefined
}

/** Runs at the recommended size and at the next smaller one. */
export type Proof = {
  readonly state: 'proved' | 'not proved'
  readonly because: string
  readonly attempts: readonly {
    readonly size: { readonly vcpu: number; readonly gigabytes: number }
    readonly role: 'recommended' | 'next smaller'
    /** Id of the kept run; null where the service did not come up at that size, so that there was no load. */
    readonly run: string | null
    /** null: it could not be told. */
    readonly isMet: boolean | null
    /** A whole sentence. */
    readonly because: string
  }[]
  /** What a reader must know of how it was proved: whole sentences. */
  readonly caveats?: readonly string[]
}

/** A part that can't be stood behind is absent, and `declined` says why in whole sentences. */
export type Recommendation = {
  /** What it rests on: ids of runs. */
  readonly runs: readonly string[]
  /** Where it is deployed; undefined: not told, so files carry a name to fill in. */
  readonly deployment: DeploymentName | undefined
  readonly resourceLabel?: string
  readonly prometheus?: GivenQueries
  /** Requests per second that one instance of the measured size held within the objective. */
  readonly capacity: number | undefined
  /** The same of the recommended size, told from CPU; absent where that size is the measured one. */
  readonly capacityAtSize?: number
  readonly scaling: RecommendedScaling | undefined
  readonly size: RecommendedSize | undefined
  readonly alerts: readonly Alert[]
  readonly now?: {
    readonly size?: { readonly vcpu: number; readonly gigabytes: number }
    readonly instances: number
    readonly minimum?: number
    readonly maximum?: number
    readonly cost?: MonthlyCost
    readonly policies?: readonly DeployedPolicy[]
  }
  /** What the autoscaler as it is deployed makes of the expected load: the simulation is in the record, or why there is none. */
  readonly asDeployed?: {
    readonly isKnown: boolean
    /** From the rise until there is more capacity, s; absent: nothing adds any. */
    readonly lag?: { readonly least: number; readonly most: number; readonly isRead: boolean }
    /** Whole sentences. */
    readonly notes: readonly string[]
  }
  readonly cost: MonthlyCost | undefined
  readonly proof?: Proof
  readonly declined: readonly string[]
}

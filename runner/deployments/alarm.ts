/** An alarm that asks a policy to scale, or that tells somebody: as its platform keeps it, and why it would never do so. */

/** One metric of one thing, as its own platform names them. */
export type AlarmMetric = {
  readonly kind: 'metric'
  /** @example 'AWS/ECS' */
  readonly namespace: string
  /** @example 'CPUUtilization' */
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
  /** @example 'Average' @example 'p95' */
  readonly statistic: string
}

export type DeployedAlarm = {
  readonly name: string
  /** What it looks at; the words of an expression or of a rule over other alarms are its platform's. */
  readonly watched:
    | AlarmMetric
    | { readonly kind: 'expression'; readonly words: string }
    /** A band that its platform has learnt around a metric. */
    | { readonly kind: 'band'; readonly words: string }
    | { readonly kind: 'composite'; readonly words: string }
  /** A band has no threshold, other alarms have none either. */
  readonly limit?: { readonly is: 'above' | 'at least' | 'below' | 'at most'; readonly threshold: number }
  /** Length of a point, s; absent for what other alarms make up. */
  readonly period?: number
  /** Points beyond the threshold among the last `of`. */
  readonly points?: { readonly needed: number; readonly of: number }
  /** What a point counts as that is not there. */
  readonly missingData?: 'missing' | 'ignore' | 'breaching' | 'notBreaching'
  readonly state: 'OK' | 'ALARM' | 'INSUFFICIENT_DATA'
  /** Since when, ISO date and time. */
  readonly since?: string
  /** Whether anything is done when it fires. */
  readonly isActing: boolean
  /** What is done then: ARNs. */
  readonly actions: readonly string[]
}

/** Seconds of a metric beyond the threshold after which it fires, at least. @example lastingOf({ period: 60, points: { needed: 3, of: 3 } }) // 180 */
export const lastingOf = ({ period, points }: Pick<DeployedAlarm, 'period' | 'points'>): number | undefined =>
  period === undefined || points === undefined ? undefined : period * points.needed

/** Above a threshold, so that it tells of too much; undefined for a band and for what other alarms make up. */
export const isUpward = ({ limit }: Pick<DeployedAlarm, 'limit'>): boolean | undefined => limit && (limit.is === 'above' || limit.is === 'at least')

/** Told by AWS only while requests come, so that having no data is no fault. */
const isSparse = ({ watched }: Pick<DeployedAlarm, 'watched'>): boolean => watched.kind === 'metric' && watched.namespace === 'AWS/ApplicationELB'

/** Why it does nothing as it is, after "because"; undefined when it does. */
export const silenceOf = (alarm: DeployedAlarm): string | undefined => {
  const { isActing, actions, state, since } = alarm
  if (!isActing) return 'its actions are switched off'
  if (actions.length === 0) return 'it has no action'
  return state === 'INSUFFICIENT_DATA' && !isSparse(alarm) ? `CloudWatch has no data for it${since === undefined ? '' : ` since ${since}`}` : undefined
}

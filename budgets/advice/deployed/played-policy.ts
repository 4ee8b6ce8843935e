/** A policy as it is deployed, as the simulator plays it: with its own target, steps, cooldowns, and the periods and points of its alarms. */
import { type DeployedAlarm, isUpward, silenceOf } from '../../../runner/deployments/alarm.ts'
import type { DeployedPolicy, DeployedSteps } from '../../../runner/deployments/deployment.ts'
import type { Bounds, Datapoints } from '../scaling/policy.ts'
import { type Step, stepScaling } from '../scaling/step-scaling.ts'
import { targetTracking } from '../scaling/target-tracking.ts'
import { idle, nothing, type Played, together, unplayed } from './played.ts'
import { alarmMetric, beyondPlayed, policyMetric, type Units } from './played-metric.ts'
import { playedPods } from './played-pods.ts'

const usual = { period: 60, out: { needed: 3, of: 3 }, in: { needed: 15, of: 15 } } as const
const quick = 20 // s between the points of a metric of high resolution
const noLow = 0 // share of a target below which nothing ever is

/** From the end of a period until its point is seen, s: as it is played everywhere (autoscalers.ts). */
const publicationOf = (period: number): number => (period < usual.period ? 10 : 30)

const isQuiet = (alarm: DeployedAlarm | undefined): boolean => alarm === undefined || silenceOf(alarm) !== undefined

const tracking = (policy: DeployedPolicy, bounds: Bounds, units: Units): Played => {
  const { target = 0, alarms, scaleOutCooldown, scaleInCooldown, scalesIn = true } = policy
  const [high, low] = [alarms?.find(isUpward), alarms?.find((alarm) => isUpward(alarm) === false)]
  if (alarms !== undefined && isQuiet(high))
    return idle(policy, high === undefined ? 'its alarm above the target is not there' : `its alarm above the target never fires: ${silenceOf(high)}`)
  const watched = policyMetric(policy, units)
  // A metric of one's own is known by what its alarm watches.
  const metric = 'without' in watched && high !== undefined ? alarmMetric(high, units) : watched
  if ('without' in metric) return unplayed(policy, metric)
  const beyond = beyondPlayed(metric, target, units)
  if (beyond !== undefined) return unplayed(policy, { without: beyond })
  const period = high?.period ?? (policy.metric.endsWith('HighResolution') ? quick : usual.period)
  const pointsOut: Datapoints = high?.points ?? usual.out
  const threshold = target * metric.share
  const options = {
    metric: metric.metric,
    target: threshold,
    ...bounds,
    period,
    publication: publicationOf(period),
    ...(scaleOutCooldown !== undefined && { cooldownOut: scaleOutCooldown }),
    ...(scaleInCooldown !== undefined && { cooldownIn: scaleInCooldown }),
    scalesIn: scalesIn && (alarms === undefined || !isQuiet(low)),
    pointsOut,
    pointsIn: low?.points ?? usual.in,
    ...(low?.limit && { low: target > 0 ? low.limit.threshold / target : noLow }),
  }
  return {
    ...nothing,
    policies: [{ policy: targetTracking(options), out: [{ ...metric, threshold, points: pointsOut.needed, isRead: high !== undefined, isTracked: true }] }],
  }
}

const changeOf = ({ by, least }: DeployedSteps, change: number): Step['change'] => {
  if (by === 'exactly') return { exactly: change }
  return by === 'instances' ? { instances: Math.abs(change) } : { share: Math.abs(change) / 100, ...(least !== undefined && { least }) }
}

/** Those on the side on which the alarm fires, by how far they begin from the threshold. */
const stepsFrom = (steps: DeployedSteps, isOut: boolean, share: number): Step[] =>
  steps.steps.flatMap(({ from, until, change }) => {
    const [near, far] = isOut ? [from ?? 0, until] : [-(until ?? 0), from === undefined ? undefined : -from]
    return far !== undefined && far <= 0 ? [] : [{ beyond: Math.max(0, near) * share, change: changeOf(steps, change) }]
  })

/** Whether the steps on the alarm's side go the way that it looks: more of it, more instances. */
const isOrdinary = ({ by, steps }: DeployedSteps, isOut: boolean): boolean =>
  by === 'exactly' ||
  steps
    .filter(({ from = 0, until = 0 }) => (isOut ? until > 0 || from >= 0 : from < 0 || until <= 0))
    .every(({ change }) => (isOut ? change >= 0 : change <= 0))

const byAlarm = (policy: DeployedPolicy, steps: DeployedSteps, alarm: DeployedAlarm, bounds: Bounds, units: Units): Played => {
  const silence = silenceOf(alarm)
  if (silence !== undefined) return idle(policy, `its alarm ${alarm.name} never fires: ${silence}`)
  const metric = alarmMetric(alarm, units)
  if ('without' in metric) return unplayed(policy, metric)
  const { limit, period = usual.period, points = usual.out } = alarm
  if (limit === undefined) return unplayed(policy, { without: 'its alarm has no threshold' })
  const isOut = limit.is === 'above' || limit.is === 'at least'
  if (!isOrdinary(steps, isOut)) return unplayed(policy, { without: `it takes instances away when ${isOut ? 'more' : 'less'} is to do` })
  if (steps.aggregation !== 'Average')
    return unplayed(policy, { without: `it goes by the ${steps.aggregation.toLowerCase()} within a period, and means are played` })
  const beyond = isOut ? beyondPlayed(metric, limit.threshold, units) : undefined
  if (beyond !== undefined) return unplayed(policy, { without: beyond })
  const threshold = limit.threshold * metric.share
  const played = stepScaling({
    metric: metric.metric,
    direction: isOut ? 'out' : 'in',
    threshold,
    steps: stepsFrom(steps, isOut, metric.share),
    points,
    period,
    publication: publicationOf(period),
    ...(policy.scaleOutCooldown !== undefined && { cooldown: policy.scaleOutCooldown }),
    ...bounds,
  })
  const far = isOut
    ? steps.steps.map(({ from = 0 }) => beyondPlayed(metric, limit.threshold + from, units)).find((because) => because !== undefined)
    : undefined
  const notes = far === undefined ? [] : [`The far steps of policy ${policy.name} are not played, because ${far}.`]
  return { ...nothing, notes, policies: [{ policy: played, out: isOut ? [{ ...metric, threshold, points: points.needed, isRead: true }] : [] }] }
}

const stepping = (policy: DeployedPolicy, steps: DeployedSteps, bounds: Bounds, units: Units): Played => {
  const { alarms } = policy
  if (alarms === undefined) return unplayed(policy, { without: 'its alarms could not be read, and its thresholds are theirs' })
  return alarms.length === 0 ? idle(policy, 'no alarm asks it') : together(alarms.map((alarm) => byAlarm(policy, steps, alarm, bounds, units)))
}

const unknownKind = ({ metric }: DeployedPolicy): string =>
  metric === 'PredictiveScaling' ? 'it follows a forecast of AWS' : `what a policy of ${metric} does is not known`

const isOfPods = ({ type }: DeployedPolicy): boolean => type === 'horizontal-pod-autoscaler' || type === 'keda'

const alone = (policy: DeployedPolicy, bounds: Bounds, units: Units): Played => {
  if (policy.type === 'target-tracking') return tracking(policy, bounds, units)
  if (policy.type === 'step' && policy.steps !== undefined) return stepping(policy, policy.steps, bounds, units)
  return unplayed(policy, { without: unknownKind(policy) })
}

/** @param bounds that the autoscaler keeps */
export const playedPolicies = (policies: readonly DeployedPolicy[], bounds: Bounds, units: Units): Played => {
  // The metrics of one autoscaler of Kubernetes decide together.
  const names = [...new Set(policies.filter(isOfPods).map(({ name }) => name))]
  return together([
    ...policies.filter((policy) => !isOfPods(policy)).map((policy) => alone(policy, bounds, units)),
    ...names.map((name) =>
      playedPods(
        policies.filter((policy) => isOfPods(policy) && policy.name === name),
        bounds,
        units,
      ),
    ),
  ])
}

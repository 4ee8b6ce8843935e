/** From advice on runs, and the deployment where it was read, to the one recommendation that files, alerts, the report, `perf apply` and the proof take. */
import type { Deployment } from '../../runner/deployments/deployment.ts'
import { figure } from '../figure.ts'
import type { Advice } from './advise.ts'
import type { Prices } from './prices/prices.ts'
import type { Recommendation, RecommendedScaling, RecommendedSize, ScalingTarget, ScheduledChange } from './recommendation.ts'
import type { ScalingAdvice } from './scaling/recommend.ts'
import { costOf, hourlyPrice } from './sizing/cost.ts'
import { podPrice } from './sizing/pod-size.ts'

/** How quickly the autoscaler that was simulated looks and acts, s. */
export type Pace = Pick<RecommendedScaling, 'period' | 'scaleOutCooldown' | 'scaleInCooldown'>

export type Context = {
  readonly pace: Pace
  readonly prices: Prices
  readonly deployment?: Deployment
  /** Seconds of the epoch at which what is expected begins; undefined: nobody said, so the instances must always be there. */
  readonly begins?: number
}

const settled = 900 // s after the height, in which an autoscaler goes back by itself
const early = 300 // s beside the start-up, since starting many takes longer than starting one

const isoOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 19)

const targetOf = ({ metric, chosen }: ScalingAdvice, { capacity, useAtCapacity, requestsPerJourney }: Advice): ScalingTarget => {
  const requests: ScalingTarget = { metric: 'requests', value: chosen.target * (capacity ?? 0) * requestsPerJourney }
  if (metric === 'backlog') return { metric: 'queue', value: chosen.target }
  // A share of what it holds can be told in CPU only where CPU was watched; in requests it always can.
  return metric === 'use' && useAtCapacity !== undefined ? { metric: 'cpu', value: chosen.target * useAtCapacity } : requests
}

const scheduledOf = ({ expectation, startUp }: Advice, { chosen }: ScalingAdvice, begins: number): ScheduledChange => ({
  name: 'launch',
  from: isoOf(begins - (startUp ?? 0) - early),
  until: isoOf(begins + expectation.over + settled),
  minimum: chosen.minimum,
  maximum: chosen.maximum,
})

const scalingOf = (advice: Advice, { pace, begins }: Context): RecommendedScaling | undefined => {
  const { scaling, calm, capacity } = advice
  if (scaling.declined || capacity === null) return undefined
  const { chosen, isReactiveEnough, scaleInBelow, because } = scaling
  const isScheduled = !isReactiveEnough && begins !== undefined
  return {
    minimum: isScheduled ? calm : chosen.minimum,
    maximum: chosen.maximum,
    type: 'target-tracking',
    target: targetOf(scaling, advice),
    scaleInBelow,
    ...pace,
    scheduled: isScheduled ? [scheduledOf(advice, scaling, begins)] : [],
    because: advice.isPredicted
      ? `${because} These are instances of the recommended size: another was measured, so the ${figure(capacity * advice.requestsPerJourney, '/s')} that one serves are told from CPU.`
      : because,
  }
}

const sizeOf = ({ size, architecture }: Advice): RecommendedSize | undefined =>
  size.declined ? undefined : { ...size.best.size, architecture, instances: size.best.instances, because: size.because }

const nowOf = (deployment: Deployment, rate: number, prices: Prices): NonNullable<Recommendation['now']> => {
  const { size, instances, architecture = 'x86' } = deployment
  const hourly = size && (deployment.name.kind === 'kubernetes' ? podPrice : hourlyPrice)(prices, size, architecture)
  return {
    ...(size && { size }),
    instances: instances.desired,
    ...(instances.minimum !== undefined && { minimum: instances.minimum }),
    ...(instances.maximum !== undefined && { maximum: instances.maximum }),
    ...(hourly !== undefined && { cost: costOf(hourly, instances.desired, rate, prices.currency) }),
  }
}

const reasons = ({ scaling, size, cost }: Advice): string[] =>
  [scaling, size, cost].flatMap((part) => ('declined' in part && part.declined ? [part.because] : []))

/** @example recommend(advice, { pace, prices }).scaling // { minimum: 13, maximum: 17, target: { metric: 'requests', value: 64 }, … } */
export const recommend = (advice: Advice, context: Context): Recommendation => {
  const { prices, deployment } = context
  const { runs, held, capacity, isPredicted, requestsPerJourney, ordinary, size } = advice
  const scaling = scalingOf(advice, context)
  const rate = ordinary * requestsPerJourney
  const each = size.declined ? undefined : size.best.hourly / size.best.instances
  return {
    runs,
    deployment: deployment?.name,
    ...(deployment?.resourceLabel !== undefined && { resourceLabel: deployment.resourceLabel }),
    capacity: held === null ? undefined : held * requestsPerJourney,
    ...(isPredicted && capacity !== null && { capacityAtSize: capacity * requestsPerJourney }),
    scaling,
    size: sizeOf(advice),
    alerts: [], // alertsOf knows them, from this
    ...(deployment && { now: nowOf(deployment, rate, prices) }),
    cost: each === undefined ? undefined : costOf(each, scaling?.minimum ?? (size.declined ? 0 : size.best.instances), rate, prices.currency),
    declined: reasons(advice),
  }
}

/** What `perf advise` prints for programs, and what is kept beside a run. */
export const adviceFormat = 1

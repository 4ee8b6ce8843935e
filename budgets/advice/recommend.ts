/** From advice on runs, and the deployment where it was read, to the one recommendation that files, alerts, the report, `perf apply` and the proof take. */
import type { Deployment } from '../../runner/deployments/deployment.ts'
import type { Declined } from '../../runner/stats/few.ts'
import { figure } from '../figure.ts'
import type { Advice } from './advise.ts'
import type { Prices } from './prices/prices.ts'
import type { GivenQueries, Recommendation, RecommendedScaling, RecommendedSize } from './recommendation.ts'
import { recommendedScaling } from './scaling/recommended-scaling.ts'
import { costOf, hourlyPrice } from './sizing/cost.ts'
import { podPrice } from './sizing/pod-size.ts'

export type Context = {
  readonly prices: Prices
  readonly deployment?: Deployment
  /** Seconds of the epoch at which what is expected begins; undefined: nobody said, so the instances must always be there. */
  readonly begins?: number
  /** As the configuration names them. */
  readonly prometheus?: GivenQueries
}

const scalingOf = ({ scaling, requestsPerJourney, expectation, isPredicted, capacity }: Advice, begins: number | undefined): RecommendedScaling | Declined => {
  if (scaling.declined) return scaling
  const found = recommendedScaling(
    scaling,
    requestsPerJourney,
    begins === undefined ? [] : [{ name: 'launch', begins, ends: begins + expectation.rise + expectation.over }],
  )
  if ('declined' in found || !isPredicted || capacity === null) return found
  return {
    ...found,
    because: `${found.because} These are instances of the recommended size: another was measured, so the ${figure(capacity * requestsPerJourney, '/s')} that one serves are told from CPU.`,
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
    ...(deployment.policies.length > 0 && { policies: deployment.policies }),
    ...(hourly !== undefined && { cost: costOf(hourly, instances.desired, rate, prices.currency) }),
  }
}

const asDeployedOf = (deployed: NonNullable<Advice['deployed']>): NonNullable<Recommendation['asDeployed']> => {
  if (deployed.declined) return { isKnown: false, notes: [deployed.because] }
  const { lag, caveats } = deployed
  const read = lag && { least: lag.least, most: lag.most, isRead: lag.parts.some(({ source }) => source === 'read') }
  return { isKnown: true, ...(read && { lag: read }), notes: caveats }
}

const reasons = ({ leftOut, size, cost }: Advice, scaling: RecommendedScaling | Declined): string[] => [
  ...leftOut,
  ...[scaling, size, cost].flatMap((part) => ('declined' in part && part.declined ? [part.because] : [])),
]

/** @example recommend(advice, { prices }).scaling // { minimum: 13, maximum: 17, target: { metric: 'requests', value: 64 }, … } */
export const recommend = (advice: Advice, context: Context): Recommendation => {
  const { prices, deployment } = context
  const { runs, held, capacity, isPredicted, requestsPerJourney, ordinary, size } = advice
  const scaled = scalingOf(advice, context.begins)
  const scaling = 'declined' in scaled ? undefined : scaled
  const rate = ordinary * requestsPerJourney
  const each = size.declined ? undefined : size.best.hourly / size.best.instances
  return {
    runs,
    deployment: deployment?.name,
    ...(deployment?.resourceLabel !== undefined && { resourceLabel: deployment.resourceLabel }),
    ...(context.prometheus && { prometheus: context.prometheus }),
    capacity: held === null ? undefined : held * requestsPerJourney,
    ...(isPredicted && capacity !== null && { capacityAtSize: capacity * requestsPerJourney }),
    scaling,
    size: sizeOf(advice),
    alerts: [], // alertsOf knows them, from this
    ...(deployment && { now: nowOf(deployment, rate, prices) }),
    ...(advice.deployed && { asDeployed: asDeployedOf(advice.deployed) }),
    cost: each === undefined ? undefined : costOf(each, scaling?.minimum ?? (size.declined ? 0 : size.best.instances), rate, prices.currency),
    declined: reasons(advice, scaled),
  }
}

/** What `perf advise` prints for programs, and what is kept beside a run. */
export const adviceFormat = 1

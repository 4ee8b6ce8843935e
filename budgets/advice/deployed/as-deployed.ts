/** From what was measured of an instance to what one serves as it is deployed, and so to what its autoscaler makes of the launch. */
import type { Deployment } from '../../../runner/deployments/deployment.ts'
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { countOf, figure } from '../../figure.ts'
import type { Architecture, Prices } from '../prices/prices.ts'
import { followsLoad } from '../scaling/follows-load.ts'
import { startUpFrom } from '../scaling/lag.ts'
import type { ScalingNeed } from '../scaling/need.ts'
import { hourlyPrice } from '../sizing/cost.ts'
import { type Size, sizeLabel } from '../sizing/fargate-size.ts'
import type { MeasuredCpu } from '../sizing/measured.ts'
import { podPrice } from '../sizing/pod-size.ts'
import type { RightSize } from '../sizing/right-size.ts'
import { type DeployedPlay, playDeployed } from './play-deployed.ts'

export type MeasuredInstance = {
  /** Arrivals per second that it held; undefined: not measured. */
  readonly held: number | undefined
  readonly cpu: MeasuredCpu | Declined
  readonly size: RightSize | Declined
  readonly requestsPerJourney: number
}

type Serving = { readonly declined: false; readonly capacity: number; readonly caveats: readonly string[] }

/** Arrivals per second that an instance of the deployed size serves: as measured, where that is its size, else as its CPU tells. */
const servedBy = ({ size, name }: Deployment, { held, cpu, size: right, requestsPerJourney }: MeasuredInstance): Serving | Declined => {
  if (held === undefined) return declined('What an instance can serve within the objective was not measured. Run perf run breakpoint on one instance.')
  if (cpu.declined || size === undefined || name.kind === 'kubernetes' || size.vcpu === cpu.cores) return { declined: false, capacity: held, caveats: [] }
  const told = right.declined ? undefined : right.candidates.find((each) => each.size.vcpu === size.vcpu)
  return told === undefined
    ? declined(
        `What an instance of ${sizeLabel(size)} serves is not known, because one of ${countOf(cpu.cores, 'core')} was measured. Run perf run breakpoint on the deployed size.`,
      )
    : {
        declined: false,
        capacity: told.capacity / requestsPerJourney,
        caveats: [
          `One instance of ${sizeLabel(size)} serves ${figure(told.capacity, '/s')} requests: told from CPU, because one of ${countOf(cpu.cores, 'core')} was measured.`,
        ],
      }
}

const priceOf = ({ size, architecture, name }: Deployment, prices: Prices): ScalingNeed['price'] => {
  const price = name.kind === 'kubernetes' ? podPrice : hourlyPrice
  const hourly = size && price(prices, size as Size, architecture ?? ('x86' satisfies Architecture))
  return hourly === undefined ? undefined : { hourly, currency: prices.currency }
}

/** @param need as what is recommended is found by, of which the instance is replaced by the deployed one */
export const asDeployed = (deployment: Deployment, measured: MeasuredInstance, need: ScalingNeed, prices: Prices): DeployedPlay | Declined => {
  const serving = servedBy(deployment, measured)
  if (serving.declined) return serving
  const { capacity, caveats } = serving
  const { cpu, requestsPerJourney } = measured
  const startUp = startUpFrom(need.startUp, need.measuredStartUp)
  const coresAtCapacity = cpu.declined ? undefined : cpu.background + cpu.demand * capacity * requestsPerJourney
  const reserved = deployment.size?.vcpu ?? (cpu.declined ? undefined : cpu.cores)
  const useAtCapacity = coresAtCapacity === undefined || reserved === undefined ? undefined : coresAtCapacity / reserved
  const isCpuGuide = need.useFollowsLoad === undefined || followsLoad(need.useFollowsLoad)
  const { price: _, useAtCapacity: __, ...given } = need
  const price = priceOf(deployment, prices)
  const played = playDeployed(deployment, { ...given, capacity, startUp: startUp.seconds, ...(price && { price }) }, startUp, {
    deployment,
    useAtCapacity,
    coresAtCapacity,
    isCpuGuide,
    requestsPerArrival: requestsPerJourney,
  })
  if (played.declined) return played
  return { ...played, caveats: [...caveats, ...(startUp.source === 'assumed' ? [startUp.because] : []), ...played.caveats] }
}

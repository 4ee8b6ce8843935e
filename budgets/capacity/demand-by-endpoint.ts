/** What requests to each endpoint take of a resource, where the mix of them varied: from step to step, or from run to run. */
import { type DemandOfKind, serviceDemands } from './service-demands.ts'
import type { Mix } from './step-use.ts'

/** Seconds of one server for one request. */
export type EndpointDemand = DemandOfKind & { readonly endpoint: string }

/** Of all requests: what comes more seldom is counted together, and nothing is said of it. */
const worthNaming = 0.05
const explained = 0.8 // of the spread of use, at least
const surest = 0.25 // of the largest demand: a standard error beyond it leaves the order of the endpoints open
const spare = 2 // steps beyond as many as there are unknowns

/**
 * The largest first. Undefined where there is one endpoint only, where there are too few steps, where rates rose and fell together, where
 * they explain too little, and where it stays too unsure.
 */
export const demandByEndpoint = (mixes: readonly Mix[]): readonly EndpointDemand[] | undefined => {
  const totals = new Map<string, number>()
  for (const { served } of mixes) for (const [endpoint, rate] of Object.entries(served)) totals.set(endpoint, (totals.get(endpoint) ?? 0) + rate)
  const all = [...totals.values()].reduce((sum, rate) => sum + rate, 0)
  const named = [...totals].filter(([, rate]) => rate >= worthNaming * all).map(([endpoint]) => endpoint)
  const hasOthers = named.length < totals.size
  if (named.length < 2 || mixes.length < 1 + named.length + Number(hasOthers) + spare) return undefined
  const ratesOf = ({ served }: Mix): number[] => {
    const rates = named.map((endpoint) => served[endpoint] ?? 0)
    const whole = Object.values(served).reduce((sum, rate) => sum + rate, 0)
    return hasOthers ? [...rates, whole - rates.reduce((sum, rate) => sum + rate, 0)] : rates
  }
  const points = mixes.map((mix) => ({ rates: ratesOf(mix), busy: mix.busy }))
  const found = serviceDemands(points)
  if (found.declined) return undefined
  const { demands, determination } = found
  const largest = Math.max(...demands.map(({ demand }) => demand))
  if (!(determination >= explained && demands.every(({ error }) => error <= surest * largest))) return undefined
  return named.map((endpoint, kind) => ({ endpoint, ...(demands[kind] as DemandOfKind) })).toSorted((a, b) => b.demand - a.demand)
}

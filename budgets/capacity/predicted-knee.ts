/** The knee that steps below it predict: the lowest of what each watched resource allows, by its queue where one describes it, else by its demand. */
import { type Declined, declined } from '../../runner/stats/few.ts'
import { figure } from '../figure.ts'
import { wordsOfObjective } from './objective.ts'
import type { ResourceCapacity } from './resource-capacity.ts'
import type { Objective } from './step-judge.ts'

export type Knee = {
  readonly declined: false
  readonly rate: number
  readonly low: number
  readonly high: number
  readonly resource: string
  /** `queue`: its line makes answers late · `demand`: it is full. */
  readonly by: 'queue' | 'demand'
  /** Rates between which the steps lay that it rests on. */
  readonly from: number
  readonly until: number
  readonly because: string
}

type Span = { readonly rate: number; readonly low: number; readonly high: number }

/** Its queue knows nothing of what keeps a resource busy without any request: no knee lies beyond the rate at which it is full. */
const withinFull = ({ rate, low, high }: Span, full: Pick<ResourceCapacity, 'rate' | 'interval'>): Span => {
  if (typeof full.rate !== 'number') return { rate, low, high }
  const { low: least, high: most } = full.interval ?? { low: full.rate, high: full.rate }
  return { rate: Math.min(rate, full.rate), low: Math.min(low, least), high: Math.min(high, most) }
}

const ofQueue = (each: ResourceCapacity): Omit<Knee, 'because'> | undefined => {
  const { resource, knee, demand } = each
  return knee === undefined || knee.declined || demand.declined
    ? undefined
    : { declined: false, ...withinFull(knee, each), resource, by: 'queue', from: demand.from, until: demand.until }
}

const ofDemand = ({ resource, rate, interval, demand }: ResourceCapacity): Omit<Knee, 'because'> | undefined =>
  typeof rate !== 'number' || interval === undefined || demand.declined
    ? undefined
    : { declined: false, rate, ...interval, resource, by: 'demand', from: demand.from, until: demand.until }

const reasonOf = ({ knee }: ResourceCapacity, by: Knee['by'], objective: Objective): string => {
  if (by === 'queue') return `by the queue in front of it: ${knee?.because ?? ''}`
  const beyond = `from there on work comes faster than it is done, whatever the objective; what chance arrivals wait before, no queue here tells, so the knee (${wordsOfObjective(objective)}) may lie lower, not higher`
  return `by its service demand: ${beyond}`
}

export const predictedKnee = (resources: readonly ResourceCapacity[], objective: Objective): Knee | Declined => {
  const knees = resources.flatMap((each) => {
    const knee = ofQueue(each) ?? ofDemand(each)
    return knee === undefined ? [] : [{ ...knee, because: reasonOf(each, knee.by, objective) }]
  })
  const [first] = knees.toSorted((a, b) => a.rate - b.rate)
  if (first === undefined) return declined('No knee is predicted, because it is not known at which rate any resource that was watched is full.')
  const { rate, low, high, resource, from, until, because } = first
  const tested =
    rate > until
      ? `Tested from ${figure(from, '/s')} to ${figure(until, '/s')} only: a prediction, not a finding.`
      : `Tested from ${figure(from, '/s')} to ${figure(until, '/s')}.`
  return {
    ...first,
    because: `Predicted at ${figure(rate, '')} requests/s [${figure(low, '')}, ${figure(high, '')}], where ${resource} ends it, ${because}. ${tested}`,
  }
}

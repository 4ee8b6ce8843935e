/** What the Universal Scalability Law may say of measured loads: a peak that was passed, one that is predicted, or only what was reached. */
import { type Declined, declined } from '../../runner/stats/few.ts'
import { count, countOf, figure, percent } from '../figure.ts'
import { fitScalability, type Range, type ScalabilityFit, type ScalabilityPoint, scalabilityIntervals } from './scalability-fit.ts'
import { peakLoad, peakThroughput, throughputAt, underOpenLoad } from './scalability-law.ts'

const fewestLoads = 6
/** Tested to this share of the peak the law predicts it; below it does not know it. */
const reach = 0.75
const widest = 2 // upper ÷ lower end of the interval of a peak that can be told
const misfit = { share: 0.1, inARow: 3 } as const

export type Peak =
  /** Loads passed it. */
  | { readonly kind: 'measured' | 'predicted'; readonly load: number; readonly loads: Range; readonly throughput: number; readonly throughputs: Range }
  /** It lies beyond what was tested, or can't be told. */
  | { readonly kind: 'beyond'; readonly throughputAtLeast: number }

export type Scalability = {
  readonly declined: false
  readonly fit: ScalabilityFit
  /** The same points fitted as published coefficients were. */
  readonly raw: ScalabilityFit
  readonly points: readonly ScalabilityPoint[]
  /** Loads between which the law was fitted. */
  readonly from: number
  readonly until: number
  readonly peak: Peak
  /** What an open load of 80 % of the peak keeps at work, and for how long each; absent where no peak is told. */
  readonly withRoom?: { readonly rate: number; readonly load: number; readonly seconds: number }
  readonly because: string
}

const room = 0.8 // of the peak: near it a little more load makes answers much slower

const between = ({ low, high }: Range): string => `[${figure(low, '')}, ${Number.isFinite(high) ? figure(high, '') : 'no end'}]`

const withRoom = (fit: ScalabilityFit, peak: Peak): Pick<Scalability, 'withRoom'> => {
  const rate = peak.kind === 'beyond' ? undefined : room * peak.throughput
  const there = rate === undefined ? undefined : underOpenLoad(fit, rate)
  return rate === undefined || there === undefined ? {} : { withRoom: { rate, ...there } }
}

/** Residuals of neighbouring loads that all miss by more than a tenth: no noise does that, another law does. */
const missedInARow = (points: readonly ScalabilityPoint[], fit: ScalabilityFit): readonly ScalabilityPoint[] | undefined => {
  let missed: ScalabilityPoint[] = []
  for (const point of points) {
    missed = Math.abs(point.throughput - throughputAt(fit, point.load)) > misfit.share * point.throughput ? [...missed, point] : []
    if (missed.length === misfit.inARow) return missed
  }
  return undefined
}

const peakOf = (points: readonly ScalabilityPoint[], fit: ScalabilityFit, seed: number): { readonly peak: Peak; readonly because: string } => {
  const until = points.at(-1)?.load ?? 0
  const most = points.reduce((highest, { throughput }) => Math.max(highest, throughput), 0)
  const beyond = (because: string) => ({ peak: { kind: 'beyond', throughputAtLeast: most } as const, because })
  const load = peakLoad(fit)
  if (until < reach * load)
    return beyond(
      `No peak up to N = ${figure(until, '')}; N* is above ${figure(until, '')}. Throughput reached at least ${figure(most, '/s')}; the peak lies beyond what was tested.`,
    )
  const { peakLoad: loads, peakThroughput: throughputs } = scalabilityIntervals(points, fit, seed)
  if (loads.high > widest * loads.low)
    return beyond(
      `Where throughput peaks can't be told: about 90 % of the redrawn fits lie at N = ${between(loads)}, more than a factor of ${widest} apart. Throughput reached at least ${figure(most, '/s')}. Hold each level longer, or test higher ones.`,
    )
  const throughput = peakThroughput(fit)
  const figures = `N = ${figure(load, '', 2)} ${between(loads)}`
  if (until < load)
    return {
      peak: { kind: 'predicted', load, loads, throughput, throughputs },
      because: `Peak predicted near ${figures}, tested to ${figure(until, '')}: ${figure(throughput, '/s')} ${between(throughputs)}. A peak outside the tested loads is a prediction, not a finding.`,
    }
  return {
    peak: { kind: 'measured', load, loads, throughput, throughputs },
    because: `Throughput peaks near ${figures} at ${figure(throughput, '/s')} ${between(throughputs)}; about 90 % of the redrawn fits lie in the brackets.`,
  }
}

/**
 * @param points throughput by load, each load once; those that say nothing of the target left out by the caller
 * @param seed of the redrawn residuals
 * @example scalabilityOf(points, 1) // { peak: { kind: 'measured', load: 92.6, … }, because: 'Throughput peaks near N = 93 [81, 112] at 1,961/s …' }
 */
export const scalabilityOf = (points: readonly ScalabilityPoint[], seed: number): Scalability | Declined => {
  const sorted = points.toSorted((a, b) => a.load - b.load)
  const loads = new Set(sorted.map(({ load }) => load)).size
  if (loads < fewestLoads)
    return declined(`No scalability fit, because ${countOf(loads, 'load')} ${loads === 1 ? 'was' : 'were'} measured and ${fewestLoads} are needed.`)
  const fit = fitScalability(sorted)
  const missed = missedInARow(sorted, fit)
  if (missed !== undefined) {
    const [worst] = missed.toSorted(
      (a, b) => Math.abs(throughputAt(fit, b.load) / b.throughput - 1) - Math.abs(throughputAt(fit, a.load) / a.throughput - 1),
    ) as [ScalabilityPoint]
    return declined(
      `The law does not fit these data: from N = ${count(missed[0]?.load ?? 0)} to ${count(missed.at(-1)?.load ?? 0)} it misses by up to ${percent(Math.abs(throughputAt(fit, worst.load) / worst.throughput - 1), 2)}, and ${percent(misfit.share)} is as much as noise explains.`,
    )
  }
  const found = peakOf(sorted, fit, seed)
  return {
    declined: false,
    fit,
    raw: fitScalability(sorted, 'raw'),
    points: sorted,
    from: sorted[0]?.load ?? 0,
    until: sorted.at(-1)?.load ?? 0,
    ...found,
    ...withRoom(fit, found.peak),
  }
}

/** Alerts on what was measured to precede slow answers, each with the run and the derivation; what was not measured gets a sentence and no alert. */
import type { Run } from '../../../runner/run.ts'
import { requestsPerJourney } from '../../capacity/requests-per-journey.ts'
import type { Alert } from '../recommendation.ts'
import type { Decided, Evidence } from './evidence.ts'
import { breakingRun, kneeOf } from './knee.ts'
import { ordinaryOf, shortestOrdinary } from './ordinary.ts'
import { rules } from './rules.ts'

export type Alerts = { readonly alerts: readonly Alert[] /** Whole sentences. */; readonly declined: readonly string[] }

const usual = 0.6 // of what an instance holds, where no scaling target says how busy it is kept

/** The arrivals at the measured instance that count as ordinary: as much of what it held as the autoscaler keeps one of the recommended size at. */
const ordinaryRate = (held: number, { scaling, capacity, capacityAtSize }: Decided, perArrival: number): number => {
  if (scaling?.target.metric !== 'requests') return usual * held
  const share = capacityAtSize === undefined ? undefined : scaling.target.value / capacityAtSize
  return Math.min(held, share === undefined ? scaling.target.value / perArrival : (share * (capacity ?? held * perArrival)) / perArrival)
}

const nothing = (because: string): Alerts => ({ alerts: [], declined: [because] })

/**
 * @param runs of one instance
 * @example alertsOf(runs, { capacity: 300, scaling, size }).alerts // [{ name: 'Response time', severity: 'critical', metric: 'p95', warn: 0.04, critical: 0.18, … }, …]
 */
export const alertsOf = (runs: readonly Run[], decided: Decided): Alerts => {
  const broken = breakingRun(runs)
  if (broken === undefined)
    return nothing(
      'No alerts, because none of these runs is a breakpoint test that can be believed, and thresholds follow from where answers become slow. Run perf run breakpoint on one instance.',
    )
  const knee = kneeOf(broken)
  if (knee.declined) return nothing(`No alerts: ${knee.because}`)
  const perArrival = requestsPerJourney(runs)
  const rate = ordinaryRate(knee.held, decided, perArrival)
  const ordinary = runs.filter(({ validity, sweep }) => validity.state !== 'INVALID' && sweep === undefined).map((run) => ordinaryOf(run, rate))
  const seconds = ordinary.reduce((sum, { until, from }) => sum + until - from, 0)
  if (seconds < shortestOrdinary)
    return nothing(
      `No alerts, because ${Math.round(seconds)} s at an ordinary load were measured and ${shortestOrdinary} are needed to know what is noise. Run perf run baseline --rate ${Math.max(1, Math.floor(rate))}/s --duration 5m.`,
    )
  const evidence: Evidence = { broken, knee, ordinary, ordinaryRate: rate, perArrival, decided }
  const answers = rules.flatMap((rule) => rule(evidence))
  return {
    alerts: answers.flatMap((answer) => ('declined' in answer ? [] : [answer])),
    declined: answers.flatMap((answer) => ('declined' in answer ? [answer.because] : [])),
  }
}

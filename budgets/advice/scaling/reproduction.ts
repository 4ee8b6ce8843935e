/** Whether the simulator, played with a spike run's own seconds, recovers when the measured service did: only then are its settings worth something. */
import type { Run } from '../../../runner/run.ts'
import { type Declined, mean } from '../../../runner/stats/few.ts'
import { figure, percent } from '../../figure.ts'
import { recoveryOf } from '../launch/recovery.ts'
import { pinned } from './pinned.ts'
import { simulate } from './simulate.ts'

export type Reproduction = {
  /** From the end of the peak until answers were as quick as before, s. */
  readonly measured: number
  readonly simulated: number
}

const tolerated = 0.25
const indistinct = 2 // s; both are read to the second
const slow = 0.02 // s of waiting from which an arrival has not recovered, as recovery.ts has it
const fewestSeconds = 3
const clearly = 0.97

/** Arrivals of each second of a run, as they were started. */
const arrivalsOf = ({ timeline, plannedSeconds }: Run): number[] => {
  const arrivals = Array<number>(Math.ceil(plannedSeconds)).fill(0)
  for (const { second, started } of timeline) if (second < arrivals.length) arrivals[second] = started
  return arrivals
}

type Peak = { readonly from: number; readonly until: number }

const peakOf = ({ shape: { segments } }: Run): Peak => {
  const heightOf = (segment: (typeof segments)[number]): number => (segment.kind === 'linear' ? segment.to : segment.from)
  const height = Math.max(...segments.map(heightOf))
  const peak = segments.findLastIndex((segment) => segment.kind === 'linear' && segment.from === segment.to && segment.to === height)
  const from = segments.slice(0, peak).reduce((sum, { duration }) => sum + duration, 0)
  return { from, until: from + (segments[peak]?.duration ?? 0) }
}

/** Arrivals per second that came to an end in the second half of the peak, if these were clearly fewer than began: what it can do when it has all to do. */
const saturatedAt = ({ timeline }: Run, { from, until }: Peak): number | undefined => {
  const middle = [...timeline].filter(({ second }) => second >= (from + until) / 2 && second < until - 1)
  if (middle.length < fewestSeconds) return undefined
  const [started, ended] = [mean(middle.map((each) => each.started)), mean(middle.map(({ iterations }) => iterations.completed))]
  return ended < clearly * started ? ended : undefined
}

/**
 * @param run of a spike on one pinned instance @param held arrivals per second that it serves within the objective; a spike that is more than
 *   it can do says better what it does then
 */
export const reproduce = (run: Run, held: number): Reproduction | Declined => {
  const recovery = recoveryOf(run)
  if (recovery.declined) return recovery
  const peak = peakOf(run)
  const { waits } = simulate(arrivalsOf(run), { instances: 1, capacity: saturatedAt(run, peak) ?? held, startUp: 0 }, pinned(1))
  const last = waits.findLastIndex((wait, second) => second >= peak.until && wait > slow)
  return { measured: recovery.seconds, simulated: last < 0 ? 0 : last + 1 - peak.until }
}

/** @returns why the settings can't be recommended, or undefined when the simulator may be believed */
export const disagreementOf = ({ measured, simulated }: Reproduction): string | undefined => {
  const off = Math.abs(simulated - measured)
  if (off <= indistinct || off <= tolerated * measured) return undefined
  return `The simulator does not reproduce the spike run; settings not recommended. It recovers ${figure(simulated, '')} s after the peak and the service took ${figure(measured, '')} s, and ${percent(tolerated)} is the most they may differ. Measure the capacity of one instance and its start-up anew, with perf run breakpoint and perf run spike.`
}

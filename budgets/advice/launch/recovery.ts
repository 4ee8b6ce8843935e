/** How long after a spike answers were as quick as before it. */
import type { Run } from '../../../runner/run.ts'
import { type Declined, declined, median } from '../../../runner/stats/few.ts'
import { symptomsOf } from '../../attribution/symptoms.ts'
import { count, figure } from '../../figure.ts'

export type Recovery = { readonly declined: false /** Seconds from the end of the peak. */; readonly seconds: number; readonly because: string }

/** A second that nobody would call slow: within half as much again, and 20 ms, of what was usual before. */
const slow = { factor: 1.5, more: 20 } as const
const fewestBefore = 5
const lastSeconds = 3

/** @param run of a spike: a calm, a peak, and a calm again */
export const recoveryOf = (run: Run): Recovery | Declined => {
  const { segments } = run.shape
  const starts = segments.map((_, at) => segments.slice(0, at).reduce((sum, { duration }) => sum + duration, 0))
  const rateOf = (segment: (typeof segments)[number]): number => (segment.kind === 'linear' ? Math.max(segment.from, segment.to) : segment.from)
  const height = Math.max(...segments.map(rateOf))
  const peak = segments.findLastIndex((segment) => segment.kind === 'linear' && segment.from === segment.to && segment.to === height)
  const [first, last] = [segments[0], segments.at(-1)]
  if (peak <= 0 || peak === segments.length - 1 || first === undefined || last === undefined)
    return declined('Recovery unknown, because the load had no peak with a calm before and after it. Run perf run spike.')
  const peakEnds = (starts[peak] ?? 0) + (segments[peak]?.duration ?? 0)
  const symptoms = symptomsOf(run)
  const before = symptoms.filter(({ second, p95 }) => second >= 1 && second + 1 <= first.duration && p95 !== undefined).map(({ p95 }) => p95 as number)
  if (before.length < fewestBefore)
    return declined(`Recovery unknown, because ${before.length} seconds before the peak had answers and ${fewestBefore} are needed.`)
  const usual = median(before)
  const limit = Math.max(slow.factor * usual, usual + slow.more)
  const after = symptoms.filter(({ second }) => second >= peakEnds)
  const slowOnes = after.filter(({ p95, failed }) => (p95 !== undefined && p95 > limit) || failed > 0.01)
  const lastSlow = slowOnes.at(-1)
  if (lastSlow === undefined)
    return { declined: false, seconds: 0, because: `Answers were as quick as before as soon as the peak was over (p95 ${figure(usual, 'ms')}).` }
  const end = after.at(-1)?.second ?? 0
  if (end - lastSlow.second < lastSeconds)
    return declined(
      `It did not recover within the ${count(Math.round(end - peakEnds + 1))} s after the peak: p95 was still ${figure(lastSlow.p95 ?? Infinity, 'ms')}, and ${figure(usual, 'ms')} before.`,
    )
  const seconds = lastSlow.second + 1 - peakEnds
  return {
    declined: false,
    seconds,
    because: `It took ${figure(seconds, '')} s after the peak until p95 was below ${figure(limit, 'ms')} again (${figure(usual, 'ms')} before).`,
  }
}

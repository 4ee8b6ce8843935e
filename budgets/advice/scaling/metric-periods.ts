/** Metric points as they come about and are published: means over a period, seen a while after its end. */
import type { Waited } from './lines.ts'
import type { MetricPoint, ScalingPolicy } from './policy.ts'

export type MetricSecond = {
  readonly running: number
  readonly use: number
  readonly arrivals: number
  readonly backlog: number
  readonly served: number
  /** Those that waited at all. */
  readonly waited: readonly Waited[]
}

/** Wait that 95 of 100 did not exceed. @param waited those that did wait @param all requests */
const p95Of = (waited: readonly Waited[], all: number): number => {
  let left = 0.05 * all
  for (const { wait, requests } of waited.toSorted((a, b) => b.wait - a.wait)) {
    left -= requests
    if (left < 0) return wait
  }
  return 0
}

/** @param phase s of the first period that are over at the start @param serviceTime s of an answer that did not wait */
export const openPeriods = ({ period, publication }: Pick<ScalingPolicy, 'period' | 'publication'>, phase: number, serviceTime: number) => {
  const ended: MetricPoint[] = []
  const published: MetricPoint[] = []
  let [seconds, use, requests, answered] = [0, 0, 0, 0]
  let waited: Waited[] = []
  return {
    /** Those that can be seen by now; the array grows. */
    published: (now: number): readonly MetricPoint[] => {
      for (let next = ended[published.length]; next !== undefined && next.end + publication <= now; next = ended[published.length]) published.push(next)
      return published
    },
    record: (now: number, second: MetricSecond): void => {
      seconds += 1
      use += second.use
      requests += second.arrivals / Math.max(1, second.running)
      answered += second.served
      if (second.waited.length > 0) waited.push(...second.waited)
      if ((now + 1 + phase) % period !== 0) return
      ended.push({
        end: now + 1,
        instances: second.running,
        use: use / seconds,
        requests: requests / seconds,
        backlog: second.backlog,
        p95: serviceTime + p95Of(waited, answered),
      })
      ;[seconds, use, requests, answered, waited] = [0, 0, 0, 0, []]
    },
  }
}

/** The run's seconds with their endpoints added up: all that is drawn over time, taken from the timeline in one go. */
import type { Run, TimelineSecond } from '../runner/run.ts'
import { type Histogram, merge } from '../runner/stats/histogram.ts'

export type Moment = {
  readonly second: number
  readonly planned: number
  readonly started: number
  readonly dropped: number
  /** Journeys that reached their end without throwing. */
  readonly finished: number
  readonly users: number
  /** Requests. */
  readonly succeeded: number
  readonly failed: number
  readonly errors: Readonly<Record<string, number>>
  /** Of successes. */
  readonly responseTime: Histogram
}

const momentOf = ({ second, planned, started, dropped, iterations, users, cells }: TimelineSecond): Moment => {
  let [succeeded, failed] = [0, 0]
  const errors: Record<string, number> = {}
  const times: Histogram[] = []
  for (const cell of cells) {
    for (const [kind, count] of Object.entries(cell.errors)) if (count > 0) errors[kind] = (errors[kind] ?? 0) + count
    if (cell.outcome === 'failure') failed += cell.count
    else {
      succeeded += cell.count
      times.push(cell.responseTime)
    }
  }
  const finished = iterations.completed - iterations.failed
  return { second, planned, started, dropped, finished, users, succeeded, failed, errors, responseTime: merge(times) }
}

export const momentsOf = ({ timeline }: Run): Moment[] => Array.from(timeline, momentOf)

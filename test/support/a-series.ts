/** Series of a probe by second, as a test describes them. */
import type { Series } from '../../runner/run.ts'

/** @param value by second; null is a gap @example aSeries('app.cpu', 'cores', 60, (at) => (at < 34 ? 0.1 : 0.25), 0.25) */
export const aSeries = (name: string, unit: string, seconds: number, value: (at: number) => number | null, limit: number | null = null): Series => ({
  name,
  unit,
  limit,
  at: Array.from({ length: seconds }, (_, at) => at),
  values: Array.from({ length: seconds }, (_, at) => value(at)),
})

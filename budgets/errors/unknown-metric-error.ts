import { PerfError } from '../../runner/errors/perf-error.ts'
import { listed } from './listed.ts'

/** A budget limits something that this run has not measured. */
export class UnknownMetricError extends PerfError {
  readonly exitCode = 2
  constructor(
    readonly budget: string,
    readonly file: string,
    readonly metric: string,
    readonly known: readonly string[],
  ) {
    super(
      `Budget "${budget}" in ${file} names the metric "${metric}", which this run has not measured. It has ${listed(known, 20)}. Correct the name, remove the budget, or add "when_measured": true to it.`,
    )
  }
}

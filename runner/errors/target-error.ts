import { PerfError } from './perf-error.ts'

/** The target gave no answer before the load started, so there is nothing to judge. `kind` as in a run's errors. */
export class TargetError extends PerfError {
  readonly exitCode = 3
  constructor(
    message: string,
    readonly kind: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

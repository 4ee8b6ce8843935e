import { PerfError } from './perf-error.ts'

/** Refused before or during the run because the load would go where it must not, or be more than allowed. */
export class SafetyError extends PerfError {
  readonly exitCode = 4
}

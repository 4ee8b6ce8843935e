import { PerfError } from './perf-error.ts'

/** A measured run could not be kept anywhere; it is still judged and printed. */
export class StoreError extends PerfError {
  readonly exitCode = 5
}

import { PerfError } from './perf-error.ts'

/** Bad usage or configuration: a flag, a file or a value that can't be understood. */
export class UsageError extends PerfError {
  readonly exitCode = 2
}

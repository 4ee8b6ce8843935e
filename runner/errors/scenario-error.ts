import { PerfError } from './perf-error.ts'

/** The scenario file can't be compiled, loaded or run; `file` and `line` lead to the user's own source. */
export class ScenarioError extends PerfError {
  readonly exitCode = 2
  constructor(
    message: string,
    readonly file: string,
    readonly line: number | undefined,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

import { PerfError } from './perf-error.ts'

/** The engine or placement could not do its work; `engineExitCode` is the engine's own. */
export class EngineError extends PerfError {
  readonly exitCode = 5
  readonly engineExitCode: number | undefined
  constructor(message: string, options: ErrorOptions & { engineExitCode?: number } = {}) {
    super(message, options)
    this.engineExitCode = options.engineExitCode
  }
}

import { PerfError } from './perf-error.ts'

/** What is deployed could not be read or changed: refused, not there, or out of reach. */
export class DeploymentError extends PerfError {
  readonly exitCode = 5
}

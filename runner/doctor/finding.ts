/** What `perf doctor` says of one thing. */
import type { ExitCode } from '../errors/perf-error.ts'

export type Finding = {
  readonly subject: string
  readonly state: 'ok' | 'warning' | 'missing'
  /** What was found, with its value. */
  readonly found: string
  /** What to do about it; absent when nothing need be done. */
  readonly advice?: string
  /** How a run would end because of it. */
  readonly endsRun?: ExitCode
}

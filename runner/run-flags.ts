/** Flags of `perf run` as commander hands them over: text, still unread. */
export type RunFlags = {
  readonly target?: string
  readonly scenario?: string
  readonly script?: string
  readonly keepOptions?: boolean
  readonly engine?: string
  readonly from?: string
  readonly rate?: string
  readonly peak?: string
  readonly duration?: string
  readonly rise?: string
  readonly budget?: readonly string[]
  readonly config?: string
  readonly env?: string
  readonly variable?: readonly string[]
  readonly out?: string
  readonly users?: string
  readonly connections?: string
  readonly workers?: string
  readonly seed?: string
  readonly gracefulStop?: string
  readonly warmUp?: string
  readonly poisson?: boolean
  readonly insecure?: boolean
  readonly production?: boolean
  readonly json?: boolean
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly quiet?: boolean
  readonly sweep?: boolean
  readonly request?: readonly string[]
  readonly hold?: string
  readonly maxConnections?: string
  readonly objective?: string
  readonly instances?: string
  readonly elastic?: boolean
  readonly metricPeriod?: string
  readonly startUp?: string
  readonly refine?: string | boolean
}

/** What flags say of a breakpoint test: what a step must hold, how many instances serve, whether an autoscaler is at work. */
import type { TestType } from '../scenarios/journey.ts'
import { parseDuration, type Seconds } from '../scenarios/units.ts'
import { UsageError } from './errors/usage-error.ts'
import type { RunFlags } from './run-flags.ts'

export type BreakpointSettings = {
  /** Still to be read: "p99 < 300ms". */
  readonly objective?: string
  readonly instances?: number
  readonly elastic?: { readonly metricPeriod: Seconds; readonly startUp: Seconds }
  /** Length of the steps that narrow the answer after the staircase; absent: there are none. */
  readonly refine?: Seconds
}

/** A minute is the least that shows a queue which grows slowly; both of the autoscaler are those of ECS by default, as far as they are known. */
// Chance arrivals come in bursts: of intervals from steps of a minute one in four does not hold the truth, of 5 min one in ten (breakpoint.md).
const defaults = { refine: 60, refineByChance: 300, metricPeriod: 60, startUp: 90 } as const // seconds

const given = (flags: RunFlags) =>
  [
    ['--objective', flags.objective],
    ['--instances', flags.instances],
    ['--elastic', flags.elastic],
    ['--metric-period', flags.metricPeriod],
    ['--start-up', flags.startUp],
    ['--refine', flags.refine],
  ].find(([, value]) => value !== undefined && value !== false)?.[0]

const readTime = (text: string, flag: string, example: string): Seconds => {
  const time = parseDuration(text)
  if (time === undefined || time <= 0)
    throw new UsageError(`${flag} "${text}" is no length of time. It is above 0 and has a unit, such as ${example}. Write ${flag} ${example}.`)
  return time
}

const readInstances = (text: string): number => {
  const instances = Number(text)
  if (!Number.isInteger(instances) || instances < 1)
    throw new UsageError(`--instances "${text}" is no number of instances. It is a whole number from 1 on, fixed for the whole run. Write --instances 2.`)
  return instances
}

const elasticOf = (flags: RunFlags): BreakpointSettings['elastic'] => {
  if (flags.elastic !== true) {
    const flag = flags.metricPeriod !== undefined ? '--metric-period' : flags.startUp !== undefined ? '--start-up' : undefined
    if (flag !== undefined) throw new UsageError(`${flag} was given without --elastic. It says how fast an autoscaler can be. Write --elastic ${flag} 60s.`)
    return undefined
  }
  if (flags.instances !== undefined)
    throw new UsageError('Both --elastic and --instances were given. With an autoscaler at work the number of instances is not fixed. Leave one out.')
  if (flags.refine !== undefined && flags.refine !== false)
    throw new UsageError('Both --elastic and --refine were given. A refined answer is of a fixed size, which an autoscaler changes. Leave one out.')
  return {
    metricPeriod: flags.metricPeriod === undefined ? defaults.metricPeriod : readTime(flags.metricPeriod, '--metric-period', '60s'),
    startUp: flags.startUp === undefined ? defaults.startUp : readTime(flags.startUp, '--start-up', '90s'),
  }
}

/**
 * `undefined` when nothing is asked of a breakpoint test.
 * @throws {UsageError} for flags that don't go together, or can't be understood
 */
export const settleBreakpoint = (test: TestType | undefined, flags: RunFlags): BreakpointSettings | undefined => {
  const flag = given(flags)
  if (flag === undefined) return undefined
  if (test !== 'breakpoint')
    throw new UsageError(
      `${flag} was given with ${test === undefined ? 'no test' : `a ${test} test`}. It says what a breakpoint test looks for. Write perf run breakpoint ${flag} ….`,
    )
  const elastic = elasticOf(flags)
  return {
    ...(flags.objective !== undefined && { objective: flags.objective }),
    ...(flags.instances !== undefined && { instances: readInstances(flags.instances) }),
    ...(elastic !== undefined && { elastic }),
    ...(flags.refine !== undefined &&
      flags.refine !== false && {
        refine: flags.refine === true ? (flags.poisson === true ? defaults.refineByChance : defaults.refine) : readTime(flags.refine, '--refine', '60s'),
      }),
  }
}

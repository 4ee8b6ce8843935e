/** Runs inside k6: an existing script under this project's load, or under its own options. */
import { Counter, Trend } from 'k6/metrics'
import type { Shape } from '../../../scenarios/shape.ts'
import { startedAt } from './at-the-second.ts'
import { dueTimes } from './due.ts'
import { failureReporter } from './failures.ts'
import { lagClock } from './lag-clock.ts'
import { names } from './metric-names.ts'
import { visit } from './script-visit.ts'

type Options = Readonly<Record<string, unknown>> & {
  readonly scenarios?: Readonly<Record<string, { readonly exec?: string }>>
  readonly hosts?: object
  readonly blacklistIPs?: readonly string[]
}
type Script = Readonly<Record<string, unknown>> & { readonly options?: Options }

export type ScriptAssignment = {
  readonly name: string
  readonly shape: Shape
  /** Whole length of k6's scenario, milliseconds. */
  readonly duration: number
  /** Options that hold whatever the script says: where it may connect. */
  readonly options: Options
  readonly keepOptions: boolean
}

/** What says how much load there is, or would take the measuring away. */
const replaced = [
  'vus',
  'duration',
  'iterations',
  'stages',
  'scenarios',
  'executionSegment',
  'executionSegmentSequence',
  'rps',
  'paused',
  'minIterationDuration',
]
const always = ['thresholds', 'systemTags', 'summaryTrendStats', 'cloud', 'ext', 'noSetup', 'noTeardown', 'setupTimeout', 'teardownTimeout']

const without = (options: Options, keys: readonly string[]): Options => Object.fromEntries(Object.entries(options).filter(([key]) => !keys.includes(key)))

type Function = (data: unknown) => unknown

/** The script's functions for iterations, each once, in the order of its scenarios; they take turns. */
const functionsOf = (script: Script): Function[] => {
  const named = [...new Set(Object.values(script.options?.scenarios ?? {}).map(({ exec: name }) => name ?? 'default'))]
  const functions = (named.length > 0 ? named : ['default']).map((name) => script[name]).filter((one) => typeof one === 'function')
  if (functions.length === 0)
    throw new Error('The script exports no function to run. A k6 script has a default export, or scenarios that name its functions. Add one.')
  return functions as Function[]
}

export const scripted = (script: Script, { name, shape, duration, options: ours, keepOptions }: ScriptAssignment) => {
  const theirs = script.options ?? {}
  const kept = without(theirs, keepOptions ? always : [...always, ...replaced])
  const options = { ...kept, ...ours, hosts: { ...theirs.hosts, ...ours.hosts }, blacklistIPs: [...(theirs.blacklistIPs ?? []), ...(ours.blacklistIPs ?? [])] }

  const lagTrend = new Trend(names.lag, true)
  const journeyTrend = new Trend(names.journeyTime, true)
  const threw = new Counter(names.threw)
  const unavailable = new Counter(names.unavailable)
  const clock = lagClock(duration)
  const dueAt = dueTimes(shape)
  const reportFailure = failureReporter()
  const functions = keepOptions ? [] : functionsOf(script)
  const tags = { journey: name }

  const completed = (due: number): void => {
    journeyTrend.add(Math.max(0, clock.now() - due), tags)
    if (visit.isUnavailable) unavailable.add(1)
  }
  const failed = (error: unknown): void => {
    threw.add(1)
    if (visit.isUnavailable) unavailable.add(1)
    reportFailure(error)
  }
  const arrive = (data: unknown): unknown => {
    const now = clock.now()
    const arrival = clock.arrival()
    const due = dueAt(arrival)
    visit.lag = Math.max(0, now - due)
    visit.isFirst = true
    visit.isUnavailable = false
    visit.isMeasured = true
    lagTrend.add(visit.lag)
    let outcome: unknown
    try {
      outcome = functions[arrival % functions.length]?.(data)
    } catch (error) {
      return failed(error)
    }
    if (typeof (outcome as PromiseLike<unknown> | undefined)?.then !== 'function') return completed(due)
    return (outcome as PromiseLike<unknown>).then(
      () => completed(due),
      (error: unknown) => failed(error),
    )
  }
  const setup = async (): Promise<unknown> => {
    visit.isMeasured = false
    const data = typeof script.setup === 'function' ? await (script.setup as () => unknown)() : undefined
    startedAt()
    return data
  }
  const teardown = async (data: unknown): Promise<void> => {
    visit.isMeasured = false
    if (typeof script.teardown === 'function') await (script.teardown as Function)(data)
  }
  return { options, arrive, setup, teardown }
}

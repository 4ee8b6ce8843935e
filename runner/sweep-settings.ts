/** What flags and configuration say of a sweep, and which of them a sweep has no use for. */
import type { TestType } from '../scenarios/journey.ts'
import { parseDuration, type Seconds } from '../scenarios/units.ts'
import type { ParsedConfig } from './config.ts'
import { UsageError } from './errors/usage-error.ts'
import type { RunFlags } from './run-flags.ts'
import { type SweepRequest, sweepDefaults } from './sweep.ts'

export type SweepSettings = { readonly requests: readonly SweepRequest[]; readonly hold: Seconds; readonly connections: number }

/** A second of warm-up, and one of five batches. */
const shortest = 2

/** HEAD is missing: autocannon waits for a body that its answers announce and don't have. */
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** @example readRequest('POST /cart') // { method: 'POST', path: '/cart' } @example readRequest('/search?q=tea') // { method: 'GET', path: '/search?q=tea' } */
const readRequest = (text: string): SweepRequest => {
  const [, method = 'GET', path = ''] = /^(?:([A-Za-z]+)\s+)?(\S+)$/.exec(text.trim()) ?? []
  const known = methods.find((name) => name === method.toUpperCase())
  if (known === undefined || !path.startsWith('/'))
    throw new UsageError(
      `Request "${text}" can't be sent in a sweep. A request is one of ${methods.join(', ')} and a path of the target. Write --request "GET /search?q=tea".`,
    )
  return { method: known, path }
}

const readHold = (text: string): Seconds => {
  const hold = parseDuration(text)
  if (hold === undefined || hold < shortest)
    throw new UsageError(
      `Hold "${text}" is no length for a level. A level lasts ${shortest}s or more, its first second being left out. Write --hold ${sweepDefaults.hold}s.`,
    )
  return hold
}

const readConnections = (text: string): number => {
  const most = Number(text)
  if (!Number.isInteger(most) || most < 1 || most > 65_535)
    throw new UsageError(`--max-connections "${text}" is no number of connections. It is a whole number from 1 to 65535. Write --max-connections 64.`)
  return most
}

type Named = readonly [flag: string, value: unknown]

const given = (named: readonly Named[]): string | undefined => named.find(([, value]) => value !== undefined && value !== false)?.[0]

/** Flags that speak of arrivals, users or journeys, of which a sweep has none. */
const pointless = (flags: RunFlags): readonly Named[] => [
  ['--scenario', flags.scenario],
  ['--script', flags.script],
  ['--keep-options', flags.keepOptions],
  ['--rate', flags.rate],
  ['--peak', flags.peak],
  ['--duration', flags.duration],
  ['--poisson', flags.poisson],
  ['--users', flags.users],
  ['--workers', flags.workers],
  ['--connections', flags.connections],
  ['--warm-up', flags.warmUp],
]

const refusePointless = (test: TestType | undefined, flags: RunFlags): void => {
  if (test !== 'stress')
    throw new UsageError(
      `--sweep was given with ${test === undefined ? 'no test' : `a ${test} test`}. A sweep raises the number of connections, which is a stress test's question. Write perf run stress --sweep.`,
    )
  if (flags.engine !== undefined && flags.engine !== 'auto' && flags.engine !== 'replay')
    throw new UsageError(
      `--engine ${flags.engine} was given with --sweep. A sweep is a closed loop, which autocannon makes; the other engines keep to a schedule. Leave --engine out.`,
    )
  const flag = given(pointless(flags))
  if (flag !== undefined)
    throw new UsageError(
      `${flag} was given with --sweep. A sweep sends plain requests over 1, 2, 4 … connections, each as soon as the last was answered. Use --request, --hold and --max-connections.`,
    )
}

/**
 * `undefined` when no sweep was asked for.
 * @throws {UsageError} for flags that don't go together, or can't be understood
 */
export const settleSweep = (test: TestType | undefined, flags: RunFlags, config: ParsedConfig['sweep'] = {}): SweepSettings | undefined => {
  if (flags.sweep !== true) {
    const flag = given([
      ['--request', flags.request],
      ['--hold', flags.hold],
      ['--max-connections', flags.maxConnections],
    ])
    if (flag !== undefined) throw new UsageError(`${flag} was given without --sweep. It says how a sweep is made. Write perf run stress --sweep ${flag} ….`)
    return undefined
  }
  refusePointless(test, flags)
  const configured = (config.requests ?? []).map((entry) =>
    typeof entry === 'string' ? readRequest(entry) : { ...readRequest(entry.request), headers: entry.headers, body: entry.body },
  )
  const requests = flags.request?.map(readRequest) ?? configured
  return {
    requests: requests.length > 0 ? requests : [{ method: 'GET', path: '' }],
    hold: flags.hold === undefined ? (config.hold ?? sweepDefaults.hold) : readHold(flags.hold),
    connections: flags.maxConnections === undefined ? (config.maxConnections ?? sweepDefaults.connections) : readConnections(flags.maxConnections),
  }
}

/** k6's options for a plan. They go into its configuration file: exported from the script, each virtual user would hold a copy. */
import type { Plan } from '../../plan.ts'
import { type Purpose, userAgentOf } from '../../user-agent.ts'
import { ownVersion } from '../../version.ts'
import { complementOf, loopback } from './blacklist.ts'
import { type Stages, stagesOf, tail, timeUnit } from './stages.ts'

/** Tags by which k6 keeps series apart; each one more would multiply them. */
const systemTags = ['name', 'method', 'status', 'error', 'error_code', 'check', 'group', 'scenario', 'expected_response']

const isAddress = (hostname: string): boolean => /^[\d.]+$/.test(hostname) || hostname.includes(':')

type Names = { readonly hosts: Readonly<Record<string, string>>; readonly policy: string }

/**
 * Names with one checked address are pinned to it. k6 can pin one address only, so a name with several is looked up by k6,
 * and {@link boundaryOf} keeps it to those that were checked.
 */
const namesOf = ({ target, boundary }: Plan): Names => {
  const known = [{ hostname: target.hostname, addresses: target.addresses }, ...boundary.hosts].filter(({ hostname }) => !isAddress(hostname))
  const hosts: Record<string, string> = {}
  for (const { hostname, addresses } of known) {
    const [first] = addresses
    // All of loopback is this machine; a server mostly listens on the first address that its name has.
    if (first !== undefined && (addresses.length === 1 || hostname === 'localhost')) hosts[hostname] = first
  }
  const addresses = known.flatMap((host) => host.addresses)
  const families = { v4: addresses.some((address) => !address.includes(':')), v6: addresses.some((address) => address.includes(':')) }
  return { hosts, policy: families.v6 && !families.v4 ? 'onlyIPv6' : families.v6 ? 'preferIPv4' : 'onlyIPv4' }
}

/** What keeps k6 within the plan's boundary, redirects included: it refuses every other address before it connects. */
export const boundaryOf = (plan: Plan): Readonly<Record<string, unknown>> => {
  const { hosts, policy } = namesOf(plan)
  const allowed = plan.boundary.hosts.flatMap(({ addresses }) => addresses)
  return { blacklistIPs: complementOf([...loopback, ...allowed]), hosts, dns: { ttl: 'inf', select: 'roundRobin', policy } }
}

const scenarioOf = ({ startRate, stages }: Stages, { users, gracefulStop }: Plan, usesBrowser: boolean): Readonly<Record<string, unknown>> => ({
  executor: 'ramping-arrival-rate',
  exec: 'arrive',
  startRate,
  timeUnit: `${timeUnit}s`,
  // k6 would make missing users while under load, and measure that; so all are there from the beginning.
  preAllocatedVUs: users,
  maxVUs: users,
  // k6 counts it from the end of its stages; the tail is a part of it.
  gracefulStop: `${Math.max(0, gracefulStop - tail)}s`,
  stages: stages.map(({ nanoseconds, target }) => ({ duration: `${nanoseconds}ns`, target })),
  // Each iteration gets a browser then, so only those ask for one that use it.
  ...(usesBrowser && { options: { browser: { type: 'chromium' } } }),
})

/** What would else be said, and read by k6, at each request of a journey that is a sole request. */
export const soleOptions = { maxRedirects: 0, discardResponseBodies: true } as const

/** Options that hold whatever the script brings along. */
export const commonOptions = (plan: Plan, purpose?: Purpose): Readonly<Record<string, unknown>> => ({
  ...boundaryOf(plan),
  systemTags,
  userAgent: userAgentOf(ownVersion(), plan.id, purpose),
  insecureSkipTLSVerify: plan.insecure,
  discardResponseBodies: false,
  // k6 would let six at a time through to one host; a batch is all at once.
  batch: 1000,
  batchPerHost: 0,
  setupTimeout: '120s',
  teardownTimeout: '60s',
})

/** Options of a pilot: so many journeys, a few at once, none of which begins after `length` milliseconds. */
export const pilotOptions = (
  plan: Plan,
  { users, journeys, length }: { readonly users: number; readonly journeys: number; readonly length: number },
): Readonly<Record<string, unknown>> => ({
  ...commonOptions(plan, 'pilot'),
  scenarios: {
    pilot: {
      executor: 'shared-iterations',
      exec: 'arrive',
      vus: Math.min(users, journeys),
      iterations: journeys,
      maxDuration: `${length}ms`,
      gracefulStop: '60s',
    },
  },
})

/**
 * Options of a run that follows the plan's shape.
 * @param usesBrowser what runs imports k6/browser
 */
export const optionsOf = (plan: Plan, usesBrowser = false): Readonly<Record<string, unknown>> => ({
  ...commonOptions(plan),
  noCookiesReset: plan.keepCookies,
  scenarios: { load: scenarioOf(stagesOf(plan.shape, plan.planned), plan, usesBrowser) },
})

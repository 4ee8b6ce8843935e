/**
 * How every request says who made it, for which run, and for what beside the load. In the user agent, because that is the one header
 * that access logs hold without being told to, and because k6 takes some 5 µs for each request that has a header of its own.
 */

/** What a request that is no load is for. */
export type Purpose = 'preflight' | 'pilot' | 'browser'

/** @example userAgentOf('1.0.0', '2026-01-02-030405-smoke-abcd', 'pilot') // 'scale-surgeon/1.0.0 (run 2026-01-02-030405-smoke-abcd; pilot)' */
export const userAgentOf = (version: string, run: string, purpose?: Purpose): string =>
  `scale-surgeon/${version} (run ${run}${purpose === undefined ? '' : `; ${purpose}`})`

/** A browser says what it is first. @returns undefined for a request of the load, or of somebody else */
export const purposeOf = (userAgent: string | undefined): Purpose | undefined =>
  /(?:^|^Mozilla\/.* )scale-surgeon\/\S+ \(run \S+; (preflight|pilot|browser)\)$/.exec(userAgent ?? '')?.[1] as Purpose | undefined

/** An audit belongs to no run. @example auditAgentOf('1.0.0') // 'scale-surgeon/1.0.0 (audit)' */
export const auditAgentOf = (version: string): string => `scale-surgeon/${version} (audit)`

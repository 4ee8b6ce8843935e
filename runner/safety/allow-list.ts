/** Where load may go: loopback freely, any other host only through the allow-list, checked after name resolution. */
import { lookup } from 'node:dns/promises'
import ipaddr from 'ipaddr.js'
import type { Seconds } from '../../scenarios/units.ts'
import type { AllowedTarget } from '../config.ts'
import { SafetyError } from '../errors/safety-error.ts'
import { TargetError } from '../errors/target-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Boundary, Target } from '../plan.ts'
import { isLoopback, rangeOf } from './loopback.ts'

/** Every address a name stands for. */
export type Resolve = (hostname: string) => Promise<readonly string[]>

export const resolveName: Resolve = async (hostname) => (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address)

/**
 * Beyond these no test of one machine makes sense, whatever an entry says: a slip of the keyboard must not become an attack.
 */
const hardCeiling = { rate: 200_000, duration: 72 * 3600 } as const

const matches = (entry: AllowedTarget, hostname: string): boolean =>
  entry.host.startsWith('*.') ? hostname.endsWith(entry.host.slice(1).toLowerCase()) : hostname === entry.host.toLowerCase()

/** Whether an entry names this host, expired ones included. */
export const isListed = (hostname: string, allow: readonly AllowedTarget[]): boolean => allow.some((entry) => matches(entry, hostname))

export type Load = { readonly peak: number; readonly duration: Seconds; readonly users: number }

/** @throws {SafetyError} when the plan asks for more than may be asked of any target */
export const checkCeiling = ({ peak, duration }: Pick<Load, 'peak' | 'duration'>): void => {
  if (peak > hardCeiling.rate)
    throw new SafetyError(
      `A peak of ${peak}/s was asked for. One machine offers at most ${hardCeiling.rate}/s, and nothing lifts that. Lower --rate or --peak.`,
    )
  if (duration > hardCeiling.duration)
    throw new SafetyError(`A run of ${duration} s was asked for. A run lasts at most 72h, and nothing lifts that. Lower --duration.`)
}

const checkEntry = (entry: AllowedTarget, target: string, load: Load, today: string): void => {
  const review = `Ask its owner (${entry.owner}) to change the entry in targets.allow, or ask for less.`
  if (entry.expires < today)
    throw new SafetyError(`The entry for ${target} in targets.allow expired on ${entry.expires}. Load goes to current entries only. ${review}`)
  if (load.peak > entry.maxRate)
    throw new SafetyError(`A peak of ${load.peak}/s was asked of ${target}. Its entry in targets.allow permits ${entry.maxRate}/s. ${review}`)
  if (load.duration > entry.maxDuration)
    throw new SafetyError(`A run of ${load.duration} s was asked of ${target}. Its entry in targets.allow permits ${entry.maxDuration} s. ${review}`)
  if (entry.maxUsers !== undefined && load.users > entry.maxUsers)
    throw new SafetyError(`${load.users} virtual users were asked of ${target}. Its entry in targets.allow permits ${entry.maxUsers}. ${review}`)
}

/** @throws {UsageError} when the text is no http(s) URL, or carries credentials */
const parseTarget = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:') || url.hostname === '')
    throw new UsageError(
      `Target "${text.replace(/\/\/[^/@]*@/, '//…@')}" is not a URL that can be tested. Targets start with http:// or https:// and name a host. Write --target http://127.0.0.1:3000.`,
    )
  if (url.username !== '' || url.password !== '')
    throw new UsageError(
      `The target on ${url.host} carries a user name or password. URLs are printed and saved, so they hold no credentials. Send them as a header made from a secret: secret('NAME').`,
    )
  return url
}

/**
 * The target with the addresses it may be reached at, and the boundary that engines keep to.
 * @throws {UsageError} for a malformed URL
 * @throws {TargetError} when the name has no address
 * @throws {SafetyError} when it is neither loopback nor allowed, or the load is beyond its entry
 */
export const admit = async (
  text: string,
  allow: readonly AllowedTarget[],
  load: Load,
  { resolve, today, production }: { resolve: Resolve; today: string; production: boolean },
): Promise<{ readonly target: Target; readonly boundary: Boundary; readonly entry: AllowedTarget | undefined }> => {
  const url = parseTarget(text)
  checkCeiling(load)
  const hostname = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
  const addresses = ipaddr.isValid(hostname)
    ? [hostname]
    : await resolve(hostname).catch((cause: NodeJS.ErrnoException) => {
        throw new TargetError(
          `${hostname} has no address (${cause.code ?? cause.message}). A target's name must resolve from here. Check the spelling, or the network.`,
          'dns',
          { cause },
        )
      })
  const target: Target = { url: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, hostname, addresses }
  if (addresses.length > 0 && addresses.every(isLoopback)) return { target, boundary: { hosts: [] }, entry: undefined }
  const entry = allow.find((candidate) => matches(candidate, hostname))
  if (entry === undefined)
    throw new SafetyError(
      `${hostname} is not in targets.allow of the configuration. Load goes to loopback and to listed targets only. Add it with an owner, an environment and ceilings, or choose another target.`,
    )
  const barred = addresses.find((address) => ['linkLocal', 'unspecified', 'multicast', 'broadcast'].includes(rangeOf(address)))
  if (barred !== undefined)
    throw new SafetyError(
      `${hostname} stands for ${barred}, a ${rangeOf(barred)} address. Such addresses belong to the machine or its cloud, never to a target. Correct the name's address.`,
    )
  if (entry.environment === 'production' && !production)
    throw new SafetyError(
      `${hostname} is a production target by its entry in targets.allow. Load on production is asked for twice. Add --production if that is meant.`,
    )
  checkEntry(entry, hostname, load, today)
  // Other listed hosts may serve part of a journey; those whose name has no address are simply out of reach.
  const others = await Promise.all(
    allow
      .filter((other) => !other.host.startsWith('*.') && other.host !== hostname && other.expires >= today)
      .map(async ({ host }) => ({ hostname: host, addresses: ipaddr.isValid(host) ? [host] : await resolve(host).catch(() => []) })),
  )
  return { target, boundary: { hosts: [{ hostname, addresses }, ...others.filter((other) => other.addresses.length > 0)] }, entry }
}

/** Which hosts a visit may ask besides the page's own: the allow-list of every run, and what a page may not use its visitor for. */
import { isIP } from 'node:net'
import type { AllowedTarget } from '../config.ts'
import { PerfError } from '../errors/perf-error.ts'
import { admit, isListed, type Resolve } from '../safety/allow-list.ts'

/** The addresses a URL's host may be asked at, or why it may not. */
export type Passage = { readonly addresses: readonly string[] } | { readonly refused: string }

export type Gate = (url: URL) => Promise<Passage>

export type GateWorld = { readonly resolve: Resolve; readonly today: string; readonly production: boolean }

/** An audit offers no load: its pace keeps to the entry's ceilings instead. */
export const noLoad = { peak: 0, duration: 0, users: 0 } as const

const isLocalName = (hostname: string): boolean => hostname === 'localhost' || hostname.endsWith('.localhost')

/**
 * @param home the page's host with its checked addresses; one from elsewhere must not send its visitor to the visitor's own machine
 */
export const gateFor = (
  home: { readonly hostname: string; readonly addresses: readonly string[]; readonly isLoopback: boolean },
  allow: readonly AllowedTarget[],
  world: GateWorld,
): Gate => {
  const passages = new Map<string, Promise<Passage>>([[home.hostname, Promise.resolve({ addresses: home.addresses })]])

  const ask = async (url: URL, hostname: string): Promise<Passage> => {
    // Names that nobody listed are refused without asking a name server.
    if (isIP(hostname) === 0 && !isLocalName(hostname) && !isListed(hostname, allow)) return { refused: `${hostname} is not in targets.allow` }
    try {
      const { target, entry } = await admit(url.origin, allow, noLoad, world)
      return entry === undefined && !home.isLoopback
        ? { refused: `${hostname} is this machine, and the page is not from here` }
        : { addresses: target.addresses }
    } catch (error) {
      if (error instanceof PerfError) return { refused: error.message.split('. ', 1)[0] ?? error.message }
      throw error
    }
  }

  return (url) => {
    const hostname = url.hostname.replace(/^\[|\]$/g, '').toLowerCase()
    const known = passages.get(hostname) ?? ask(url, hostname)
    passages.set(hostname, known)
    return known
  }
}

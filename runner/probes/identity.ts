/**
 * Asks the target now and then who it is: a deploy or another server in mid-run makes one run of two systems. It repeats the request
 * that was made before the load; a request each ten seconds is no load to speak of, and is in no figure.
 */
import type { Seconds } from '../../scenarios/units.ts'
import { clock } from '../clock.ts'
import type { Greeting } from '../preflight.ts'
import type { Parting, Probe, Sample } from './probe.ts'

type Identity = Pick<Greeting, 'status' | 'identity'>

/** What differs, in words; undefined when nothing does. An answer of another status may come from somebody in between, and tells nothing. */
const differenceOf = (before: Identity, now: Identity): string | undefined => {
  if (before.status !== now.status) return undefined
  const names = new Set([...Object.keys(before.identity), ...Object.keys(now.identity)])
  const say = (value: string | undefined): string => (value === undefined ? 'absent' : `"${value}"`)
  const changed = [...names].filter((name) => before.identity[name] !== now.identity[name])
  return changed.length === 0 ? undefined : changed.map((name) => `${name} was ${say(before.identity[name])} and is ${say(now.identity[name])}`).join(', ')
}

export class IdentityProbe implements Probe {
  readonly name = 'identity'
  readonly every = 10
  /** Requests that were made. */
  requests = 0
  #readings = 0
  #change: { readonly by: Seconds; readonly what: string } | undefined

  /** @param ask the same request as before the load */
  constructor(
    private readonly before: Identity,
    private readonly ask: () => Promise<Identity>,
  ) {}

  async start(): Promise<void> {}

  async read(): Promise<readonly Sample[]> {
    const at = this.every * this.#readings++
    if (at === 0 || this.#change !== undefined) return [] // it has only just answered, or nothing more is to be learned
    this.requests += 1
    // A target that gives no answer says nothing about who it is; the load's own figures tell that.
    const now = await this.ask().catch(() => undefined)
    const what = now && differenceOf(this.before, now)
    if (what !== undefined) this.#change = { by: at, what }
    return []
  }

  async stop(): Promise<Parting> {
    if (this.#change === undefined) return {}
    const { by, what } = this.#change
    const caveat = {
      code: 'target-changed',
      text: `By ${clock(by)} another target answered than before the load: ${what}. A run measures one system, and its figures are a mixture of two. Deploy before or after it, and run again.`,
    }
    return { caveats: [caveat] }
  }
}

/** Notices that a server was started again while load ran, which may take less time than lies between two readings. */
import type { Seconds } from '../../scenarios/units.ts'
import { clock } from '../clock.ts'
import type { Caveat } from '../run.ts'

export class Starts {
  #known: number | string | undefined
  readonly #again: Seconds[] = []

  /** @param start what is another one after each start of the server: its moment, or a number it gives itself */
  see(start: number | string, at: Seconds): void {
    if (this.#known !== undefined && this.#known !== start) this.#again.push(at)
    this.#known = start
  }

  /** @param server in words @example caveats('postgres', 'PostgreSQL', 'orders') // 'The PostgreSQL of "orders" was started again by 0:21. …' */
  caveats(kind: string, server: string, probe: string): Caveat[] {
    if (this.#again.length === 0) return []
    const text = `The ${server} of "${probe}" was started again by ${this.#again.map(clock).join(' and ')}. Sessions were cut and its caches began empty, so what follows is another system for a while. Find out why, and run again.`
    return [{ code: `${kind}-restarted`, text }]
  }
}

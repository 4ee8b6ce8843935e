/**
 * Keeps the number of endpoints bounded, whatever URLs a journey makes up: ten thousand product pages are one endpoint, not ten thousand.
 * Both engines name their endpoints here. A name once given stays, so that seconds and totals agree.
 */
import type { Caveat } from '../../run.ts'

/** Different path segments in one place; further ones are taken for ids of some kind. */
const mostInOnePlace = 100
/** An endpoint has up to six histograms a second in memory, and a row in the report that somebody should read. */
const mostEndpoints = 400
const anything = '*'
const other = '* (other)'
/** Names that were folded are counted up to here, because counting them takes keeping them. */
const mostCounted = 20_000

/** Paths as a tree of segments; below a place that is full, one branch stands for all that are new. */
type Place = Map<string, Place>

/** @example segmentsOf('GET /product/red-shoe') // ['GET ', 'product', 'red-shoe'], or undefined for a name that is no path */
const segmentsOf = (name: string): string[] | undefined => {
  const [, method, path] = /^([A-Z]+ )(\S*\/\S*)$/.exec(name) ?? []
  return method === undefined || path === undefined ? undefined : [method, ...path.split('/')]
}

const nameOf = ([method = '', ...path]: readonly string[]): string => method + path.join('/')

export class EndpointNames {
  readonly #given = new Set<string>()
  readonly #places: Place = new Map()
  /** Names that were counted together, by what they were counted as. */
  readonly #folded = new Map<string, Set<string>>()
  #counted = 0

  /** @example after a hundred products: names.of('GET /product/red-shoe') // 'GET /product/*' */
  of(name: string): string {
    if (this.#given.has(name)) return name
    const segments = segmentsOf(name)
    const path = segments && this.#pathOf(segments)
    const folded = path === undefined ? name : nameOf(path)
    const given = this.#given.has(folded) || this.#given.size < mostEndpoints ? folded : other
    if (given === folded) {
      this.#given.add(folded)
      if (path !== undefined) this.#enter(path)
    }
    if (given !== name) this.#count(given, name)
    return given
  }

  /** How many different names each folded endpoint stands for. */
  get folded(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#folded].map(([given, names]) => [given, names.size]))
  }

  /** The segments, those for which there is no room replaced. */
  #pathOf(segments: readonly string[]): string[] {
    let place: Place | undefined = this.#places
    return segments.map((segment) => {
      const found: string = place === undefined || place.has(segment) || place.size < mostInOnePlace ? segment : anything
      place = place?.get(found)
      return found
    })
  }

  #enter(path: readonly string[]): void {
    let place = this.#places
    for (const segment of path) {
      const next: Place = place.get(segment) ?? new Map()
      place.set(segment, next)
      place = next
    }
  }

  #count(given: string, name: string): void {
    const names = this.#folded.get(given) ?? new Set()
    this.#folded.set(given, names)
    if (this.#counted >= mostCounted || names.has(name)) return
    names.add(name)
    this.#counted += 1
  }
}

const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, 3).map((name) => `"${name}"`)
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} others` : shown.join(' and ')
}

/** @param folded as {@link EndpointNames.folded} has it, of each thread */
export const foldedCaveats = (folded: readonly Readonly<Record<string, number>>[]): Caveat[] => {
  const most = new Map<string, number>()
  for (const counts of folded) for (const [name, count] of Object.entries(counts)) most.set(name, Math.max(most.get(name) ?? 0, count))
  const advice = 'Name such requests with the option endpoint to have them apart, or together under a name of yours.'
  const caveats: Caveat[] = []
  const add = (text: string): void => {
    caveats.push({ code: 'endpoints-merged', text: `${text} ${advice}` })
  }
  const rest = most.get(other)
  most.delete(other)
  if (most.size > 0) {
    const count = [...most.values()].reduce((sum, each) => sum + each, 0)
    add(`More than ${mostInOnePlace} different paths led to one place; the ${count} that came later are counted together as ${listed([...most.keys()])}.`)
  }
  if (rest !== undefined)
    add(`The journeys made requests to more than ${mostEndpoints} different endpoints; the ${rest} that came later are counted together as "${other}".`)
  return caveats
}

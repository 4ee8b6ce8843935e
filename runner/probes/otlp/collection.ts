/** Puts streams of points together to series: by their names, or as the configuration chose them. */
import type { Point } from './messages.ts'
import { quantileBounds } from './quantile.ts'
import { added, Stream, type Told } from './stream.ts'
import { nameOf, rateUnitOf, unitOf } from './units.ts'

/** A series that the configuration names. `limit`: a number, or the name of a metric that tells it. */
export type Chosen = {
  readonly name: string
  readonly metric: string
  readonly attributes: Readonly<Record<string, string>>
  readonly limit?: number | string | undefined
}

/** A sample whose name does not begin with the probe's yet. */
type Reading = { readonly what: string; readonly unit: string; readonly value: number | null; readonly limit: number | null }

type Held = { readonly stream: Stream; readonly metric: string; readonly unit: string; told: Told | undefined; at: number; interval: number; isFresh: boolean }
type Group = { readonly name: string; readonly metric: string; readonly unit: string; readonly limit: number | string | undefined; readonly held: Held[] }

const mostStreams = 5000 // some hundred bytes each; a target that makes more has an identifier among its attributes

/** A stream that pushed within two of its intervals goes on counting in sums of several. */
const isAlive = ({ at, interval }: Held, now: number): boolean => now - at <= 2 * interval

const told = (held: readonly Held[], kind: Told['kind']): Told[] => held.flatMap(({ told: each }) => (each?.kind === kind ? [each] : []))

const numbers = (all: readonly Told[]): (number | null)[] => all.map((each) => (each.kind === 'histogram' ? null : each.value))

/** Unknown as soon as one of them is: the others alone would be less than the truth. */
const sum = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0)

export class Collection {
  readonly #streams = new Map<string, Held | undefined>()
  readonly #groups = new Map<string, Group>()
  readonly #limits = new Map<string, Held[]>()
  /** Names of series beyond the most; not all of them when there are very many. */
  readonly beyond = new Set<string>()
  readonly metrics = new Set<string>()

  /** @param chosen undefined for everything that comes @param most series by name of metric and attributes */
  constructor(
    private readonly chosen: readonly Chosen[] | undefined,
    private readonly most: number,
  ) {}

  /** @param at milliseconds on a clock that never jumps */
  take(points: readonly Point[], at: number): void {
    for (const point of points) this.#take(point, at)
  }

  /** What came since the last call; series of which nothing came are left out. */
  read(now: number): Reading[] {
    const all = [...this.#groups.values()].map((group) => ({ group, held: group.held.filter((each) => each.isFresh || isAlive(each, now)) }))
    for (const { held } of all) for (const each of held) if (each.isFresh) each.told = each.stream.told() ?? each.told
    for (const held of this.#limits.values()) for (const each of held) each.told = each.stream.told() ?? each.told
    const samples = all.flatMap(({ group, held }) => (held.some(({ isFresh }) => isFresh) ? this.#samples(group, held) : []))
    for (const held of this.#streams.values()) if (held !== undefined) held.isFresh = false
    return samples
  }

  #take(point: Point, at: number): void {
    const key = JSON.stringify([point.source, point.metric, point.attributes])
    if (!this.#streams.has(key) && this.#streams.size < mostStreams) this.#streams.set(key, this.#admit(point))
    const held = this.#streams.get(key)
    if (held === undefined) return
    if (held.at > 0) held.interval = at - held.at
    held.at = at
    held.isFresh = true
    held.stream.take(point)
  }

  /** Undefined for what no series tells. */
  #admit({ metric, unit, attributes }: Point): Held | undefined {
    this.metrics.add(metric)
    const held: Held = { stream: new Stream(), metric, unit, told: undefined, at: 0, interval: 0, isFresh: false }
    const groups = this.#groupsOf(metric, unit, attributes)
    for (const { held: members } of groups) members.push(held)
    const isLimit = this.chosen?.some(({ limit }) => limit === metric) === true
    // Asked for both as a series and as a limit, it is read with the series.
    if (isLimit && groups.length === 0) this.#limits.set(metric, [...(this.#limits.get(metric) ?? []), held])
    return groups.length > 0 || isLimit ? held : undefined
  }

  #groupsOf(metric: string, unit: string, attributes: Readonly<Record<string, string>>): Group[] {
    if (this.chosen === undefined) return this.#group(nameOf(metric, attributes), metric, unit, undefined)
    return this.chosen
      .filter((each) => each.metric === metric && Object.entries(each.attributes).every(([name, value]) => attributes[name] === value))
      .flatMap(({ name, limit }) => this.#group(name, metric, unit, limit))
  }

  #group(name: string, metric: string, unit: string, limit: Group['limit']): Group[] {
    const group = this.#groups.get(name)
    if (group !== undefined) return [group]
    if (this.#groups.size >= this.most) {
      this.beyond.add(name)
      return []
    }
    const made: Group = { name, metric, unit, limit, held: [] }
    this.#groups.set(name, made)
    return [made]
  }

  #limitOf({ limit, metric, unit }: Group): number | null {
    if (limit === undefined) return unitOf(metric, unit).unit === 'ratio' ? 1 : null
    if (typeof limit === 'number') return limit
    const telling = this.#limits.get(limit) ?? [...this.#groups.values()].filter((group) => group.metric === limit).flatMap(({ held }) => held)
    const [first] = telling
    const total = sum(numbers(telling.flatMap((each) => (each.told === undefined ? [] : [each.told]))))
    return first === undefined || total === null ? null : total * unitOf(first.metric, first.unit).factor
  }

  #samples(group: Group, held: readonly Held[]): Reading[] {
    const { name: what, metric, unit: given } = group
    const [converted, rates] = [unitOf(metric, given), rateUnitOf(metric, unitOf(metric, given))]
    const sample = (value: number | null, { unit, factor }: typeof converted, suffix = '', limit: number | null = null): Reading => ({
      what: `${what}${suffix}`,
      unit,
      value: value === null ? null : value * factor,
      limit,
    })
    const [gauges, levels, counted, histograms] = [told(held, 'gauge'), told(held, 'level'), told(held, 'rate'), told(held, 'histogram')]
    // Values of a gauge can't be added up; the largest is the one that matters for a limit.
    if (gauges.length > 0) return [sample(Math.max(...numbers(gauges).map(Number)), converted, '', this.#limitOf(group))]
    if (levels.length > 0) return [sample(sum(numbers(levels)), converted, '', this.#limitOf(group))]
    if (counted.length > 0) return [sample(sum(numbers(counted)), rates, '', this.#limitOf(group))]
    const each = histograms.flatMap((one) => (one.kind === 'histogram' ? [one] : []))
    const rate = sum(each.map(({ buckets, seconds }) => (buckets === null ? null : buckets.count / seconds)))
    const buckets = rate === null ? undefined : each.flatMap((one) => (one.buckets === null ? [] : [one.buckets])).reduce(added)
    const p95 = buckets === undefined ? { atLeast: null, atMost: null } : quantileBounds(buckets, 0.95)
    return [
      sample(rate, { unit: '/s', factor: 1 }, '.rate'),
      sample(buckets === undefined || buckets.sum === null || buckets.count === 0 ? null : buckets.sum / buckets.count, converted, '.mean'),
      sample(p95.atLeast, converted, '.p95_at_least'),
      sample(p95.atMost, converted, '.p95_at_most'),
    ]
  }
}

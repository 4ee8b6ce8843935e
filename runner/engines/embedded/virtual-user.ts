/** The virtual user of the authoring API in Node. One object serves all iterations of a user; what belongs to one is in {@link Iteration}. */
import type { Feed, HttpResponse, Method, Metric, RequestOptions, VirtualUser } from '../../../scenarios/journey.ts'
import { randomOf, rowIndex, thinkTime } from '../virtual-user/choose.ts'
import { verbsOf } from '../virtual-user/verbs.ts'
import type { HttpClient, Visit } from './client.ts'
import { Cookies } from './cookies.ts'
import type { Recorder } from './recorder.ts'

/** What all users of a worker share. */
export type World = {
  readonly seed: number
  readonly env: Readonly<Record<string, string>>
  readonly secrets: Readonly<Record<string, string>>
  readonly feeds: ReadonlyMap<Feed<unknown>, readonly unknown[]>
  readonly metrics: ReadonlySet<Metric>
  readonly keepCookies: boolean
  readonly setup: unknown
  readonly client: HttpClient
  readonly recorder: Recorder
  readonly now: () => number
}

export class Iteration implements Visit {
  isUnavailable = false
  groups: readonly string[] = []
  #lag: number
  #random: (() => number) | undefined
  #thinking = 0
  #thinkingSince = 0
  #thought = 0

  constructor(
    readonly arrival: number,
    readonly due: number,
    readonly startedAt: number,
    /** How many the same user had before this one. */
    readonly index: number,
    readonly cookies: Cookies,
  ) {
    this.#lag = Math.max(0, startedAt - due)
  }

  takeLag(): number {
    const lag = this.#lag
    this.#lag = 0
    return lag
  }

  random(seed: number): number {
    this.#random ??= randomOf(seed, this.arrival)
    return this.#random()
  }

  /** Two thoughts at once are one time of thinking. */
  thinks(at: number): void {
    if (this.#thinking++ === 0) this.#thinkingSince = at
  }
  hasThought(at: number): void {
    if (--this.#thinking === 0) this.#thought += at - this.#thinkingSince
  }

  /** From due to `end`, think time apart. */
  timeUntil(end: number): number {
    return end - this.due - this.#thought - (this.#thinking > 0 ? end - this.#thinkingSince : 0)
  }
}

export class User {
  readonly api: VirtualUser
  iteration: Iteration
  #iterations = 0
  #cookies = new Cookies()

  constructor(
    readonly number: number,
    private readonly world: World,
  ) {
    this.iteration = new Iteration(0, 0, 0, 0, this.#cookies)
    this.api = apiOf(this, world)
  }

  begin(arrival: number, due: number, startedAt: number): Iteration {
    // A fresh jar, not an emptied one: a request that the last journey left behind may still hold it.
    if (!this.world.keepCookies) this.#cookies = new Cookies()
    this.iteration = new Iteration(arrival, due, startedAt, this.#iterations++, this.#cookies)
    return this.iteration
  }
}

/** Functions without `this`, because journeys take them apart: `async ({ http, think }) => …`. */
const apiOf = (user: User, world: World): VirtualUser => {
  const { client, recorder, now, seed } = world
  const request = (method: Method, url: string, options?: RequestOptions): Promise<HttpResponse> => client.request(user.iteration, method, url, options)
  return {
    http: {
      ...verbsOf(request),
      batch: (requests) => Promise.all(requests.map(([method, url, options]) => request(method, url, options))),
    },
    check: (subject, conditions) => {
      let all = true
      for (const name of Object.keys(conditions)) {
        const passed = Boolean(conditions[name]?.(subject))
        recorder.check(name, passed)
        if (!passed) all = false
      }
      return all
    },
    think: async (duration, until) => {
      const { iteration } = user
      const time = thinkTime(duration, until, () => iteration.random(seed)) * 1000
      iteration.thinks(now())
      await new Promise((resolve) => setTimeout(resolve, time))
      iteration.hasThought(now())
    },
    group: async (name, part) => {
      const { iteration } = user
      const outer = iteration.groups
      iteration.groups = [...outer, name]
      const path = iteration.groups.join('::')
      const from = now()
      try {
        return await part()
      } finally {
        iteration.groups = outer
        recorder.group(path, now() - from)
      }
    },
    take: (feed) => {
      const rows = world.feeds.get(feed)
      if (rows === undefined)
        throw new Error(`Feed "${feed.path}" is not known here. Feeds are declared at the top of the scenario file. Move ${feed.format}(…) there.`)
      const { arrival, index } = user.iteration
      return rows[rowIndex(feed, rows.length, seed, arrival, user.number, index)] as NonNullable<(typeof feed)['row']>
    },
    add: (metric, value = 1) => {
      if (!world.metrics.has(metric))
        throw new Error(`Metric "${metric.name}" is not known here. Metrics are declared at the top of the scenario file. Move ${metric.kind}(…) there.`)
      if (metric.kind === 'counter') recorder.count(metric.name, value)
      else if (!recorder.trend(metric.name, value))
        throw new RangeError(`Trend "${metric.name}" was given ${value}. A trend keeps numbers of at least 0. Add such a number, or count with a counter.`)
    },
    setup: world.setup,
    env: world.env,
    secret: (name) => {
      const value = Object.hasOwn(world.secrets, name) ? world.secrets[name] : undefined
      if (value === undefined)
        throw new Error(`There is no secret called "${name}". Secrets are named in the configuration, or given as PERF_SECRET_${name}. Give it.`)
      return value
    },
    user: user.number,
    get arrival() {
      return user.iteration.arrival
    },
    random: () => user.iteration.random(seed),
  }
}

/** Watches a RabbitMQ through its management plugin: what waits in its queues, who consumes, and what its nodes have left. */
import { z } from 'zod'
import type { Seconds } from '../../../scenarios/units.ts'
import { clock } from '../../clock.ts'
import type { Caveat } from '../../run.ts'
import { Counters } from '../counters.ts'
import { probeKind } from '../kind.ts'
import { type Parting, type Probe, type Sample, toldSamplesOf } from '../probe.ts'
import { detect } from './detect.ts'
import { Management, type Node, type Queue, RefusedError } from './management.ts'
import { ageOf, countedBy, nodeSamples, queueSamples, totalSamples, wordOf } from './samples.ts'

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('of the management plugin, with user and password: http://user:password@host:15672'),
  queues: z.array(z.string().min(1)).min(1).default(['*']).describe('names; * stands for any letters'),
  vhost: z.string().min(1).default('/').describe('the virtual host of the queues'),
  every: z.int().min(1).default(5).describe('seconds; RabbitMQ itself counts anew each 5 s'),
})
type Options = z.output<typeof options>

/** Queues that are told apart; of a server with thousands, a run would hold nothing else. */
const most = 50

/** @example patternOf(['mail.*']).test('mail.new') // true */
const patternOf = (names: readonly string[]): RegExp =>
  new RegExp(`^(${names.map((name) => name.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')).join('|')})$`)

class RabbitMqProbe implements Probe {
  readonly every: number
  readonly #management: Management
  readonly #pattern: RegExp
  readonly #counters = new Counters()
  /** Names of queues by the word that stands for them in series. */
  readonly #watched = new Map<string, string>()
  readonly #leftOut = new Set<string>()
  readonly #withAge = new Set<string>()
  /** Why, and since when; before the load there is no moment. */
  #withoutNodes: { readonly because: string; readonly at: Seconds | undefined } | undefined

  constructor(
    readonly name: string,
    private readonly given: Options,
  ) {
    this.every = given.every
    this.#management = new Management(given.url, given.vhost)
    this.#pattern = patternOf(given.queues)
  }

  async start(signal: AbortSignal): Promise<void> {
    const { disable_stats } = await this.#management.overview(signal)
    if (disable_stats === true)
      throw new Error('RabbitMQ collects no statistics (management.disable_stats = true), and queues and nodes are told by them; set it to false')
    await this.#queues(signal)
    await this.#nodes(signal)
  }

  async read(signal: AbortSignal, at?: Seconds): Promise<readonly Sample[]> {
    const sample = toldSamplesOf(this.name)
    const [queues, nodes, overview] = await Promise.all([this.#queues(signal), this.#nodes(signal, at), this.#management.overview(signal)])
    const growth = this.#counters.since(countedBy(queues))
    const now = Date.now() / 1000
    const samples = queues.flatMap((queue) => {
      const age = ageOf(queue, now, this.#withAge.has(queue.name))
      if (age !== undefined) this.#withAge.add(queue.name)
      return queueSamples(sample, queue, growth, age)
    })
    return [...samples, ...(nodes === undefined ? [] : nodeSamples(sample, nodes)), ...totalSamples(sample, overview)]
  }

  async stop(): Promise<Parting> {
    return { caveats: [...this.#caveats()] }
  }

  async #queues(signal: AbortSignal): Promise<Queue[]> {
    return (await this.#management.queues(signal)).filter(({ name }) => this.#pattern.test(name) && this.#isWatched(name))
  }

  /** Those that came first stay: a series that changes its queue would tell of neither. */
  #isWatched(name: string): boolean {
    const word = wordOf(name)
    const known = this.#watched.get(word)
    if (known === name) return true
    if (known === undefined && this.#watched.size < most) this.#watched.set(word, name)
    else this.#leftOut.add(name)
    return this.#watched.get(word) === name
  }

  /** Undefined when the user may not see them. */
  async #nodes(signal: AbortSignal, at?: Seconds): Promise<Node[] | undefined> {
    if (this.#withoutNodes !== undefined) return undefined
    try {
      return await this.#management.nodes(signal)
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error
      this.#withoutNodes = { because: error.message, at }
      return undefined
    }
  }

  *#caveats(): Generator<Caveat> {
    if (this.#withoutNodes !== undefined) {
      const { because, at } = this.#withoutNodes
      yield {
        code: 'rabbitmq-without-nodes',
        text: `Memory, disk, files and alarms of "${this.name}" are unknown${at === undefined ? '' : ` from ${clock(at)} on`}, because ${because}. Nodes are told to monitors only. rabbitmqctl set_user_tags … monitoring.`,
      }
    }
    if (this.#watched.size === 0)
      yield {
        code: 'rabbitmq-nothing',
        text: `"${this.name}" saw no queue called ${this.given.queues.join(' or ')} in the virtual host ${this.given.vhost}. A user sees queues of virtual hosts that it may enter. Compare with rabbitmqctl list_queues -p ${this.given.vhost}.`,
      }
    if (this.#leftOut.size > 0) {
      const [first = ''] = this.#leftOut
      yield {
        code: 'rabbitmq-queues-left-out',
        text: `${this.#leftOut.size} queues of "${this.name}" were not read, ${first} first: ${most} are read at most, and two whose names differ in special letters count as one. Name those that matter under queues.`,
      }
    }
  }
}

export const rabbitMqKind = probeKind({
  kind: 'rabbitmq',
  reads: 'queues, connections, memory, files and alarms of a RabbitMQ, by the url of its management plugin',
  needs: `rabbitmq-plugins enable rabbitmq_management; rabbitmqctl add_user perf …; rabbitmqctl set_user_tags perf monitoring; rabbitmqctl set_permissions -p / perf '^$' '^$' '^$' (it may enter the virtual host, and configure, write or read nothing in it).`,
  options,
  create: (name, given) => new RabbitMqProbe(name, given),
  looksFor: "a RabbitMQ on this machine: where the target's connections lead, and on port 5672",
  detect,
})

/** Watches a Node application that lets itself be asked by `scale-surgeon/node-health`: event loop, heap, garbage. */
import { z } from 'zod'
import { isListenedOn } from '../../machine/listeners.ts'
import { answerIfAny, jsonOf, pageOf } from '../answer.ts'
import { Counters } from '../counters.ts'
import { type Detected, probeKind } from '../kind.ts'
import { isHere, targetProcesses } from '../neighbours.ts'
import { type Parting, type Probe, type Sample, samplesOf } from '../probe.ts'

const options = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .default('http://127.0.0.1:9465/perf-health')
    .describe('where the application answers'),
})

/** What is optional an older copy of the file does not tell. */
const healthSchema = z.object({
  pid: z.int(),
  loop: z.object({ busy: z.number(), idle: z.number(), delayP99: z.number(), longestDelay: z.number() }),
  collecting: z.object({ total: z.number(), longest: z.number(), full: z.number().optional() }),
  requests: z.object({ ended: z.number(), took: z.number(), underWay: z.number() }).optional(),
  heap: z.object({ used: z.number(), limit: z.number() }),
  resident: z.number(),
  cpu: z.number(),
})
type Health = z.output<typeof healthSchema>

const meanOf = (total: number | null, number: number | null): number | null => (total === null || number === null || number === 0 ? null : total / number)

class NodeProbe implements Probe {
  readonly every = 1
  #counters = new Counters()
  #pid: number | undefined

  constructor(
    readonly name: string,
    private readonly url: string,
  ) {}

  /** Longest times are told since somebody last asked: the first answer would tell of the application's start. */
  async start(signal: AbortSignal): Promise<void> {
    await this.#health(signal)
  }

  async read(signal: AbortSignal): Promise<readonly Sample[]> {
    const { pid, loop, collecting, requests, heap, resident, cpu } = await this.#health(signal)
    if (pid !== this.#pid) this.#counters = new Counters() // another process on the same port has counts of its own
    this.#pid = pid
    const growth = this.#counters.since({
      busy: loop.busy,
      idle: loop.idle,
      collecting: collecting.total,
      full: collecting.full,
      ended: requests?.ended,
      took: requests?.took,
      cpu,
    })
    const perSecond = (counter: string): number | null => {
      const milliseconds = growth.rate(counter)
      return milliseconds === null ? null : milliseconds / 1000
    }
    const sample = samplesOf(this.name)
    return [
      sample('event_loop', 'ratio', growth.share('busy', 'idle'), 1),
      sample('event_loop_delay', 'ms', loop.delayP99),
      sample('event_loop_delay_max', 'ms', loop.longestDelay),
      sample('heap', 'bytes', heap.used, heap.limit),
      sample('memory', 'bytes', resident),
      sample('collecting', 'ratio', perSecond('collecting'), 1),
      sample('longest_collection', 'ms', collecting.longest),
      ...(collecting.full === undefined ? [] : [sample('full_collections', 'count', growth.grown('full'))]),
      sample('cpu', 'cores', perSecond('cpu')),
      ...(requests === undefined
        ? []
        : [
            sample('requests', '/s', growth.rate('ended')),
            sample('under_way', 'count', requests.underWay),
            sample('response_time', 'ms', meanOf(growth.grown('took'), growth.grown('ended'))),
          ]),
    ]
  }

  async stop(): Promise<Parting> {
    return {}
  }

  async #health(signal: AbortSignal): Promise<Health> {
    const health = healthSchema.safeParse(jsonOf(await pageOf(this.url, signal)))
    if (!health.success) throw new Error(`what ${new URL(this.url).host} answered is not from scale-surgeon/node-health`)
    return health.data
  }
}

/** Each further process of a machine takes the next free one. */
const usualPorts = Array.from({ length: 10 }, (_, index) => 9465 + index)

const healthAt = async (port: number, family: readonly number[]): Promise<Detected<{ url: string }>[]> => {
  const url = `http://127.0.0.1:${port}/perf-health`
  const health = healthSchema.safeParse(jsonOf((await answerIfAny(url))?.text ?? ''))
  // Other applications of this machine may be watched by others.
  if (!health.success || !family.includes(health.data.pid)) return []
  return [{ seen: `Process ${health.data.pid} of the target answers ${url}`, options: { url } }]
}

export const nodeKind = probeKind({
  kind: 'node',
  reads: 'event loop, heap, garbage collection and requests of a Node application that runs with --import scale-surgeon/node-health',
  needs: 'The application started as node --import scale-surgeon/node-health server.js, on the same machine; PERF_HEALTH_PORT moves it from port 9465.',
  options,
  create: (name, { url }) => new NodeProbe(name, url),
  looksFor: `an application that answers /perf-health on 127.0.0.1, ports ${usualPorts[0]} to ${usualPorts.at(-1)}, and is the target's process`,
  detect: async (world) => {
    if (!isHere(world.target)) return []
    const family = targetProcesses(world)
    const found = await Promise.all(usualPorts.filter((port) => isListenedOn(port, world.proc)).map((port) => healthAt(port, family)))
    return found.flat()
  },
})

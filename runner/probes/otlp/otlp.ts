/** Takes the metrics that a target pushes by OpenTelemetry (OTLP over HTTP), and tells them as series. */
import { join } from 'node:path'
import { z } from 'zod'
import { textOf } from '../../machine/text.ts'
import type { Caveat } from '../../run.ts'
import { isLoopback } from '../../safety/loopback.ts'
import { type Detected, type ProbeWorld, probeKind } from '../kind.ts'
import { targetProcesses } from '../neighbours.ts'
import { type Parting, type Probe, type Sample, samplesOf } from '../probe.ts'
import { Collection } from './collection.ts'
import type { Push } from './messages.ts'
import { path, type Receiver, receive } from './receiver.ts'

const usualPort = 4318

const metric = z.string().min(1)
const options = z.strictObject({
  host: z.string().min(1).default('127.0.0.1').describe('where it listens'),
  port: z.int().min(1).max(65_535).default(usualPort),
  metrics: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_.]*$/, 'names of series are lower case letters, digits, _ and .'),
      z.union([
        metric.transform((name) => ({ metric: name, attributes: {} })),
        z.strictObject({
          metric,
          attributes: z.record(z.string(), z.string()).default({}).describe('only points that have these'),
          limit: z.union([z.number().positive(), metric]).optional().describe('a number, or the name of a metric that tells it'),
        }),
      ]),
    )
    .optional()
    .describe('by the name of the series; everything that comes when left out'),
  series: z.int().min(1).max(1000).default(100).describe('most metrics, each with its attributes'),
})
type Options = z.output<typeof options>

const slow = 2500 // milliseconds between two pushes: more than two readings without news

const variablesFor = (url: string): string =>
  `OTEL_EXPORTER_OTLP_METRICS_ENDPOINT=${url} OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf OTEL_METRIC_EXPORT_INTERVAL=1000`

class OtlpProbe implements Probe {
  readonly every = 1
  readonly #collection: Collection
  readonly #url: string
  readonly #leftOut = new Set<string>()
  readonly #refusals: string[] = []
  #refused = 0
  #receiver: Receiver | undefined
  #pushes: { count: number; first: number; last: number } = { count: 0, first: 0, last: 0 }

  constructor(
    readonly name: string,
    private readonly given: Options,
    private readonly now: () => number = () => performance.now(),
  ) {
    const chosen = given.metrics && Object.entries(given.metrics).map(([series, each]) => ({ name: series, ...each }))
    this.#collection = new Collection(chosen, given.series)
    this.#url = `http://${given.host.includes(':') ? `[${given.host}]` : given.host}:${given.port}${path}`
  }

  async start(): Promise<void> {
    const { host, port } = this.given
    this.#receiver = await receive(
      host,
      port,
      (push) => this.#take(push),
      (because) => this.#refuse(because),
    ).catch((error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE'
      throw new Error(
        taken
          ? `port ${port} of ${host} is taken, perhaps by a collector; give the probe another port`
          : `nobody can listen on ${host}:${port} (${error.code})`,
      )
    })
  }

  async read(): Promise<readonly Sample[]> {
    const sample = samplesOf(this.name)
    return this.#collection.read(this.now()).map(({ what, unit, value, limit }) => sample(what, unit, value, limit))
  }

  async stop(): Promise<Parting> {
    await this.#receiver?.close()
    return { caveats: this.#receiver === undefined ? [] : this.#caveats() }
  }

  #take({ points, leftOut }: Push): void {
    const at = this.now()
    const { count, first } = this.#pushes
    this.#pushes = { count: count + 1, first: count === 0 ? at : first, last: at }
    this.#collection.take(points, at)
    for (const each of leftOut) this.#leftOut.add(each)
  }

  #refuse(because: string): void {
    this.#refused += 1
    if (this.#refusals.length < 3 && !this.#refusals.includes(because)) this.#refusals.push(because)
  }

  #caveats(): Caveat[] {
    return [...this.#ofPushes(), ...this.#ofRefusals(), ...this.#ofMetrics()]
  }

  #ofPushes(): Caveat[] {
    const { count, first, last } = this.#pushes
    if (count === 0)
      return [
        {
          code: 'otlp-silent',
          text: `What "${this.name}" would tell is unknown, because nothing was pushed to ${this.#url} that could be taken. A target pushes there when it is told to before it starts. Start it with ${variablesFor(this.#url)}.`,
        },
      ]
    const interval = (last - first) / Math.max(1, count - 1)
    if (count < 2 || interval <= slow) return []
    return [
      {
        code: 'otlp-slow',
        text: `"${this.name}" was pushed to every ${Math.round(interval / 1000)} s, so its series have a value that often and gaps between. Moments of load are told apart by the second. Start the target with OTEL_METRIC_EXPORT_INTERVAL=1000.`,
      },
    ]
  }

  #ofRefusals(): Caveat[] {
    if (this.#refused === 0) return []
    return [
      {
        code: 'otlp-refused',
        text: `"${this.name}" could not take ${this.#refused === 1 ? 'a request' : `${this.#refused} requests`}: ${this.#refusals.join('; ')}. It takes metrics over HTTP/1.1, in protobuf or JSON. Start the target with ${variablesFor(this.#url)}.`,
      },
    ]
  }

  #ofMetrics(): Caveat[] {
    const caveats: Caveat[] = []
    const { beyond, metrics } = this.#collection
    const few = (names: Iterable<string>): string => {
      const all = [...names]
      return `${all.slice(0, 5).join(', ')}${all.length > 5 ? ` and ${all.length - 5} more` : ''}`
    }
    if (beyond.size > 0)
      caveats.push({
        code: 'otlp-more-series',
        text: `Left out of "${this.name}": ${few(beyond)}. At most ${this.given.series} metrics are kept, each with its attributes. Name those that matter under metrics, or raise series.`,
      })
    const missing = Object.entries(this.given.metrics ?? {}).filter(([, { metric: name }]) => !metrics.has(name))
    if (missing.length > 0 && this.#pushes.count > 0)
      caveats.push({
        code: 'otlp-metric-missing',
        text: `${missing.map(([series, { metric: name }]) => `"${this.name}.${series}" (${name})`).join(', ')} never came. The target pushed ${few(metrics)}. Correct the name under metrics.`,
      })
    if (this.#leftOut.size > 0)
      caveats.push({
        code: 'otlp-left-out',
        text: `${few(this.#leftOut)} of "${this.name}" are summaries, which can't be told as series. A histogram can. Record them as histograms.`,
      })
    return caveats
  }
}

/** Where the target was told to push to, when that is this machine. Of its environment nothing else is read. */
const endpointOf = (pid: number, proc: string): URL | undefined => {
  const environment = (textOf(join(proc, String(pid), 'environ')) ?? '').split('\0')
  const [, url = ''] = environment.map((each) => /^OTEL_EXPORTER_OTLP_(?:METRICS_)?ENDPOINT=(.*)$/.exec(each) ?? []).find(([each]) => each !== undefined) ?? []
  return URL.canParse(url) ? new URL(url) : undefined
}

const detect = async (world: ProbeWorld): Promise<Detected<z.input<typeof options>>[]> => {
  const [endpoint] = targetProcesses(world).flatMap((pid) => endpointOf(pid, world.proc ?? '/proc') ?? [])
  if (endpoint === undefined) return []
  const { hostname, port, origin } = endpoint
  const isHere = hostname === 'localhost' || isLoopback(hostname.replace(/^\[|\]$/g, ''))
  const found = { seen: `The target pushes OpenTelemetry to ${origin}`, options: port === '' || port === String(usualPort) ? {} : { port: Number(port) } }
  return isHere ? [found] : [{ ...found, options: {}, lacks: `start it with ${variablesFor(`http://127.0.0.1:${usualPort}${path}`)}` }]
}

export const otlpKind = probeKind({
  kind: 'otlp',
  reads: 'metrics that the target pushes by OpenTelemetry: gauges, sums as rates, histograms as rate, mean and bounds of p95',
  needs: `The target started with ${variablesFor(`http://127.0.0.1:${usualPort}${path}`)} on the same machine; gRPC is not taken.`,
  options,
  create: (name, given) => new OtlpProbe(name, given),
  looksFor: 'a process of the target that was started with OTEL_EXPORTER_OTLP_ENDPOINT',
  detect,
})

/** Watches whatever a Prometheus knows, by queries that the configuration names. */
import { z } from 'zod'
import { portsListenedOn } from '../../machine/connections.ts'
import { processesNamed } from '../../machine/listeners.ts'
import { portOf } from '../../port.ts'
import type { Caveat } from '../../run.ts'
import { answerIfAny, jsonOf } from '../answer.ts'
import { type Detected, type ProbeWorld, probeKind } from '../kind.ts'
import { isHere } from '../neighbours.ts'
import type { Parting, Probe, Sample } from '../probe.ts'
import { type Instant, instantOf } from './instant.ts'

const query = z.string().min(1)
const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('where the server is'),
  queries: z
    .record(
      z.string().regex(/^[a-z][a-z0-9_.]*$/, 'names of series are lower case letters, digits, _ and .'),
      z.union([
        query.transform((text) => ({ query: text, unit: 'count' })),
        z.strictObject({
          query,
          limit: z.union([z.number().positive(), query]).optional().describe('a number, or a query that returns it'),
          unit: z.string().min(1).default('count'),
        }),
      ]),
    )
    .refine((queries) => Object.keys(queries).length > 0, 'at least one query is needed')
    .describe('by the name of the series'),
  headers: z.record(z.string(), z.string()).default({}).describe("such as { authorization: 'Bearer …' }"),
  every: z.int().min(1).default(5).describe('seconds; what the server knows changes only as often as it scrapes'),
})
type Options = z.output<typeof options>
type Asked = { readonly name: string; readonly query: string; readonly unit: string; readonly limit?: number | string | undefined }

/** What became of a query over all readings. */
type History = { answers: number; empty: number; series: number; failures: number; because: string }

class PrometheusProbe implements Probe {
  readonly every: number
  readonly #asked: readonly Asked[]
  readonly #histories = new Map<string, History>()

  constructor(
    readonly name: string,
    private readonly given: Options,
  ) {
    this.every = given.every
    this.#asked = Object.entries(given.queries).map(([what, asked]) => ({ name: what, ...asked }))
  }

  /** A query that the server refuses would be refused each time, so it is told at once. */
  async start(signal: AbortSignal): Promise<void> {
    for (const { name, query: text, limit } of this.#asked) {
      for (const each of [text, ...(typeof limit === 'string' ? [limit] : [])]) {
        await this.#instant(each, signal).catch((error: Error) => {
          throw new Error(`its query "${name}" (${each}) failed: ${error.message}`)
        })
      }
    }
  }

  async read(signal: AbortSignal): Promise<readonly Sample[]> {
    const samples: Sample[] = []
    let failed: Error | undefined
    for (const asked of this.#asked) {
      try {
        samples.push(await this.#sample(asked, signal))
      } catch (error) {
        failed = error as Error
        const history = this.#historyOf(asked.name)
        history.failures += 1
        history.because = failed.message
      }
    }
    // Some answers are answers: what failed is a gap, and told at the end.
    if (samples.length === 0 && failed !== undefined) throw failed
    return samples
  }

  async stop(): Promise<Parting> {
    return {
      caveats: this.#asked.flatMap(({ name }) => this.#caveatsOf(name, this.#historyOf(name))),
      observations: this.#asked.map(({ name, query: text, limit }) => ({
        probe: this.name,
        kind: 'expression',
        subject: text,
        values: { series: name, ...(limit !== undefined && { limit }) },
      })),
    }
  }

  #instant(text: string, signal: AbortSignal): Promise<Instant> {
    return instantOf(this.given.url, text, this.given.headers, signal)
  }

  async #sample({ name, query: text, unit, limit }: Asked, signal: AbortSignal): Promise<Sample> {
    const { value, series } = await this.#instant(text, signal)
    const history = this.#historyOf(name)
    history.answers += 1
    history.series = Math.max(history.series, series)
    if (value === null) history.empty += 1
    const bound = typeof limit === 'string' ? (await this.#instant(limit, signal)).value : (limit ?? null)
    return { name: `${this.name}.${name}`, unit, value, limit: bound }
  }

  #historyOf(name: string): History {
    const history = this.#histories.get(name) ?? { answers: 0, empty: 0, series: 0, failures: 0, because: '' }
    this.#histories.set(name, history)
    return history
  }

  #caveatsOf(name: string, { answers, empty, series, failures, because }: History): Caveat[] {
    const subject = `The query "${name}" of "${this.name}"`
    const caveats: Caveat[] = []
    if (answers > 0 && empty === answers)
      caveats.push({
        code: 'prometheus-nothing',
        text: `${subject} returned no number in ${answers} readings, so its series is empty. A name or label that nothing has is no error to Prometheus. Try the query there.`,
      })
    if (series > 1)
      caveats.push({
        code: 'prometheus-several',
        text: `${subject} returned up to ${series} series, and their sum was taken. One number is expected. Write sum(…), max(…) or a label, whichever is meant.`,
      })
    if (failures > 0)
      caveats.push({
        code: 'prometheus-query-failed',
        text: `${subject} failed in ${failures} of ${answers + failures} readings: ${because}. Its series has gaps there; the others are whole. Look at the query and its server.`,
      })
    return caveats
  }
}

const usualPort = 9090

const upSchema = z.object({ data: z.object({ result: z.array(z.object({ metric: z.record(z.string(), z.string()) })) }) })

type Server = { readonly url: string; readonly instances: readonly string[] }

/** A server of this machine with what it scrapes; undefined when there is none. */
const serverOn = async (port: number): Promise<Server | undefined> => {
  const url = `http://127.0.0.1:${port}`
  const up = upSchema.safeParse(jsonOf((await answerIfAny(`${url}/api/v1/query?query=up`))?.text ?? ''))
  return up.success ? { url, instances: up.data.data.result.flatMap(({ metric: { instance } }) => (instance === undefined ? [] : [instance])) } : undefined
}

/** How many metrics the target's own page tells in Prometheus' format. */
const metricsOf = async (url: string): Promise<number> => {
  const answer = await answerIfAny(url)
  return answer?.status === 200 ? (answer.text.match(/^# TYPE /gm)?.length ?? 0) : 0
}

type Found = Detected<{ url: string; queries: Record<string, string> }>

/** Servers of this machine are asked whatever the target is: they may scrape it from here. */
const detect = async ({ target, proc }: ProbeWorld): Promise<Found[]> => {
  const page = `${new URL(target.url).origin}/metrics`
  const ports = [...new Set([usualPort, ...portsListenedOn(processesNamed(/^prometheus$/, proc), proc)])]
  const [metrics, ...servers] = await Promise.all([metricsOf(page), ...ports.map(serverOn)])
  // Loopback has many names, so the port tells; elsewhere the name does too.
  const isTarget = (instance: string): boolean => instance.endsWith(`:${portOf(target.url)}`) && (isHere(target) || instance.startsWith(target.hostname))
  const found = servers.flatMap((server): Found[] => {
    if (server === undefined) return []
    const { url, instances } = server
    const instance = instances.find(isTarget)
    if (instance !== undefined)
      return [{ seen: `The Prometheus at ${url} scrapes the target as ${instance}`, options: { url, queries: { up: `up{instance="${instance}"}` } } }]
    const seen = `A Prometheus answers at ${url}, and none of its ${instances.length} targets is this one`
    return [{ seen, options: { url, queries: { up: 'up' } }, lacks: 'let it scrape the target or what the target uses, and query that' }]
  })
  if (found.length > 0 || metrics === 0) return found
  const seen = `${page} tells ${metrics} metrics, and no Prometheus was found on this machine`
  return [{ seen, options: { url: 'http://127.0.0.1:9090', queries: { up: 'up' } }, lacks: 'let a Prometheus scrape that page, and name it as url' }]
}

export const prometheusKind = probeKind({
  kind: 'prometheus',
  reads: 'any number that a Prometheus can be queried for, by its url and named queries',
  needs: 'GET on /api/v1/query, nothing else of it; behind a gateway, headers with a token that may query.',
  options,
  create: (name, given) => new PrometheusProbe(name, given),
  looksFor: 'a Prometheus on this machine, by its name or on port 9090, and a page /metrics of the target',
  detect,
})

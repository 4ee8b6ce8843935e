/** Watches an nginx through its stub_status page: connections by what they wait for, and those that were dropped. */
import { z } from 'zod'
import { programOf } from '../machine/listeners.ts'
import { answerIfAny, pageOf } from './answer.ts'
import { type Counted, Counters } from './counters.ts'
import { type Detected, probeKind } from './kind.ts'
import { targetProcesses } from './neighbours.ts'
import { type Parting, type Probe, type Sample, samplesOf } from './probe.ts'

const options = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).describe('of the location that says stub_status'),
  connections: z.int().min(1).optional().describe('most connections at once: worker_connections × worker_processes'),
})

/** `connections` counts clients only: to servers behind it nginx opens others, which count towards worker_connections too. */
type Status = { readonly connections: number; readonly reading: number; readonly writing: number; readonly waiting: number; readonly counted: Counted }

/** @see https://nginx.org/en/docs/http/ngx_http_stub_status_module.html */
export const statusOf = (page: string): Status | undefined => {
  const numbers = /^Active connections: (\d+)\s+server accepts handled requests\s+(\d+) (\d+) (\d+)\s+Reading: (\d+) Writing: (\d+) Waiting: (\d+)/.exec(page)
  if (numbers === null) return undefined
  const [connections = 0, accepted = 0, handled = 0, requests = 0, reading = 0, writing = 0, waiting = 0] = numbers.slice(1).map(Number)
  return { connections, reading, writing, waiting, counted: { accepted, requests, dropped: accepted - handled } }
}

class NginxProbe implements Probe {
  readonly every = 1
  readonly #counters = new Counters()

  constructor(
    readonly name: string,
    private readonly page: z.output<typeof options>,
  ) {}

  async start(signal: AbortSignal): Promise<void> {
    await this.#status(signal)
  }

  async read(signal: AbortSignal): Promise<readonly Sample[]> {
    const { connections, reading, writing, waiting, counted } = await this.#status(signal)
    const growth = this.#counters.since(counted)
    const sample = samplesOf(this.name)
    return [
      sample('connections', 'count', connections, this.page.connections),
      sample('reading', 'count', reading),
      sample('writing', 'count', writing),
      sample('waiting', 'count', waiting),
      sample('accepted', '/s', growth.rate('accepted')),
      sample('requests', '/s', growth.rate('requests')),
      sample('dropped', 'count', growth.grown('dropped')),
    ]
  }

  async stop(): Promise<Parting> {
    return {}
  }

  async #status(signal: AbortSignal): Promise<Status> {
    const status = statusOf(await pageOf(this.page.url, signal))
    if (status === undefined) throw new Error(`what ${new URL(this.page.url).host} answered is no stub_status page`)
    return status
  }
}

const usualPaths = ['/nginx-status', '/nginx_status', '/stub_status', '/basic_status', '/status'] as const

const pageAt = async (url: string): Promise<Detected<{ url: string }> | undefined> => {
  const answer = await answerIfAny(url)
  if (answer?.status === 200 && statusOf(answer.text) !== undefined) return { seen: `${url} is a stub_status page`, options: { url } }
  if (answer?.status !== 403 || !/nginx|stub/.test(new URL(url).pathname)) return undefined
  return { seen: `${url} is there and answers this machine with 403`, options: { url }, lacks: 'allow this address in its location' }
}

export const nginxKind = probeKind({
  kind: 'nginx',
  reads: 'connections and requests of an nginx, by the url of its stub_status page',
  needs: 'location = /nginx-status { stub_status; access_log off; allow 127.0.0.1; deny all; } with the address perf asks from among those allowed.',
  options,
  create: (name, page) => new NginxProbe(name, page),
  looksFor: `a stub_status page of the target, at ${usualPaths.join(', ')}`,
  detect: async (world) => {
    const { origin } = new URL(world.target.url)
    const pages = await Promise.all(usualPaths.map((path) => pageAt(`${origin}${path}`)))
    const found = pages.flatMap((page) => (page === undefined ? [] : [page]))
    if (found.length > 0) return found
    const [pid] = targetProcesses(world)
    if (pid === undefined || programOf(pid, world.proc) !== 'nginx') return []
    const seen = `The target is an nginx, without a stub_status page at ${usualPaths.join(', ')}`
    return [{ seen, options: { url: `${origin}${usualPaths[0]}` }, lacks: 'add the location to its configuration and reload it' }]
  },
})

/** Watches an nginx through its stub_status page: connections by what they wait for, and those that were dropped. */
import { z } from 'zod'
import { pageOf } from './answer.ts'
import { type Counted, Counters } from './counters.ts'
import { probeKind } from './kind.ts'
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

export const nginxKind = probeKind({
  kind: 'nginx',
  reads: 'connections and requests of an nginx, by the url of its stub_status page',
  needs: 'location = /nginx-status { stub_status; access_log off; allow 127.0.0.1; deny all; } with the address perf asks from among those allowed.',
  options,
  create: (name, page) => new NginxProbe(name, page),
})

/** Watches a pool of PHP-FPM through its status page: children at work, and the line before them. */
import { z } from 'zod'
import { portsListenedOn } from '../../machine/connections.ts'
import { processesNamed } from '../../machine/listeners.ts'
import { jsonOf, pageOf } from '../answer.ts'
import { Counters } from '../counters.ts'
import { type Detected, probeKind } from '../kind.ts'
import { isHere } from '../neighbours.ts'
import { type Parting, type Probe, type Sample, samplesOf } from '../probe.ts'
import { askFastCgi } from './fastcgi.ts'

const options = z.strictObject({
  url: z
    .string()
    .regex(/^(https?|fcgi):\/\/[^/]+\/\S+$/, 'is a page such as fcgi://127.0.0.1:9001/status or http://127.0.0.1/status')
    .describe('of the status page: fcgi:// where PHP-FPM listens for it, or http:// through the web server'),
  children: z.int().min(1).optional().describe('pm.max_children of the pool, which its page does not tell'),
})

const statusSchema = z.object({
  'accepted conn': z.number(),
  'listen queue': z.number(),
  'listen queue len': z.number(),
  'idle processes': z.number(),
  'active processes': z.number(),
  'max children reached': z.number(),
  'slow requests': z.number(),
})
type Status = z.output<typeof statusSchema>

/** @throws {Error} when there is no answer, or another page */
const statusAt = async (url: URL, signal: AbortSignal): Promise<Status> => {
  const page = url.protocol === 'fcgi:' ? await askFastCgi(url, 'json', signal) : await pageOf(`${url.href}${url.search === '' ? '?' : '&'}json`, signal)
  const status = statusSchema.safeParse(jsonOf(page))
  if (!status.success) throw new Error(`what ${url.host} answered is no status page of PHP-FPM`)
  return status.data
}

class PhpFpmProbe implements Probe {
  readonly every = 1
  readonly #counters = new Counters()
  readonly #url: URL

  constructor(
    readonly name: string,
    private readonly page: z.output<typeof options>,
  ) {
    this.#url = new URL(page.url)
  }

  async start(signal: AbortSignal): Promise<void> {
    await statusAt(this.#url, signal)
  }

  async read(signal: AbortSignal): Promise<readonly Sample[]> {
    const status = await statusAt(this.#url, signal)
    const growth = this.#counters.since({
      accepted: status['accepted conn'],
      full: status['max children reached'],
      slow: status['slow requests'],
    })
    const sample = samplesOf(this.name)
    return [
      sample('active', 'count', status['active processes'], this.page.children),
      sample('idle', 'count', status['idle processes']),
      // On a Unix socket PHP-FPM tells neither the line nor its length, and says 0 for both.
      ...(status['listen queue len'] > 0 ? [sample('listen_queue', 'count', status['listen queue'], status['listen queue len'])] : []),
      sample('accepted', '/s', growth.rate('accepted')),
      sample('max_children_reached', 'count', growth.grown('full')),
      sample('slow_requests', 'count', growth.grown('slow')),
    ]
  }

  async stop(): Promise<Parting> {
    return {}
  }
}

const usualPaths = ['/status', '/fpm-status'] as const

const pageAt = (url: string): Promise<Detected<{ url: string }>[]> =>
  statusAt(new URL(url), AbortSignal.timeout(2000)).then(
    () => [{ seen: `${url} is a status page of PHP-FPM`, options: { url } }],
    () => [],
  )

export const phpFpmKind = probeKind({
  kind: 'php-fpm',
  reads: 'children and the listen queue of a pool of PHP-FPM, by the url of its status page',
  needs: 'pm.status_path = /status and pm.status_listen = 127.0.0.1:9001 in the pool: without a port of its own the page waits in the same line as everybody.',
  options,
  create: (name, page) => new PhpFpmProbe(name, page),
  looksFor: `a status page of PHP-FPM: where it listens on this machine, and of the target, at ${usualPaths.join(' and ')}`,
  detect: async ({ target, proc }) => {
    const children = isHere(target) ? processesNamed(/^php-fpm/, proc) : []
    const places = [...portsListenedOn(children, proc).map((port) => `fcgi://127.0.0.1:${port}`), new URL(target.url).origin]
    const pages = await Promise.all(places.flatMap((place) => usualPaths.map((path) => pageAt(`${place}${path}`))))
    const found = pages.flat()
    if (found.length > 0 || children.length === 0) return found
    const lacks = 'set pm.status_path and pm.status_listen in the pool, and reload PHP-FPM'
    return [{ seen: 'PHP-FPM runs on this machine, without a status page where one usually is', options: { url: 'fcgi://127.0.0.1:9001/status' }, lacks }]
  },
})

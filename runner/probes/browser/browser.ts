/**
 * Visits pages of the target in a real browser, at a slow and steady pace, before the load and while it runs: what a user sees of it.
 * A visit costs about a second of CPU, so visits are probes beside the load and never the load.
 */
import { z } from 'zod'
import { coresAvailable } from '../../machine/limits.ts'
import type { Caveat } from '../../run.ts'
import { userAgentOf } from '../../user-agent.ts'
import { ownVersion } from '../../version.ts'
import { pageOf } from '../answer.ts'
import { type Detected, type ProbeWorld, probeKind } from '../kind.ts'
import { type Parting, type Probe, type Sample, samplesOf } from '../probe.ts'
import { Chromium, hasChromium } from './chromium.ts'
import { reachOf } from './reach.ts'
import { caveatsOf, filesOf, observationsOf, type PageVisits, seriesOf, type Visited } from './record.ts'
import { Visiting, type VisitOptions } from './visit.ts'

const path = z.string().regex(/^(\/|https?:\/\/)/, 'a page is a path that begins with /, or a URL')
const page = z.union([
  path.transform((only) => ({ path: only, click: undefined })),
  z.strictObject({ path, click: z.string().min(1).optional().describe('selector of what is clicked once the page is quiet; INP is the time until it shows') }),
])

const options = z.strictObject({
  pages: z
    .record(z.string().regex(/^[a-z][a-z0-9_-]*$/, 'names of pages are lower case letters, digits, - and _'), page)
    .refine((pages) => Object.keys(pages).length > 0, 'names at least one page'),
  every: z.int().min(2).default(5).describe('seconds between two visits while load runs; pages take turns'),
  before: z.int().min(0).max(10).default(3).describe('visits of each page before the load'),
  patience: z.int().min(1).max(60).default(30).describe('seconds a page may take to load'),
  viewport: z.strictObject({ width: z.int().min(200).max(4000), height: z.int().min(200).max(4000) }).default({ width: 1280, height: 800 }),
  executable: z.string().optional().describe('path of a Chromium; searched on the PATH when left out'),
  sandbox: z.boolean().optional().describe('of Chromium; on unless perf runs as root'),
})
type Options = z.output<typeof options>

const mostOpen = 3 // pages at once: each takes 70 MiB, and a core while it loads
const apart = 1.5 // seconds between two visits before the load: the next page loads while this one is watched for its 5 s of quiet
const watchedFor = 10 // seconds that the last of them may take besides
const mostBefore = 60 // seconds that the load waits at most
const detecting = 3000 // milliseconds for the target's first page
const letGo = 2500 // milliseconds that open pages have at the end

/** A page while the run goes on; its visits in the order in which they ended, at moments of the clock that never jumps. */
type Kept = { readonly name: string; readonly options: VisitOptions; readonly before: Visited[]; readonly under: Visited[]; cutOff: number }

/** Told from this share of the machine on, less disturbs nobody, and of so many seconds at least: one visit alone fills a core. */
const told = { share: 0.1, seconds: 10 } as const

class BrowserProbe implements Probe {
  readonly every = 1
  readonly beforeLoad: NonNullable<Probe['beforeLoad']>
  readonly announcement: string
  readonly #over = new AbortController()
  readonly #open = new Set<Promise<void>>()
  #chromium: Chromium | undefined
  #pages: readonly Kept[] = []
  /** The load's second 0, in milliseconds on the clock that never jumps. */
  #origin: number | undefined
  #next = 0
  #lastAt = Number.NEGATIVE_INFINITY
  #skipped = 0
  #cpu: { readonly at: number; readonly time: number } | undefined
  readonly #cores: number[] = []

  constructor(
    readonly name: string,
    private readonly given: Options,
    private readonly world: ProbeWorld,
  ) {
    const names = Object.keys(given.pages)
    const visits = names.length * given.before
    const most = Math.min(mostBefore, Math.ceil(visits * apart) + watchedFor)
    this.beforeLoad = { most: visits === 0 ? 0 : most, look: (signal) => this.#lookBefore(signal) }
    const first = visits === 0 ? '' : `${visits} visits before the load (${most} s at most), then `
    this.announcement = `${first}one each ${given.every} s: ${names.join(', ')}`
  }

  async start(): Promise<void> {
    const { target, plan } = this.world
    const reach = reachOf(target, plan?.boundary ?? { hosts: [] })
    const pages = Object.entries(this.given.pages).map(([name, { path: where, click }]) => {
      const url = where.startsWith('/') ? `${target.url}${where}` : where
      const { hostname } = new URL(url)
      if (!reach.isAllowed(hostname)) throw new Error(`its page "${name}" is on ${hostname}, which is neither loopback nor the target nor in targets.allow`)
      return { name, url, click }
    })
    const chromium = await Chromium.launch({ executable: this.given.executable, sandbox: this.given.sandbox, flags: reach.flags })
    this.#chromium = chromium
    const { patience, viewport } = this.given
    const common = {
      patience: patience * 1000,
      viewport,
      userAgent: `${chromium.userAgent} ${userAgentOf(ownVersion(), plan?.id ?? 'none', 'browser')}`,
      headers: plan?.headers ?? {},
      insecure: plan?.insecure ?? false,
      isAllowed: reach.isAllowed,
    }
    this.#pages = pages.map(({ name, url, click }) => ({ name, options: { ...common, url, click }, before: [], under: [], cutOff: 0 }))
    await this.#warmUp(chromium)
  }

  async read(_: AbortSignal, at = 0): Promise<readonly Sample[]> {
    this.#origin ??= performance.now() - at * 1000
    // A reading comes a few milliseconds early or late.
    if (performance.now() - this.#lastAt >= this.given.every * 1000 - 500) this.#visitNext()
    const cores = await this.#coresUsed()
    if (cores !== null) this.#cores.push(cores)
    return [samplesOf(this.name)('browser_cpu', 'cores', cores, coresAvailable())]
  }

  async stop(): Promise<Parting> {
    this.#over.abort()
    await Promise.race([Promise.all(this.#open), new Promise((resolve) => setTimeout(resolve, letGo))])
    const version = this.#chromium?.version
    await this.#chromium?.close()
    if (version === undefined) return {}
    const pages = this.#pages.map((kept) => this.#told(kept))
    return {
      series: pages.flatMap((each) => seriesOf(this.name, each)),
      observations: [
        ...pages.flatMap((each) => observationsOf(this.name, each)),
        { probe: this.name, kind: 'browser', subject: version, values: { cpu: this.#meanCores(), cores: coresAvailable() } },
      ],
      files: pages.flatMap(filesOf),
      caveats: [...caveatsOf(this.name, pages), ...this.#ofItself()],
    }
  }

  #told({ name, options: { url, click }, before, under, cutOff }: Kept): PageVisits {
    // A run that ended before its load began has no second 0: its visits are told from now.
    const origin = this.#origin ?? performance.now()
    const inOrder = (visits: readonly Visited[]): Visited[] => visits.map((visit) => ({ ...visit, at: (visit.at - origin) / 1000 })).sort((a, b) => a.at - b.at)
    return { name, url, click, before: inOrder(before), under: inOrder(under), cutOff }
  }

  /** The first page that a browser opens waits for the browser too. */
  async #warmUp({ browser }: Chromium): Promise<void> {
    const context = await browser.newContext()
    await (await context.newPage()).goto('about:blank')
    await context.close()
  }

  /** One page loads at a time; while it is watched for its quiet, the next one loads. */
  async #lookBefore(signal: AbortSignal): Promise<void> {
    const watched: Promise<void>[] = []
    const began = performance.now()
    for (let round = 0; round < this.given.before; round++)
      for (const kept of this.#pages) {
        const due = began + watched.length * apart * 1000
        await new Promise((resolve) => setTimeout(resolve, due - performance.now()))
        if (signal.aborted) break
        let isLoaded = (): void => {}
        const loaded = new Promise<void>((resolve) => {
          isLoaded = resolve
        })
        watched.push(this.#visit(kept, kept.before, signal, isLoaded))
        await loaded
      }
    await Promise.all(watched)
  }

  #visitNext(): void {
    this.#lastAt = performance.now()
    if (this.#open.size >= mostOpen) {
      this.#skipped += 1
      return
    }
    const kept = this.#pages[this.#next % this.#pages.length]
    if (kept === undefined) return
    this.#next += 1
    const visit: Promise<void> = this.#visit(kept, kept.under, this.#over.signal).finally(() => this.#open.delete(visit))
    this.#open.add(visit)
  }

  async #visit(kept: Kept, into: Visited[], signal: AbortSignal, onLoaded = (): void => {}): Promise<void> {
    const began = performance.now()
    try {
      const visiting = this.#chromium && (await Visiting.open(this.#chromium.browser, kept.options, signal))
      onLoaded()
      if (visiting === undefined) {
        kept.cutOff += 1
        return
      }
      // Before the load the first picture is as good as any.
      const isWorth = (load: number): boolean => into.every(({ picture, figures }) => picture === undefined || load > (figures.page_load ?? Infinity))
      const visit = await visiting.finish(signal, into === kept.before ? () => into.length === 0 : isWorth)
      await this.#chromium?.cpuTime() // its renderer ends with it, and takes its account along
      await visiting.close()
      into.push({ ...visit, at: began })
    } catch {
      kept.cutOff += 1 // the browser was gone before the page
    } finally {
      onLoaded()
    }
  }

  async #coresUsed(): Promise<number | null> {
    const before = this.#cpu
    const time = (await this.#chromium?.cpuTime()) ?? 0
    this.#cpu = { at: performance.now(), time }
    return before === undefined ? null : ((time - before.time) * 1000) / (this.#cpu.at - before.at)
  }

  #meanCores(): number | null {
    return this.#cores.length === 0 ? null : Number((this.#cores.reduce((sum, cores) => sum + cores, 0) / this.#cores.length).toPrecision(3))
  }

  #ofItself(): Caveat[] {
    const [mean, most, cores] = [this.#meanCores() ?? 0, Math.max(0, ...this.#cores), coresAvailable()]
    const share = mean / cores
    return [
      ...(share < told.share || this.#cores.length < told.seconds
        ? []
        : [
            {
              code: `${this.name}-cpu`,
              text: `The browser took ${mean} of this machine's ${cores} cores while load ran (${Number(most.toPrecision(2))} at most in a second), where less than ${told.share * 100} % disturbs nobody: the load, and a target on this machine, had that much less. Visit less often ("every"), or make the load on a larger machine.`,
            },
          ]),
      ...(this.#skipped === 0
        ? []
        : [
            {
              code: `${this.name}-visits-skipped`,
              text: `${this.#skipped} visits were left out, because ${mostOpen} pages were still open. A visit takes its time to load and 5 s of quiet. Visit less often ("every"); the figures of the other visits are whole.`,
            },
          ]),
    ]
  }
}

/** A target that answers its first path with a page is one that people look at. */
const detect = async ({ target }: ProbeWorld): Promise<readonly Detected<z.input<typeof options>>[]> => {
  const text = await pageOf(`${target.url}/`, AbortSignal.timeout(detecting)).catch(() => '')
  if (!/^\s*<(!doctype html|html)\b/i.test(text)) return []
  const found = { seen: 'The target answers / with a page', options: { pages: { home: '/' } } }
  return [hasChromium() ? found : { ...found, lacks: 'Install Chromium or Chrome (apt-get install chromium).' }]
}

export const browserKind = probeKind({
  kind: 'browser',
  reads: 'what a user sees: pages of the target in a Chromium, before the load and while it runs, by their names and paths',
  package: 'playwright-core',
  needs: 'The package playwright-core, an installed Chromium, and GET on the pages. It has no session of its own: each visit is a new visitor.',
  options,
  create: (name, given, world) => new BrowserProbe(name, given, world),
  looksFor: 'a page as the answer of the target to /',
  detect,
})

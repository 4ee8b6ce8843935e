/** One visit: a page opened in a browser context of its own, stayed on until it is quiet, pictured, clicked, and left. */
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core'
import { failureOf } from './failure.ts'
import { type FigureName, type Figures, figureNames, transferKinds } from './figures.ts'
import { observers, type PageRecord, pageRecord } from './observers.ts'
import { type Account, Traffic } from './traffic.ts'
import { cumulativeLayoutShift, interactionToNextPaint, timeToInteractive, totalBlockingTime } from './vitals.ts'

export type VisitOptions = {
  readonly url: string
  /** What is clicked once the page is quiet. */
  readonly click: string | undefined
  /** Milliseconds that the page may take to load. */
  readonly patience: number
  readonly userAgent: string
  readonly headers: Readonly<Record<string, string>>
  readonly insecure: boolean
  readonly viewport: { readonly width: number; readonly height: number }
  readonly isAllowed: (host: string) => boolean
}

export type Visit = {
  /** Why the page did not come; its figures are unknown then. */
  readonly failure: string | undefined
  readonly figures: Figures
  /** Why a figure is unknown of a page that came. */
  readonly unknown: Readonly<Partial<Record<FigureName, string>>>
  readonly blocked: Account['blocked']
  /** The page as it was once it was quiet or given up, in Base64; undefined when nobody asked for it. */
  readonly picture: Picture | undefined
}

export type Picture = {
  /** As large as the window. */
  readonly png: string
  /** A third as wide. */
  readonly jpeg: string
}

const longestStay = 20_000 // milliseconds after loading, for a page to become quiet
const look = 500 // milliseconds between two looks whether it is
const clickPatience = 3000 // milliseconds for what is to be clicked to be there, and again for the click to be told of
const picturePatience = 3000

const noFigures = Object.fromEntries(figureNames.map((name) => [name, null])) as Record<FigureName, null>
const sleep = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
    if (signal.aborted) done()
  })

const within = <T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, milliseconds, undefined)
  })
  return Promise.race([work.catch(() => undefined), late]).finally(() => clearTimeout(timer))
}

/** What has happened counts; 0 stands for what has not. */
const happened = (moment: number | undefined): number | null => (moment === undefined || moment === 0 ? null : moment)

export class Visiting {
  readonly #traffic: Traffic
  #consoleErrors = 0
  #failure: string | undefined

  private constructor(
    private readonly options: VisitOptions,
    private readonly context: BrowserContext,
    private readonly page: Page,
    private readonly session: CDPSession,
  ) {
    this.#traffic = new Traffic(options.isAllowed)
    page.on('pageerror', () => this.#countError())
    // What did not load is among the failed requests.
    page.on('console', (message) => message.type() === 'error' && !/^Failed to load resource/.test(message.text()) && this.#countError())
  }

  /**
   * Opens the page in a context that knows nothing yet, and waits until it has loaded, or failed to.
   * @returns undefined when the signal came first
   */
  static async open(browser: Browser, options: VisitOptions, signal: AbortSignal): Promise<Visiting | undefined> {
    const { userAgent, viewport, insecure, headers } = options
    const context = await browser.newContext({ userAgent, viewport, ignoreHTTPSErrors: insecure, extraHTTPHeaders: headers, acceptDownloads: false })
    const page = await context.newPage()
    const visiting = new Visiting(options, context, page, await context.newCDPSession(page))
    const leave = (): void => void visiting.close()
    signal.addEventListener('abort', leave)
    try {
      await visiting.#open()
    } finally {
      signal.removeEventListener('abort', leave)
    }
    if (!signal.aborted) return visiting
    await visiting.close()
    return undefined
  }

  #countError(): void {
    this.#consoleErrors += 1
  }

  async #open(): Promise<void> {
    const { url, patience } = this.options
    await this.page.addInitScript(observers)
    await this.#traffic.follow(this.session)
    try {
      const answer = await this.page.goto(url, { waitUntil: 'load', timeout: patience })
      if (answer !== null && answer.status() >= 400) this.#failure = `HTTP ${answer.status()}`
    } catch (error) {
      this.#failure = failureOf((error as Error).message)
    }
  }

  /**
   * @param signal cuts the stay short: what is known until then is told
   * @param isWorthPicture asked with the time the page took to load, Infinity when it did not come
   */
  async finish(signal: AbortSignal, isWorthPicture: (load: number) => boolean): Promise<Visit> {
    const record = this.#failure === undefined ? await this.#stay(signal) : undefined
    const { blocked, ...account } = this.#traffic.account
    const load = happened(record?.navigation?.load) ?? Number.POSITIVE_INFINITY
    const base = { failure: this.#failure, blocked, picture: isWorthPicture(load) ? await this.#picture() : undefined }
    if (record === undefined) return { ...base, figures: noFigures, unknown: {} }
    const interactive = timeToInteractive(record, this.#traffic.stretches)
    const errors = this.#consoleErrors
    const click = await this.#click()
    const figures: Figures = {
      page_load: happened(record.navigation?.load),
      ttfb: happened(record.navigation?.responseStart),
      fcp: record.firstPaint,
      lcp: record.largestPaint,
      cls: cumulativeLayoutShift(record.shifts),
      inp: click.inp,
      time_to_interactive: interactive,
      total_blocking_time: totalBlockingTime(record, interactive ?? record.now),
      requests: account.requests,
      failed_requests: account.failed,
      console_errors: errors,
      bytes: transferKinds.reduce((sum, kind) => sum + account.bytes[kind], 0),
      ...(Object.fromEntries(transferKinds.map((kind) => [`bytes.${kind}`, account.bytes[kind]])) as Record<`bytes.${(typeof transferKinds)[number]}`, number>),
    }
    return { ...base, figures, unknown: { ...(interactive === null && { time_to_interactive: restless(record, signal) }), ...click.unknown } }
  }

  /** Until it has been quiet for long enough to say when it became interactive. */
  async #stay(signal: AbortSignal): Promise<PageRecord | undefined> {
    const end = performance.now() + longestStay
    for (;;) {
      const record = await this.#record()
      if (record === undefined) {
        this.#failure = 'other' // it went away, or its renderer ended
        return undefined
      }
      if (signal.aborted || performance.now() >= end || timeToInteractive(record, this.#traffic.stretches) !== null) return record
      await sleep(look, signal)
    }
  }

  #record(): Promise<PageRecord | undefined> {
    return within(look * 10, this.page.evaluate<PageRecord>(pageRecord))
  }

  async #click(): Promise<{ readonly inp: number | null; readonly unknown: Visit['unknown'] }> {
    const { click } = this.options
    if (click === undefined) return { inp: null, unknown: {} }
    const unknown = (because: string) => ({ inp: null, unknown: { inp: because } })
    try {
      await this.page.click(click, { timeout: clickPatience, noWaitAfter: true })
    } catch {
      return unknown(`nothing that matches ${click} could be clicked within ${clickPatience / 1000} s`)
    }
    const end = performance.now() + clickPatience
    while (performance.now() < end) {
      const record = await this.#record()
      if (record === undefined) return unknown('the click led away from the page')
      const inp = interactionToNextPaint(record.interactions)
      if (inp !== null) return { inp, unknown: {} }
      await sleep(50, new AbortController().signal)
    }
    return unknown('the browser told of no interaction')
  }

  /** What the window shows; undefined when the browser gives no picture. */
  async #picture(): Promise<Picture | undefined> {
    const { width, height } = this.options.viewport
    const take = async (format: 'png' | 'jpeg', scale: number, quality?: number): Promise<string | undefined> => {
      const clip = { x: 0, y: 0, width, height, scale }
      const taken = await within(picturePatience, this.session.send('Page.captureScreenshot', { format, clip, ...(quality !== undefined && { quality }) }))
      return taken?.data
    }
    const [png, jpeg] = [await take('png', 1), await take('jpeg', 1 / 3, 60)]
    return png === undefined || jpeg === undefined ? undefined : { png, jpeg }
  }

  async close(): Promise<void> {
    await this.context.close().catch(() => {}) // the browser ended before it
  }
}

const restless = ({ firstPaint }: PageRecord, signal: AbortSignal): string => {
  if (firstPaint === null) return 'it showed nothing'
  return signal.aborted ? 'the run was over before it had been quiet for 5 s' : `it was not quiet for 5 s within ${longestStay / 1000} s of loading`
}

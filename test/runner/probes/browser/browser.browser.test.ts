/** The probe with a real browser, on pages whose figures are known. Bounds are physical: a noisy machine makes everything longer, nothing shorter. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { browserKind } from '../../../../runner/probes/browser/browser.ts'
import type { Parting, Probe } from '../../../../runner/probes/probe.ts'
import { purposeOf } from '../../../../runner/user-agent.ts'
import { chromiumPath } from '../../../support/chromium.ts'
import { startPages } from '../../../targets/pages.ts'

type Pages = Awaited<ReturnType<typeof startPages>>

const probeOf = ({ url }: Pages, options: Record<string, unknown>): Probe =>
  browserKind.create('browser', browserKind.options.parse({ executable: chromiumPath, ...options }), {
    target: { url, hostname: '127.0.0.1', addresses: ['127.0.0.1'] },
    plan: { id: 'test-run', boundary: { hosts: [] }, headers: {}, insecure: false },
  })

/** As a run does it: before the load, at each of its seconds, and at its end. */
const lived = async (probe: Probe, seconds: number): Promise<Parting> => {
  const { signal } = new AbortController()
  await probe.start(signal)
  await probe.beforeLoad?.look(signal)
  for (let second = 0; second <= seconds; second++) {
    await probe.read(signal, second)
    await pause(1000)
  }
  return probe.stop()
}

describe.skipIf(chromiumPath === undefined)(
  `pages in a browser${chromiumPath === undefined ? ' (skipped: no Chromium found; install it, or set CHROMIUM)' : ''}`,
  () => {
    let pages: Pages
    beforeAll(async () => {
      pages = await startPages()
    })
    afterAll(() => pages.stop())

    describe('of a page that is known', () => {
      let parting: Parting
      let figures: Record<string, number | string | null>
      beforeAll(async () => {
        parting = await lived(probeOf(pages, { pages: { known: { path: '/page', click: '#button' } }, before: 1, every: 5 }), 8)
        figures = parting.observations?.find(({ kind }) => kind === 'visit')?.values ?? {}
      })

      const figure = (name: string): number => {
        const value = figures[name]
        if (typeof value !== 'number') throw new Error(`${name} is ${value}`)
        return value
      }

      test('its document and its picture are waited for', () => {
        const { documentDelay, pictureDelay } = pages.truth
        expect(figure('ttfb')).toBeGreaterThanOrEqual(documentDelay - 1)
        expect(figure('fcp')).toBeGreaterThanOrEqual(figure('ttfb'))
        expect(figure('lcp')).toBeGreaterThanOrEqual(documentDelay + pictureDelay - 1) // the picture, and not the text before it
        expect(figure('page_load')).toBeGreaterThanOrEqual(documentDelay + pictureDelay - 1)
        expect(figure('page_load')).toBeLessThan(10_000)
      })

      test('long tasks keep it from being interactive, and only what is beyond 50 ms of each blocks', () => {
        expect(figure('total_blocking_time')).toBeGreaterThanOrEqual(pages.truth.totalBlockingTime - 1)
        expect(figure('total_blocking_time')).toBeLessThan(pages.truth.totalBlockingTime + 1500)
        expect(figure('time_to_interactive')).toBeGreaterThanOrEqual((pages.lastTasks[0] ?? 0) - 10)
        expect(figure('time_to_interactive')).toBeLessThan((pages.lastTasks[0] ?? 0) + 3000)
      })

      test('content that moves is measured against the window', () => {
        expect(figure('cls')).toBeCloseTo(pages.truth.cumulativeLayoutShift, 2)
      })

      test('a click lasts until its handler is done', () => {
        expect(figure('inp')).toBeGreaterThanOrEqual(pages.truth.clickTakes)
        expect(figure('inp')).toBeLessThan(pages.truth.clickTakes + 2000)
      })

      test('bytes are of their kinds, with their heads', () => {
        for (const [kind, bytes] of Object.entries(pages.truth.bytes)) {
          expect(figure(`bytes.${kind}`)).toBeGreaterThanOrEqual(bytes)
          expect(figure(`bytes.${kind}`)).toBeLessThan(bytes + 1000)
        }
        expect(figure('bytes')).toBeGreaterThan(Object.values(pages.truth.bytes).reduce((sum, bytes) => sum + bytes))
      })

      test('failed requests and console errors are counted, each once', () => {
        expect(figure('failed_requests')).toBe(pages.truth.failedRequests)
        expect(figure('console_errors')).toBe(pages.truth.consoleErrors)
      })

      test('other hosts are not contacted, by name or by address, and that is said', () => {
        const caveat = parting.caveats?.find(({ code }) => code === 'browser-hosts-blocked')
        expect(caveat?.text).toMatch(/^The browser was kept from 192\.0\.2\.1, elsewhere\.invalid \(\d+ requests\)/)
      })

      test('an access log can tell its requests from the load', () => {
        expect([...pages.userAgents].map(purposeOf)).toEqual(['browser'])
      })

      test('visits while load runs are series, at their moments, and a picture of both is kept', () => {
        const load = parting.series?.find(({ name }) => name === 'browser.known.page_load')
        expect(load?.unit).toBe('ms')
        expect(load?.at.length).toBeGreaterThanOrEqual(1)
        expect(load?.at[0]).toBeGreaterThanOrEqual(0)
        expect(load?.at[0]).toBeLessThan(5)
        expect(load?.values.every((value) => value !== null && value >= pages.truth.documentDelay)).toBe(true)
        expect(parting.files?.map(({ path }) => path)).toEqual(['pages/known-unloaded.png', 'pages/known-worst.png'])
        expect(parting.files?.map(({ content }) => Buffer.from(content.subarray(1, 4)).toString())).toEqual(['PNG', 'PNG'])
      })
    })

    test('a page that does not come is a gap with its cause', async () => {
      const parting = await lived(probeOf(pages, { pages: { heavy: '/heavy', silent: '/silent' }, before: 0, every: 2, patience: 1 }), 8)
      const values = (name: string) => parting.series?.find((series) => series.name === name)?.values
      expect(values('browser.heavy.page_load')?.every((value) => value === null)).toBe(true)
      expect(values('browser.heavy.failed')?.every((value) => value === 1)).toBe(true)
      const failures = (page: string) => parting.observations?.find(({ kind, subject }) => kind === 'page' && subject === page)?.values.failures
      expect(failures('heavy')).toMatch(/^\d+ × HTTP 503$/)
      expect(failures('silent')).toMatch(/^\d+ × timeout$/)
      const texts = parting.caveats?.map(({ text }) => text).join('\n')
      expect(texts).toMatch(/The page "heavy" did not come in \d+ of \d+ visits: \d+ × HTTP 503\./)
    })

    test('a page that is never quiet has no time to interactive, and one without what is clicked no INP', async () => {
      // Visits before the load are counted, not timed: of fewer than three nothing is said.
      const parting = await lived(probeOf(pages, { pages: { restless: { path: '/restless', click: '#absent' } }, before: 3, every: 2, patience: 1 }), 3)
      const values = (name: string) => parting.series?.find((series) => series.name === name)?.values
      expect(values('browser.restless.time_to_interactive')?.every((value) => value === null)).toBe(true)
      const texts = parting.caveats?.map(({ text }) => text).join('\n')
      expect(texts).toMatch(/Time to interactive of the page "restless" is unknown in \d+ of \d+ visits/)
      expect(texts).toContain('nothing that matches #absent could be clicked')
    })

    test('a target that answers / with a page is one to visit, any other is not', async () => {
      const found = (url: string) => browserKind.detect?.({ target: { url, hostname: '127.0.0.1', addresses: ['127.0.0.1'] } })
      expect(await found(`${pages.url}/page#`)).toMatchObject([{ seen: 'The target answers / with a page', options: { pages: { home: '/' } } }])
      expect(await found(pages.url)).toEqual([])
    })

    test('a browser that is not there is said, with what to do', async () => {
      const probe = probeOf(pages, { pages: { known: '/page' }, executable: '/nowhere/chromium' })
      await expect(probe.start(new AbortController().signal)).rejects.toThrow('there is no program at /nowhere/chromium')
    })

    test('a page on a host that nobody allowed is refused', async () => {
      const probe = probeOf(pages, { pages: { away: 'http://elsewhere.invalid/' } })
      await expect(probe.start(new AbortController().signal)).rejects.toThrow('its page "away" is on elsewhere.invalid')
    })
  },
)

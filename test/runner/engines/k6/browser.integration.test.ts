/** k6's own browser module, on the installed Chromium. */
import { afterEach, beforeEach, describe, expect, vi } from 'vitest'
import { chromiumPath } from '../../../support/chromium.ts'
import { startPages } from '../../../targets/pages.ts'
import { measure, testWithK6 } from './measuring.ts'

const script = `
  import http from 'k6/http'
  import { browser } from 'k6/browser'
  import { check } from 'k6'
  export const options = { scenarios: { ui: { executor: 'shared-iterations', vus: 1, iterations: 2, options: { browser: { type: 'chromium' } } } } }
  export default async function () {
    http.get(__ENV.PERF_TARGET + '/other.json')
    const page = await browser.newPage()
    try {
      await page.goto(__ENV.PERF_TARGET + '/page')
      check(await page.title(), { 'the page has its title': (title) => title === 'Known' })
    } finally {
      await page.close()
    }
  }`

describe.skipIf(chromiumPath === undefined)(
  `k6/browser${chromiumPath === undefined ? ' (skipped: no Chromium found; install it, or set CHROMIUM)' : ''}`,
  () => {
    beforeEach(() => {
      vi.stubEnv('K6_BROWSER_EXECUTABLE_PATH', chromiumPath)
      vi.stubEnv('K6_BROWSER_HEADLESS', 'true')
      if (process.getuid?.() === 0) vi.stubEnv('K6_BROWSER_ARGS', 'no-sandbox')
    })
    afterEach(() => {
      vi.unstubAllEnvs()
    })

    const visiting = async (keepOptions: boolean) => {
      const pages = await startPages()
      try {
        return { ...(await measure({ target: pages.url, rate: '1/s', duration: '2s', plan: { users: 2 }, script, keepOptions })), pages }
      } finally {
        await pages.stop()
      }
    }

    testWithK6("a script's pages are visited under its own load, and what k6 says of them is among the run's metrics", async () => {
      const { total, error, pages } = await visiting(true)
      expect(error).toBeUndefined()
      expect(total.checks).toEqual({ 'the page has its title': { passed: 2, failed: 0 } })
      for (const vital of ['fcp', 'ttfb']) expect(total.metrics[`browser_web_vital_${vital}`]).toMatchObject({ kind: 'trend', values: { count: 2 } })
      const ttfb = total.metrics.browser_web_vital_ttfb
      if (ttfb?.kind === 'trend') expect(ttfb.values.min).toBeGreaterThanOrEqual(0.99 * pages.truth.documentDelay)
    })

    testWithK6('under our load, each arrival gets a browser', async () => {
      const { total, error } = await visiting(false)
      expect(error).toBeUndefined()
      expect(total).toMatchObject({ planned: 2, started: 2 })
      expect(total.checks['the page has its title']).toMatchObject({ failed: 0 })
      expect(total.metrics.browser_web_vital_fcp).toMatchObject({ kind: 'trend' })
    })
  },
)

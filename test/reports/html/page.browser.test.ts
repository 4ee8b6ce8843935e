/** The page in a real browser: what a stylesheet and a program do can't be read from their text. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html } from '../../../reports/html/page.ts'
import { chromiumPath } from '../../support/chromium.ts'
import { everyReport } from '../support/situations.ts'

describe.skipIf(chromiumPath === undefined)(
  `the page in a browser${chromiumPath === undefined ? ' (skipped: no Chromium found; install it, or set CHROMIUM to its path)' : ''}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'report-page-'))
    const [errors, requests]: [string[], string[]] = [[], []]
    let browser: Browser

    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: chromiumPath ?? '',
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
      })
      for (const [name, make] of Object.entries(everyReport)) writeFileSync(join(folder, `${name}.html`), html(make()))
    })
    afterAll(async () => {
      await browser.close()
      rmSync(folder, { recursive: true })
    })

    const open = async (name: keyof typeof everyReport, options: BrowserContextOptions = {}): Promise<Page> => {
      errors.length = requests.length = 0
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
      const page = await context.newPage()
      page.on('console', (message) => errors.push(message.text()))
      page.on('pageerror', (error) => errors.push(error.message))
      page.on('dialog', (dialog) => errors.push(`dialog ${dialog.message()}`))
      page.on('request', (request) => requests.push(request.url()))
      await page.goto(pathToFileURL(join(folder, `${name}.html`)).href, { waitUntil: 'load' })
      return page
    }

    /** What is evaluated in the page is text: types of the browser would reach into every other file, too. */
    const ask = async <T>(page: Page, expression: string): Promise<T> => (await page.evaluate(expression)) as T

    /** Number of colours in each canvas: an empty one has a single colour. */
    const colours = (page: Page): Promise<number[]> =>
      ask(
        page,
        `[...document.querySelectorAll('canvas')].map((canvas) => {
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
        const seen = new Set()
        for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 200) seen.add((data[at] << 16) | (data[at + 1] << 8) | data[at + 2])
        return seen.size
      })`,
      )

    /** Texts of the page with less than 4.5:1 between their colour and what is behind them. */
    const poorContrast = `(() => {
    const parse = (colour) => colour.match(/[\\d.]+/g).map(Number)
    const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4)
    const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    const behind = (element) => {
      if (!element) return [255, 255, 255]
      const colour = parse(getComputedStyle(element).backgroundColor)
      return colour[3] === 0 ? behind(element.parentElement) : colour
    }
    const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim())
    return [...document.querySelectorAll('main *, header *')].filter((element) => hasText(element) && !element.closest('.hidden, canvas, .off')).flatMap((element) => {
      const [a, b] = [luminance(parse(getComputedStyle(element).color)), luminance(behind(element))].sort((x, y) => y - x)
      const ratio = (a + 0.05) / (b + 0.05)
      return ratio < 4.5 ? [element.tagName + ' ' + element.className + ' ' + element.textContent.slice(0, 30) + ' ' + ratio.toFixed(2)] : []
    })
  })()`

    test.each(Object.keys(everyReport) as (keyof typeof everyReport)[])('%s draws its charts without an error and without a request', async (name) => {
      const page = await open(name)
      const drawn = await colours(page)
      expect(drawn.length).toBeGreaterThan(2)
      for (const seen of drawn) expect(seen).toBeGreaterThan(3)
      expect(errors).toEqual([])
      expect(requests.filter((url) => !url.startsWith('data:'))).toEqual([page.url()])
      await page.context().close()
    })

    test.each(Object.keys(everyReport) as (keyof typeof everyReport)[])('%s never scrolls sideways on a phone', async (name) => {
      const page = await open(name, { viewport: { width: 390, height: 844 } })
      expect(await ask<number>(page, 'document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
      await page.context().close()
    })

    test.each(['light', 'dark'] as const)('text stands 4.5:1 off what is behind it in the %s theme', async (colorScheme) => {
      for (const name of ['failingSpike', 'invalidRun', 'passingBaseline'] as const) {
        const page = await open(name, { colorScheme })
        const poor = await ask<string[]>(page, poorContrast)
        expect(poor).toEqual([])
        await page.context().close()
      }
    })

    test('the keyboard reaches the skip link first, then the theme, the scale and the sort buttons', async () => {
      const page = await open('failingSpike')
      const reached: string[] = []
      for (let step = 0; step < 60; step++) {
        await page.keyboard.press('Tab')
        reached.push(await ask<string>(page, 'document.activeElement.textContent.trim()'))
        if (reached.at(-1) === 'Requests') break
      }
      expect(reached[0]).toBe('Skip to the verdict')
      expect(reached[1]).toMatch(/theme$/)
      expect(reached).toContain('Logarithmic scale')
      expect(reached.at(-1)).toBe('Requests')
      await page.context().close()
    })

    test('a sort button sorts by figures, downwards first, and says so', async () => {
      const page = await open('failingSpike')
      const column = (): Promise<string[]> => ask(page, `[...document.querySelectorAll('#endpoints tbody tr')].map((row) => row.cells[1].textContent)`)
      const button = page.locator('#endpoints th button', { hasText: 'Requests' })
      const numbers = (texts: string[]): number[] => texts.map((text) => Number(text.replace(/,/g, '')))
      await button.press('Enter')
      await button.press('Enter')
      const rising = numbers(await column())
      expect(rising).toEqual(rising.toSorted((a, b) => a - b))
      expect(await page.locator('#endpoints th[aria-sort]').getAttribute('aria-sort')).toBe('ascending')
      await page.context().close()
    })

    test('the theme button and the scale button redraw', async () => {
      const page = await open('failingSpike', { colorScheme: 'light' })
      const paper = (): Promise<string> => ask(page, 'getComputedStyle(document.body).backgroundColor')
      const picture = (): Promise<string> => ask(page, `document.getElementById('chart-response-times').toDataURL()`)
      const [paperBefore, pictureBefore] = [await paper(), await picture()]
      await page.locator('#theme').click()
      expect(await paper()).not.toBe(paperBefore)
      const dark = await picture()
      expect(dark).not.toBe(pictureBefore)
      await page.locator('[data-logarithmic=response-times]').click()
      expect(await picture()).not.toBe(dark)
      expect(await page.locator('[data-logarithmic=response-times]').getAttribute('aria-pressed')).toBe('true')
      expect(errors).toEqual([])
      await page.context().close()
    })

    test('without JavaScript everything but the pictures is there, their figures included', async () => {
      const page = await open('failingSpike', { javaScriptEnabled: false })
      const visible = await page.locator('main').innerText()
      for (const text of ['FAIL', 'GET /search', 'The picture needs JavaScript', 'Every total equals its parts']) expect(visible).toContain(text)
      expect(await page.locator('#theme').isVisible()).toBe(false)
      expect(await page.locator('#response-times details table tbody tr').count()).toBeGreaterThan(20)
      await page.context().close()
    })

    test('prints on white paper, whatever the screen was', async () => {
      const page = await open('failingSpike', { colorScheme: 'dark' })
      await page.emulateMedia({ media: 'print' })
      expect(await ask(page, `getComputedStyle(document.querySelector('h1')).color`)).toBe('rgb(27, 33, 39)')
      expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000)
      await page.context().close()
    })
  },
)

import { XMLParser } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { html } from '../../../reports/html/page.ts'
import { script } from '../../../reports/html/script.ts'
import { expectGolden } from '../support/golden.ts'
import { everyReport } from '../support/situations.ts'

/** The page without its programs, style and data: what a person reads. */
const readable = (page: string): string => page.replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
const main = (page: string): string => /<main[\s\S]*<\/main>/.exec(page)?.[0] ?? ''
const sectionOf = (page: string, id: string): string => new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(page)?.[0] ?? ''

describe.each(Object.entries(everyReport))('the page of %s', (name, make) => {
  const page = html(make())

  test('has a verdict, budgets and sums as it always did', () => {
    const top = /<section class="verdict[\s\S]*?<\/section>\s*(<aside[\s\S]*?<\/aside>)?/.exec(page)?.[0] ?? ''
    expectGolden(
      `html/${name}.html`,
      [top, ...['breakpoint', 'capacity', 'advice', 'budgets', 'endpoints', 'times', 'shape', 'pages', 'totals'].map((id) => sectionOf(page, id))]
        .filter(Boolean)
        .join('\n'),
    )
  })

  test('closes every tag it opens', () => {
    // Void elements apart, the body is written as XML; the parser throws at a tag that is closed in the wrong place.
    const body = main(page)
      .replace(/<br>/g, '<br/>')
      .replace(/<(img [^>]*)>/g, '<$1/>')
      .replace(/<table data-sortable/g, '<table')
    expect(new XMLParser({ ignoreAttributes: false, unpairedTags: ['br'] }).parse(body, true)).toHaveProperty('main')
  })

  test('refers to nothing outside itself', () => {
    expect(readable(page).replace(/ src="data:image\/jpeg;base64,[\w+/=]+"/g, '')).not.toMatch(/<[^>]*\s(src|action|srcset)=/)
    for (const [, target] of readable(page).matchAll(/\bhref="([^"]*)"/g)) expect(target).toMatch(/^(#[a-z-]+|data:image\/svg\+xml,[\w%.~!*'()-]+)$/)
    expect(page).not.toMatch(/@import|url\(/)
    expect(page).not.toContain('sourceMappingURL')
  })

  test('every link in it leads somewhere', () => {
    for (const [, id] of readable(page).matchAll(/href="#([a-z-]+)"/g)) expect(page).toContain(`id="${id}"`)
  })

  test('is light enough to be mailed', () => expect(Buffer.byteLength(page)).toBeLessThan(600_000))
})

test('forbids the network and every program but its own', () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html(everyReport.tenSecondSmoke()))?.[1] ?? ''
  expect(policy).toMatch(/^default-src &#39;none&#39;; script-src (&#39;sha256-[\w+/=]+&#39; ?){2}; style-src &#39;unsafe-inline&#39;; img-src data:;/)
})

test('a hostile name stays text wherever it stands', () => {
  const page = html(everyReport.hostileNames())
  expect(page.match(/<script/g)).toHaveLength(3) // the data, the chart library and the page's own program
  expect(page.match(/<\/script/g)).toHaveLength(3)
  expect(page).not.toMatch(/<img/)
  expect(page).not.toMatch(/[\u202a-\u202e]|(?![\t\n])\p{Cc}/u)
  expect(readable(page)).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;')
})

test('the data of the charts reads back as JSON', () => {
  const data = /<script type="application\/json" id="charts">([\s\S]*?)<\/script>/.exec(html(everyReport.hostileNames()))?.[1] ?? ''
  expect(data).not.toContain('<')
  expect(JSON.parse(data).charts.length).toBeGreaterThan(2)
})

test('the verdict stands before everything else, the caveats right after it', () => {
  const page = main(html(everyReport.failingSpike()))
  const order = [
    'FAIL',
    'SUSPECT: read the figures with care',
    'id="budgets"',
    'id="arrivals"',
    'id="response-times"',
    'id="errors"',
    'id="endpoints"',
    'id="shape"',
    'id="checks"',
    'id="provenance"',
  ].map((text) => page.indexOf(text))
  expect(order).not.toContain(-1)
  expect(order).toEqual(order.toSorted((a, b) => a - b))
})

test('its program is one that parses, without what would end the template it is written in', () => {
  expect(() => new Function(script)).not.toThrow()
  expect(script).not.toMatch(/[`\\]|<\/script/)
})

test('a run without a single second has a page, too', () => {
  const report = everyReport.zeroAnswers()
  const page = html({ ...report, points: [], spans: [], stages: [], endpoints: [], run: { ...report.run, timeline: [] } })
  expect(page).toContain('No request was made.')
  expect(page).not.toContain('<canvas')
})

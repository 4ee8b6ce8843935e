import { describe, expect, test } from 'vitest'
import { type Figures, figureNames } from '../../../../runner/probes/browser/figures.ts'
import { caveatsOf, filesOf, observationsOf, type PageVisits, seriesOf, type Visited } from '../../../../runner/probes/browser/record.ts'

const figures = (known: Partial<Figures> = {}): Figures => ({ ...(Object.fromEntries(figureNames.map((name) => [name, null])) as Figures), ...known })
const aVisit = (at: number, changes: Partial<Visited> = {}): Visited => ({
  at,
  failure: undefined,
  figures: figures({ page_load: 100 + at, lcp: 90, time_to_interactive: 120 }),
  unknown: {},
  blocked: new Map(),
  picture: undefined,
  ...changes,
})
const failed = (at: number, failure: string): Visited => aVisit(at, { failure, figures: figures() })
const aPage = (changes: Partial<PageVisits> = {}): PageVisits => ({
  name: 'home',
  url: 'http://127.0.0.1/',
  click: undefined,
  before: [],
  under: [],
  cutOff: 0,
  ...changes,
})
const picture = (mark: string) => ({ png: Buffer.from(mark).toString('base64'), jpeg: 'AAAA' })
const textsOf = (page: PageVisits): string =>
  caveatsOf('browser', [page])
    .map(({ text }) => text)
    .join('\n')

describe('series', () => {
  test('a visit that failed is a gap in every figure, and counts as failed', () => {
    const series = seriesOf('browser', aPage({ under: [aVisit(0.123), failed(5, 'timeout'), aVisit(10)] }))
    expect(series.find(({ name }) => name === 'browser.home.page_load')).toEqual({
      name: 'browser.home.page_load',
      unit: 'ms',
      limit: null,
      at: [0.12, 5, 10],
      values: [100.123, null, 110],
    })
    expect(series.find(({ name }) => name === 'browser.home.failed')?.values).toEqual([0, 1, 0])
  })

  test('a page without a click has no INP, one without visits no series', () => {
    const names = (page: PageVisits) => seriesOf('browser', page).map(({ name }) => name)
    expect(names(aPage({ under: [aVisit(0)] }))).not.toContain('browser.home.inp')
    expect(names(aPage({ under: [aVisit(0)], click: 'button' }))).toContain('browser.home.inp')
    expect(names(aPage({ before: [aVisit(-3)] }))).toEqual([])
  })
})

test('the worst picture is of the visit that took longest, and of one that failed before all', () => {
  const slow = [aVisit(0, { picture: picture('first') }), aVisit(50, { picture: picture('slowest') }), aVisit(30, { picture: picture('other') })]
  const kept = (under: readonly Visited[]) => filesOf(aPage({ under })).map(({ path, content }) => [path, Buffer.from(content).toString()])
  expect(kept(slow)).toEqual([['pages/home-worst.png', 'slowest']])
  expect(kept([...slow, { ...failed(60, 'HTTP 503'), picture: picture('failed') }])).toEqual([['pages/home-worst.png', 'failed']])
  expect(observationsOf('browser', aPage({ under: slow }))[0]?.values).toMatchObject({ worst_at: 50, file_unloaded: null, file_worst: 'pages/home-worst.png' })
})

describe('what a reader must know', () => {
  test('on how many visits the page did not come, and what they met', () => {
    const text = textsOf(aPage({ before: [aVisit(-3)], under: [failed(0, 'HTTP 503'), failed(5, 'timeout'), failed(10, 'HTTP 503')] }))
    expect(text).toMatch(/^The page "home" did not come in 3 of 4 visits: 2 × HTTP 503, 1 × timeout\. .*Look at/)
  })

  test('why a figure is unknown, unless it is of few visits', () => {
    const restless = (at: number) => aVisit(at, { unknown: { time_to_interactive: 'it was not quiet' } })
    expect(textsOf(aPage({ under: [aVisit(0), restless(5), restless(10)] }))).toMatch(
      /^Time to interactive of the page "home" is unknown in 2 of 3 visits, because it was not quiet\./,
    )
    expect(textsOf(aPage({ under: [aVisit(0), aVisit(5), aVisit(10), aVisit(15), restless(20)] }))).toBe('')
    expect(textsOf(aPage({ under: [restless(0)] }))).toBe('')
  })

  test('which hosts were not contacted, added up over pages and visits', () => {
    const away = (at: number) => aVisit(at, { blocked: new Map([['fonts.example.com', 2]]) })
    expect(textsOf(aPage({ before: [away(-3)], under: [away(0)] }))).toMatch(/^The browser was kept from fonts\.example\.com \(4 requests\)/)
  })
})

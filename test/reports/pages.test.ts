import { expect, test } from 'vitest'
import { pagesOf } from '../../reports/pages.ts'
import { spike } from '../../scenarios/shapes.ts'
import { aRun } from '../support/a-run.ts'
import { type VisitFacts, withPages } from '../support/a-visited-run.ts'

/** 20/s, and from 35 to 95 s 200/s. */
const spiked = aRun({ test: 'spike', shape: spike({ base: '20/s', peak: '200/s', before: '30s', rise: '5s', hold: '60s', fall: '5s', recovery: '60s' }) })

/** One each five seconds. */
const visits = (from: number, ...paints: readonly number[]): VisitFacts[] => paints.map((lcp, index) => ({ at: from + 5 * index, lcp, page_load: lcp + 100 }))

test('load is told by the median LCP without it and at its peak, with the visits behind', () => {
  const run = withPages(spiked, {
    catalogue: { before: visits(-12, 300, 310, 320), under: [...visits(0, 300, 310, 320), ...visits(40, 1200, 1240, 1300), ...visits(120, 310, 320)] },
  })
  const page = pagesOf(run)?.pages[0]
  expect(page?.sentence).toBe('LCP 310 ms unloaded → 1.24 s at the peak (3 visits)')
  expect(page?.visits).toEqual({ unloaded: 3, underLoad: 8, atPeak: 3 })
})

test('with too few visits at the peak, all those under load are told', () => {
  const run = withPages(spiked, { home: { before: visits(-12, 300, 310, 320), under: [...visits(0, 400, 410, 420), ...visits(40, 1200)] } })
  expect(pagesOf(run)?.pages[0]?.sentence).toBe('LCP 310 ms unloaded → 415 ms under load (4 visits)')
})

test('a median of fewer than three visits is not stated', () => {
  const run = withPages(spiked, { home: { before: visits(-12, 300), under: visits(0, 400, 410) } })
  expect(pagesOf(run)?.pages[0]?.sentence).toBe('LCP unknown (1 visit, too few) unloaded → unknown under load (2 visits, too few)')
})

test('visits on which the page never came stand beside the median', () => {
  const under = [...visits(40, 1200, 1240, 1300), { at: 60, failure: 'timeout' }, { at: 65, failure: 'HTTP 503' }]
  const page = pagesOf(withPages(spiked, { home: { before: visits(-12, 300, 310, 320), under } }))?.pages[0]
  expect(page?.sentence).toBe('LCP 310 ms unloaded → 1.24 s at the peak (3 visits, 2 never came)')
  expect(page?.failed).toEqual({ unloaded: 0, underLoad: 2, atPeak: 2 })
})

test('six visits have an interval, five have none', () => {
  const ofVisits = (...paints: readonly number[]) =>
    pagesOf(withPages(spiked, { home: { before: [], under: visits(0, ...paints) } }))?.pages[0]?.figures.find(({ what }) => what === 'lcp')?.underLoad
  expect(ofVisits(1, 2, 3, 4, 5)).toEqual({ visits: 5, median: 3, low: null, high: null })
  expect(ofVisits(1, 2, 3, 4, 5, 6)).toEqual({ visits: 6, median: 3.5, low: 1, high: 6 })
})

test('a steady load has no peak', () => {
  const run = withPages(aRun({ seconds: 60 }), { home: { before: visits(-12, 300, 310, 320), under: visits(0, 400, 410, 420) } })
  expect(pagesOf(run)?.pages[0]).toMatchObject({ sentence: 'LCP 310 ms unloaded → 410 ms under load (3 visits)', visits: { atPeak: null } })
})

test('the page that load harmed most comes first', () => {
  const run = withPages(spiked, {
    steady: { before: visits(-20, 900, 900, 900), under: visits(40, 950, 950, 950) },
    slower: { before: visits(-20, 100, 100, 100), under: visits(40, 500, 500, 500) },
    gone: { before: visits(-20, 100, 100, 100), under: [...visits(40, 100, 100, 100), { at: 70, failure: 'timeout' }] },
  })
  expect(pagesOf(run)?.pages.map(({ name }) => name)).toEqual(['gone', 'slower', 'steady'])
})

test('visits within the warm-up count no more than what else was then', () => {
  const run = {
    ...withPages(spiked, { home: { before: visits(-12, 300, 310, 320), under: visits(0, 9000, 400, 410, 420) } }),
    warmUp: { seconds: 4, because: '--warm-up' },
  }
  expect(pagesOf(run)?.pages[0]?.visits.underLoad).toBe(3)
})

test('a run without a browser has no pages', () => {
  expect(pagesOf(spiked)).toBeUndefined()
})

import { describe, expect, test } from 'vitest'
import { type Lack, remediesFor, remedyWords } from '../../../../budgets/advice/launch/remedies.ts'

const unknown = { declined: true, because: '' } as const
const full = (resource: string, rate: number) => ({ resource, rate, noun: 'connection', demand: unknown }) as const
const price = { monthly: 18, currency: 'USD' }
const lack = (change: Partial<Lack> = {}): Lack => ({
  peak: 400,
  held: 80,
  bound: { resource: 'shop.pool', rate: 300, because: '' },
  resources: [full('shop.pool', 300), full('app.cpu', 2000)],
  requestsPerJourney: 4,
  price,
  ...change,
})
const words = (given: Lack): string[] => remediesFor(given).map((remedy) => remedyWords(remedy, given.price))

describe('what would change the answer, the most worth doing first', () => {
  test('a setting that reaches the height goes before instances that cost', () => {
    const [first, second, third] = words(lack())
    expect(first).toBe(
      'More of shop.pool, or less of it for each request: it is full at 300 requests/s; app.cpu would be full next, at 2,000 requests/s. That would hold 500/s and costs no further instance.',
    )
    expect(second).toMatch(/^6 instances like this one, .* That would hold 480\/s, for 90 USD more a month\.$/)
    expect(third).toMatch(/^A queue in front, .* That would hold 80\/s; no table tells its cost\.$/)
  })

  test('a setting that does not reach it comes after instances that do', () => {
    expect(
      words(
        lack({
          resources: [full('shop.pool', 300), full('app.cpu', 800)],
        }),
      )[0],
    ).toMatch(/^6 instances/)
  })

  test('connections are counted where each request takes one for a known time', () => {
    // 400 journeys of 4 requests of 6 ms, and 0.4 that are busy without any: 10 Erlangs, of which 17 connections leave fewer than 5 % waiting.
    const demand = { declined: false, demand: 0.006, background: 0.4, determination: 1, from: 1, until: 300, points: [] } as const
    const counted = lack({ resources: [{ ...full('shop.pool', 300), demand }] })
    expect(words(counted).find((text) => text.startsWith('More of'))).toMatch(
      / With 17 connections fewer than 5 % of the requests would wait for one at the height\.$/,
    )
    expect(words(lack({ resources: [{ ...full('shop.pool', 300), demand, noun: 'core' }] })).join()).not.toContain('would wait for one')
  })

  test('where the next limit was not watched its effect is not told', () => {
    expect(words(lack({ resources: [] })).find((text) => text.startsWith('More of'))).toMatch(/what would be full next was not watched\.$/)
  })

  test('without a size no cost is told', () => {
    expect(words(lack({ price: undefined }))[1]).toMatch(/That would hold 480\/s; its cost is unknown without --size\.$/)
  })
})

import { describe, expect, test } from 'vitest'
import { readExpectation } from '../../../../budgets/advice/launch/expectation-words.ts'

const known = { requestsPerJourney: 4, ordinary: 20 }
const peakOf = (words: string): number => {
  const found = readExpectation(words, known)
  if (found.declined) throw new Error(found.because)
  return found.peak
}
const wave = Math.PI / 2

describe('what is expected', () => {
  test.each([
    ['50k users in 10 min', (50_000 / 600) * wave],
    ['50,000 visitors within 10 minutes', (50_000 / 600) * wave],
    ['1.5M users in 2 h', (1_500_000 / 7200) * wave],
    ['3600 people in an hour', wave],
    ['2M requests in 1 h', (2_000_000 / 4 / 3600) * wave],
    ['500/s', 500],
    ['500 requests/s', 125],
    ['30k/min', 500],
    ['3000 users per minute', 50],
    ['300 users per second', 300],
    ['300 per second', 300],
    ['2k rps', 500],
    ['500rps', 125],
    ['6000 RPM', 25],
    ['500 req/s', 125],
    ['400 hits/s', 100],
    ['50 k users / 10 min', (50_000 / 600) * wave],
    ['50 000 users in 10 min', (50_000 / 600) * wave],
    ['10 thousand users in 1 hour', (10_000 / 3600) * wave],
    ['5 Mio users per day', (5e6 / 86_400) * wave],
    ['1M users/day', (1e6 / 86_400) * wave],
    ['864k/day', 10 * wave],
    ['500/s for an hour', 500],
    ['10x normal traffic', 200],
    ['twice', 40],
    ['hn', 150],
    ['3x', 60],
    ['2.5 times', 50],
    ['500/s within 2 min', 500],
    ['viral', 400],
    ['Hacker News', 150],
    ['product-hunt', (2500 / 3600) * wave],
  ])('%s', (words, peak) => {
    expect(peakOf(words)).toBeCloseTo(peak, 6)
  })

  test('says how the height follows', () => {
    expect(readExpectation('50k users in 10 min', known)).toMatchObject({
      over: 600,
      because: '50,000 users in 10 min are 83.3/s on the average; they come as a wave, whose height is 1.57 times that, 131/s.',
    })
    expect(readExpectation('2M requests in 1 h', known).because).toContain('A journey makes 4 requests.')
  })

  test.each([
    ['500/s', 0, 'at once'],
    ['500/s within 2 min', 120, 'after a rise of 2 min, for 10 min'],
    ['500/s within 2 min for 1 h', 120, 'after a rise of 2 min, for 60 min'],
    ['3x in an hour', 3600, 'after a rise of 60 min'],
    ['viral', 20, 'That is an assumption and no measurement'],
    ['hacker news', 1800, 'Geniar, 2015'],
    ['product hunt', 1800, 'That is an assumption and no measurement'],
  ])('%s rises in %s s, and says so', (words, rise, because) => {
    expect(readExpectation(words, known)).toMatchObject({ rise, because: expect.stringContaining(because) })
  })

  test('a wave of that height brings as many as were said', () => {
    const over = 600
    const peak = peakOf('50k users in 10 min')
    const all = Array.from({ length: over }, (_, at) => peak * Math.sin((Math.PI * (at + 0.5)) / over)).reduce((sum, value) => sum + value, 0)
    expect(Math.abs(all / 50_000 - 1)).toBeLessThan(0.001)
  })

  test.each(['many', '50k', '-5/s', '1e6/s', 'users in 10 min', '10 apples in 5 min', ''])('%j is not understood, and what would be is said', (words) => {
    expect(readExpectation(words, known)).toMatchObject({ declined: true, because: expect.stringContaining('"50k users in 10 min"') })
  })

  test.each([
    ['50,000 users', 'says no time'],
    ['5 Mio', 'says no time'],
    ['50k concurrent users', 'there at once'],
    ['1000 VUs', 'there at once'],
    ['50.000 users in 10 min', 'two ways'],
    ['1,5M users in a day', 'two ways'],
    ['0/s', 'no load'],
    ['50k users in 0 min', 'no load'],
  ])('%j could mean several loads or none, and is refused for that', (words, because) => {
    expect(readExpectation(words, known)).toMatchObject({ declined: true, because: expect.stringContaining(because) })
  })

  test('a factor of nothing known', () => {
    expect(readExpectation('3x', { ...known, ordinary: undefined })).toMatchObject({ declined: true, because: expect.stringContaining('--rate') })
  })
})

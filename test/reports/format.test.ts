import { describe, expect, test } from 'vitest'
import * as format from '../../reports/format.ts'
import { aBudget, aJudgement } from './support/situations.ts'

test.each([
  [0, '0 ms'],
  [0.0001, '< 0.001 ms'], // not nothing
  [0.42, '0.42 ms'],
  [12.345, '12.3 ms'],
  [340, '340 ms'],
  [999.4, '999 ms'],
  [999.6, '1 s'], // never "1,000 ms"
  [1240, '1.24 s'],
  [61_000, '1 min 1 s'],
  [null, '–'],
  [Infinity, '∞'],
])('%s ms reads %s', (value, text) => expect(format.milliseconds(value)).toBe(text))

test.each([
  [0, '0 %'],
  [0.0123, '1.23 %'],
  [0.00001, '0.001 %'], // one in a hundred thousand is not none
  [0.9995, '99.95 %'],
  [0.999999, '99.9999 %'], // not all
  [1, '100 %'],
  [null, '–'],
])('the ratio %s reads %s', (value, text) => expect(format.percent(value)).toBe(text))

test.each([
  [9600, '9,600'],
  [1, '1'],
  [null, '–'],
])('the count %s reads %s', (value, text) => expect(format.count(value)).toBe(text))

test.each([
  [0.4, '0.4 s'],
  [10, '10 s'],
  [59.97, '1 min'],
  [160, '2 min 40 s'],
  [5400, '1 h 30 min'],
  [7200, '2 h'],
])('%s seconds read %s', (value, text) => expect(format.duration(value)).toBe(text))

test('rates, sizes and moments carry their units', () => {
  expect(format.rate(58.24)).toBe('58.2/s')
  expect(format.rate(12_345)).toBe('12,345/s')
  expect(format.bytes(1_234_567)).toBe('1.23 MB')
  expect(format.bytes(999)).toBe('999 B')
  expect(format.memory(16 * 2 ** 30)).toBe('16 GiB')
  expect(format.clock(102)).toBe('1:42')
  expect(format.clock(3661)).toBe('1:01:01')
  expect(format.moment('2026-11-21T15:51:09.123Z')).toBe('2026-11-21 15:51:09 UTC')
})

describe('a judgement in words', () => {
  const p95 = aBudget('p95', 200)

  test('says by how much and since when', () => {
    expect(format.distance(aJudgement(p95, 'ms', 340, '', 42))).toBe('over by 140 ms (+70 %), first at 0:42')
    expect(format.distance(aJudgement(p95, 'ms', 2000))).toBe('10 × the limit')
    expect(format.distance(aJudgement(p95, 'ms', 150))).toBe('25 % headroom')
    expect(format.distance(aJudgement(p95, 'ms', Infinity))).toBe('too few were answered')
    expect(format.distance(aJudgement(p95, 'ms', null))).toBe('')
  })

  test('an "at least" falls short', () => {
    const availability = aBudget('availability', 0.999, { limit: { is: 'at_least', value: 0.999 } })
    expect(format.distance(aJudgement(availability, 'ratio', 0.99))).toBe('short by 0.9 points (−0.9 %)')
  })

  test('never shows an exceeded value that looks like its limit', () => {
    expect(format.observedAndLimit(aJudgement(p95, 'ms', 200.04))).toEqual({ observed: '200.04 ms', limit: 'at most 200 ms' })
    expect(format.observedAndLimit(aJudgement(p95, 'ms', 200)).observed).toBe('200 ms')
  })

  test('tells "less than" from "at most"', () => {
    const strict = aBudget('error rate', 0.01, { limit: { is: 'at_most', value: 0.01, strict: true } })
    expect(format.observedAndLimit(aJudgement(strict, 'ratio', 0.01)).limit).toBe('less than 1 %')
  })
})

test('text of strangers stays on its line and leaves the terminal alone', () => {
  expect(format.oneLine('GET /a\n\u001b[31mred\u202e\u200b')).toBe('GET /a [31mred')
})

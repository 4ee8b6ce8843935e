import { expect, test } from 'vitest'
import { Packing } from '../../runner/packing.ts'
import { histogramOf } from '../../runner/stats/histogram.ts'

test.each([
  ['whole numbers of every size', [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER]],
  ['what is no whole number', [0.001, 12.345, 1 / 3, -1, -0.5, 1e300, 5e-324, Number.MAX_VALUE]],
  ['texts, the same one twice', ['GET /', '', 'GET /', 'ä€😀']],
  ['nothing, yes and no', { a: null, b: true, c: false, d: [], e: {} }],
  ['names that objects have by birth', JSON.parse('{"__proto__":{"passed":1},"constructor":2,"toString":[3]}')],
  ['an empty histogram', histogramOf([])],
  ['a histogram with far apart and much used buckets', histogramOf([0, 0.004, 9e9, ...Array.from({ length: 1000 }, () => 12.5)])],
  ['more than the first room', Array.from({ length: 50_000 }, (_, index) => ({ index, name: `n${index % 9}` }))],
])('%s come out as they went in', (_, value) => {
  const packing = new Packing()
  const [first, second] = [packing.pack(value), packing.pack([value, 'again'])]
  expect(packing.unpack(first)).toEqual(value)
  expect(packing.unpack(second)).toEqual([value, 'again'])
  expect(JSON.stringify(packing.unpack(first))).toBe(JSON.stringify(value))
})

test('a name is kept once however often it comes', () => {
  const packing = new Packing()
  packing.pack({ 'GET /a/rather/long/path/with/many/parts': 1 })
  expect(packing.pack({ 'GET /a/rather/long/path/with/many/parts': 1 }).length).toBeLessThan(8)
})

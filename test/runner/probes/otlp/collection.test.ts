import { describe, expect, test } from 'vitest'
import { type Chosen, Collection } from '../../../../runner/probes/otlp/collection.ts'
import type { Buckets, Point } from '../../../../runner/probes/otlp/messages.ts'

const aPoint = (time: number, content: Point['content'], more: Partial<Point> = {}): Point => ({
  metric: 'orders',
  unit: '{order}',
  source: 'shop',
  attributes: {},
  start: 100,
  time,
  content,
  ...more,
})
const counted = (value: number, isDelta = false): Point['content'] => ({ kind: 'sum', value, isDelta, isMonotonic: true })
const gauge = (value: number): Point['content'] => ({ kind: 'gauge', value })
const bounds = [10, 20, 50]
const histogram = (
  counts: number[],
  sum: number,
  { isDelta = false, min = null, max = null }: { isDelta?: boolean } & Partial<Buckets> = {},
): Point['content'] => ({
  kind: 'histogram',
  isDelta,
  buckets: { count: counts.reduce((a, b) => a + b, 0), sum, bounds, counts, min: min ?? null, max: max ?? null },
})

/** Values by series of each second's pushes. */
const readings = (seconds: readonly (readonly Point[])[], chosen?: readonly Chosen[], most = 100): Record<string, number | null>[] => {
  const collection = new Collection(chosen, most)
  return seconds.map((points, second) => {
    collection.take(points, (second + 1) * 1000)
    return Object.fromEntries(collection.read((second + 1) * 1000).map(({ what, value }) => [what, value]))
  })
}

describe('what counts', () => {
  test('is told as a rate of the time between two points, whatever the seconds of the reader are', () => {
    expect(readings([[aPoint(110, counted(50))], [aPoint(112, counted(70))], [aPoint(113, counted(70))]])).toEqual([
      { orders: null }, // nothing to compare with
      { orders: 10 },
      { orders: 0 },
    ])
  })

  test('since the last push is told at once, over the time that it names', () => {
    expect(readings([[aPoint(112, counted(30, true), { start: 110 })], [aPoint(113, counted(5, true), { start: 112 })]])).toEqual([
      { orders: 15 },
      { orders: 5 },
    ])
  })

  test('and began anew, by its start or by its value, leaves a gap and goes on', () => {
    const again = { start: 111 }
    expect(
      readings([
        [aPoint(110, counted(50))],
        [aPoint(112, counted(60), again)],
        [aPoint(113, counted(70), again)],
        [aPoint(114, counted(3), again)],
        [aPoint(115, counted(4), again)],
      ]),
    ).toEqual([{ orders: null }, { orders: null }, { orders: 10 }, { orders: null }, { orders: 1 }])
  })

  test('twice in a second is one rate, and no push at all is no sample', () => {
    expect(readings([[aPoint(110, counted(0))], [aPoint(111, counted(10)), aPoint(112, counted(40))], []])).toEqual([{ orders: null }, { orders: 20 }, {}])
  })

  test('in several processes is added up, also while one of them is late', () => {
    const other = { source: 'shop 2' }
    expect(
      readings([
        [aPoint(110, counted(0)), aPoint(110, counted(0), other)],
        [aPoint(111, counted(10)), aPoint(111, counted(5), other)],
        [aPoint(112, counted(20))],
        [aPoint(113, counted(30)), aPoint(113, counted(15), other)],
      ]),
    ).toEqual([{ orders: null }, { orders: 15 }, { orders: 15 }, { orders: 15 }])
  })

  test('time of processors is cores, bytes are bytes a second, other time is a share', () => {
    const units = [
      ['process.cpu.time', 's'],
      ['network.io', 'By'],
      ['gc.time', 'ms'],
    ] as const
    const fresh = new Collection(undefined, 100)
    fresh.take(
      units.map(([metric, unit]) => aPoint(110, counted(0), { metric, unit })),
      1000,
    )
    fresh.read(1000)
    fresh.take(
      units.map(([metric, unit]) => aPoint(111, counted(500), { metric, unit })),
      2000,
    )
    expect(fresh.read(2000).map(({ unit, value }) => [unit, value])).toEqual([
      ['cores', 500],
      ['bytes/s', 500],
      ['ratio', 0.5],
    ])
  })
})

describe('histograms', () => {
  test('tell their rate, their mean and between which bounds p95 lies', () => {
    const first = aPoint(110, histogram([100, 0, 0, 0], 500), { unit: 'ms' })
    const second = aPoint(112, histogram([150, 44, 6, 0], 2000), { unit: 'ms' })
    expect(readings([[first], [second]])[1]).toEqual({ 'orders.rate': 50, 'orders.mean': 15, 'orders.p95_at_least': 20, 'orders.p95_at_most': 50 })
  })

  test('know no most in the open bucket, unless the greatest value is told', () => {
    const only = (more: object): Record<string, number | null> | undefined =>
      readings([[aPoint(112, histogram([0, 0, 0, 8], 800, { isDelta: true, ...more }), { start: 110 })]])[0]
    expect(only({})).toMatchObject({ 'orders.p95_at_least': 50, 'orders.p95_at_most': null })
    expect(only({ min: 80, max: 130 })).toMatchObject({ 'orders.p95_at_least': 80, 'orders.p95_at_most': 130, 'orders.mean': 100 })
  })

  test('without values have a rate of 0 and nothing else', () => {
    const same = histogram([5, 0, 0, 0], 10)
    expect(readings([[aPoint(110, same)], [aPoint(111, same)]])[1]).toEqual({
      'orders.rate': 0,
      'orders.mean': null,
      'orders.p95_at_least': null,
      'orders.p95_at_most': null,
    })
  })

  test('of two processes are one where they have the same bounds', () => {
    const other = { source: 'shop 2', start: 110 }
    const delta = (counts: number[]): Point['content'] => histogram(counts, 100, { isDelta: true })
    expect(readings([[aPoint(111, delta([19, 0, 0, 0]), { start: 110 }), aPoint(111, delta([0, 0, 21, 0]), other)]])[0]).toMatchObject({
      'orders.rate': 40,
      'orders.mean': 5,
      'orders.p95_at_least': 20,
      'orders.p95_at_most': 50,
    })
  })
})

describe('names and limits', () => {
  test('a name has the first attributes in the order of the alphabet; gauges that share it are told by the largest', () => {
    const attributes = { a: '/cart/:id', b: 'GET', c: '200' }
    const points = [aPoint(110, gauge(3), { attributes: { ...attributes, d: 'x' } }), aPoint(110, gauge(7), { attributes: { ...attributes, d: 'y' } })]
    expect(readings([points])).toEqual([{ 'orders.cart_id.get.200': 7 }])
  })

  test('a level that goes up and down is told as it is, and added up', () => {
    const level = (value: number): Point['content'] => ({ kind: 'sum', value, isDelta: false, isMonotonic: false })
    expect(readings([[aPoint(110, level(4)), aPoint(110, level(-1), { source: 'shop 2' })]])).toEqual([{ orders: 3 }])
  })

  test('beyond the most series, names are kept and values are not', () => {
    const collection = new Collection(undefined, 2)
    collection.take(
      ['a', 'b', 'c'].map((metric) => aPoint(110, gauge(1), { metric })),
      1000,
    )
    expect(collection.read(1000).map(({ what }) => what)).toEqual(['a', 'b'])
    expect([...collection.beyond]).toEqual(['c'])
  })

  test('what is chosen has its own name, only points with its attributes, and a limit by number or by metric', () => {
    const points = [
      aPoint(110, gauge(4), { metric: 'pool.used', attributes: { state: 'used' } }),
      aPoint(110, gauge(6), { metric: 'pool.used', attributes: { state: 'idle' } }),
      aPoint(110, gauge(10), { metric: 'pool.max' }),
      aPoint(110, gauge(2), { metric: 'other' }),
      aPoint(110, gauge(0.5), { metric: 'cpu.utilization', unit: '1' }),
    ]
    const collection = new Collection(
      [
        { name: 'pool', metric: 'pool.used', attributes: { state: 'used' }, limit: 'pool.max' },
        { name: 'idle', metric: 'pool.used', attributes: { state: 'idle' }, limit: 20 },
        { name: 'cpu', metric: 'cpu.utilization', attributes: {} },
      ],
      100,
    )
    collection.take(points, 1000)
    expect(collection.read(1000)).toEqual([
      { what: 'pool', unit: 'count', value: 4, limit: 10 },
      { what: 'idle', unit: 'count', value: 6, limit: 20 },
      { what: 'cpu', unit: 'ratio', value: 0.5, limit: 1 },
    ])
  })
})

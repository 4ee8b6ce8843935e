import { describe, expect, test } from 'vitest'
import type { Cell } from '../../runner/run.ts'
import { histogramOf } from '../../runner/stats/histogram.ts'
import { emptySecond, type SecondPart, Timeline, totalOf } from '../../runner/timeline.ts'
import { randomFrom } from '../../scenarios/shape.ts'

const cell = (endpoint: string, outcome: Cell['outcome'], times: readonly number[], kind = 'timeout'): Cell => ({
  endpoint,
  outcome,
  count: times.length,
  statuses: { [outcome === 'success' ? '200' : '0']: times.length },
  errors: outcome === 'success' ? {} : { [kind]: times.length },
  responseTime: histogramOf(times),
  serviceTime: histogramOf(times),
  setupTime: histogramOf(times.map(() => 0)),
})

const parts = (seed: number): SecondPart[] => {
  const random = randomFrom(seed)
  return Array.from({ length: 40 }, () => ({
    second: Math.floor(random() * 8),
    planned: 3,
    started: 2,
    dropped: 1,
    iterations: { completed: 2, failed: 1, interrupted: 0, unavailable: 1 },
    users: Math.floor(random() * 20),
    lag: histogramOf([random()]),
    journeyTime: { browse: histogramOf([random() * 100]) },
    cells: [cell('GET /', 'success', [random() * 50, random() * 50]), cell('GET /cart', 'failure', [60_000])],
    checks: { fine: { passed: 1, failed: 2 } },
    groups: { pay: histogramOf([random() * 10]) },
    metrics: { orders: { kind: 'counter', sum: 1 }, size: { kind: 'trend', values: histogramOf([random()]) } },
    bytesReceived: 10,
    bytesSent: 5,
  }))
}

describe('a timeline', () => {
  test('without parts has no seconds', () => {
    const timeline = new Timeline()
    expect(timeline.last).toBe(-1)
    expect(timeline.seconds()).toEqual([])
    expect(totalOf([])).toEqual(emptySecond(0))
  })

  test('has every second between the first and the last told of', () => {
    const timeline = new Timeline()
    timeline.add({ second: 3, started: 1 })
    timeline.add({ second: 1, started: 2 })
    expect(timeline.seconds().map(({ second, started }) => [second, started])).toEqual([
      [0, 0],
      [1, 2],
      [2, 0],
      [3, 1],
    ])
  })

  test('is the same whatever the order of its parts', () => {
    const told = parts(5)
    const [forward, backward] = [new Timeline(), new Timeline()]
    for (const part of told) forward.add(part)
    for (const part of told.toReversed()) backward.add(part)
    expect(JSON.stringify(backward.seconds())).toBe(JSON.stringify(forward.seconds()))
  })

  test('adds up: parts, seconds and total agree', () => {
    const timeline = new Timeline()
    for (const part of parts(9)) timeline.add(part)
    const total = totalOf(timeline.seconds())
    expect(total).toMatchObject({ planned: 120, started: 80, dropped: 40, bytesReceived: 400, bytesSent: 200, checks: { fine: { passed: 40, failed: 80 } } })
    expect(total.iterations).toEqual({ completed: 80, failed: 40, interrupted: 0, unavailable: 40 })
    expect(total.metrics.orders).toEqual({ kind: 'counter', sum: 40 })
    expect(total.metrics.size).toMatchObject({ values: { count: 40 } })
    expect([total.lag.count, total.journeyTime.browse?.count, total.groups.pay?.count]).toEqual([40, 40, 40])
    expect(total.cells.map(({ endpoint, outcome, count }) => [endpoint, outcome, count])).toEqual([
      ['GET /', 'success', 80],
      ['GET /cart', 'failure', 40],
    ])
    expect(total.users).toBe(Math.max(...timeline.seconds().map(({ users }) => users)))
  })

  test('keeps names that objects have by birth', () => {
    const check = { passed: 1, failed: 0 }
    const named = JSON.parse('{"constructor":{"passed":1,"failed":0},"__proto__":{"passed":1,"failed":0}}')
    const sum = totalOf([
      { second: 0, checks: named },
      { second: 0, checks: named },
    ])
    expect(Object.entries(sum.checks)).toEqual([
      ['constructor', { ...check, passed: 2 }],
      ['__proto__', { ...check, passed: 2 }],
    ])
  })

  test('of a day and more has a last second', () => {
    const timeline = new Timeline()
    for (let second = 0; second < 130_000; second++) timeline.add({ second })
    expect(timeline.last).toBe(129_999)
  })
})

describe('a long timeline', () => {
  const length = 120
  /** Ten endpoints with twenty answers a second each, one of them failing now and then. */
  const secondOf = (second: number, random: () => number): SecondPart => ({
    ...(parts(second + 1)[0] as SecondPart),
    second,
    cells: Array.from({ length: 10 }, (_, endpoint) => [
      cell(
        `GET /${endpoint}`,
        'success',
        Array.from({ length: 20 }, () => 10 + random() * 200),
      ),
      ...(random() < 0.05 ? [cell(`GET /${endpoint}`, 'failure', [random() * 10])] : []),
    ]).flat(),
  })
  const long = () => {
    const random = randomFrom(7)
    const told = Array.from({ length }, (_, second) => secondOf(second, random))
    const handedOn: SecondPart[] = []
    const [packed, plain] = [new Timeline((part) => handedOn.push(part)), new Timeline()]
    for (const part of told) {
      packed.settle(part.second)
      packed.add(part)
      plain.add(part)
    }
    packed.settle(length)
    return { packed, plain, handedOn }
  }

  test('packed is what it was plain', () => {
    const { packed, plain } = long()
    expect(packed.packedBytes).toBeGreaterThan(0)
    // As text, because a comparison field by field takes seconds.
    expect(JSON.stringify(packed.seconds())).toBe(JSON.stringify(plain.seconds()))
    expect(JSON.stringify([...packed])).toBe(JSON.stringify(plain.seconds()))
    expect(packed.slice(10, 400)).toHaveLength(length - 10)
  })

  test('packed takes at most 3 bytes for each bucket, 120 for each cell and 60 for each other name', () => {
    const { packed, plain } = long()
    const isPacked = (second: number): boolean => second < length - 90
    let allowed = 0
    for (const { second, cells, lag, journeyTime, groups, metrics, checks } of plain) {
      if (!isPacked(second)) continue
      const times = cells.flatMap(({ responseTime, serviceTime, setupTime }) => [responseTime, serviceTime, setupTime])
      const buckets = [lag, ...Object.values(journeyTime), ...Object.values(groups), ...times].reduce((sum, histogram) => sum + histogram.buckets.length / 2, 0)
      const names = [journeyTime, groups, metrics, checks].reduce((sum, record) => sum + Object.keys(record).length, 0)
      allowed += 3 * buckets + 120 * cells.length + 60 * names + 100
    }
    expect(packed.packedBytes).toBeLessThan(allowed)
    // A bound that is far above what is used would hold whatever happens.
    expect(packed.packedBytes).toBeGreaterThan(allowed / 3)
  })

  test('takes no more with a hundred times the requests in the same buckets', () => {
    const times = Array.from({ length: 20 }, (_, index) => 10 * (index + 1))
    const bytesWith = (repeated: number): number => {
      const timeline = new Timeline(() => {}, 0)
      for (let second = 0; second < 50; second++)
        timeline.add({ second, cells: [cell('GET /', 'success', Array.from({ length: repeated }, () => times).flat())] })
      timeline.settle(50)
      return timeline.packedBytes
    }
    expect(bytesWith(100)).toBeLessThan(1.2 * bytesWith(1))
  })

  test('hands on each second once it has settled, and later what is told late, so that their sum is the whole', () => {
    const { packed, plain, handedOn } = long()
    expect(handedOn.map(({ second }) => second)).toEqual(Array.from({ length }, (_, second) => second))
    const late = [5, length - 5].flatMap((second) => [
      { second, users: 400, planned: 2, started: 1, dropped: 1, bytesReceived: 7, bytesSent: 8 },
      { second, users: 300, cells: [cell('GET /late', 'success', [3])] },
      { second, users: 500 },
    ])
    for (const part of late) {
      packed.add(part)
      plain.add(part)
    }
    expect(handedOn.slice(length)).toEqual(late)
    expect(JSON.stringify(packed.seconds())).toBe(JSON.stringify(plain.seconds()))
    expect(totalOf(handedOn)).toEqual(totalOf(plain.seconds()))
  })
})

test('cells come in the order of their endpoints, successes first, failures apart', () => {
  const cells = [cell('POST /b', 'failure', [1]), cell('GET /a', 'failure', [2]), cell('POST /b', 'success', [3]), cell('POST /b', 'failure', [4], 'reset')]
  const merged = totalOf([{ second: 0, cells }]).cells
  expect(merged.map(({ endpoint, outcome, count }) => `${endpoint} ${outcome} ${count}`)).toEqual([
    'GET /a failure 1',
    'POST /b success 1',
    'POST /b failure 2',
  ])
  expect(merged[2]?.errors).toEqual({ timeout: 1, reset: 1 })
})

test('adding up an hour of seconds with ten endpoints is no wait', () => {
  const second = { ...emptySecond(0), cells: Array.from({ length: 10 }, (_, index) => cell(`GET /${index}`, 'success', [5, 10, 20, 40, 80])) }
  expect(totalOf(Array.from({ length: 3600 }, (_, index) => ({ ...second, second: index }))).cells).toHaveLength(10)
})

import { expect, test } from 'vitest'
import { pushInJson, pushInProtobuf } from '../../../../runner/probes/otlp/messages.ts'
import { nameOf, unitOf } from '../../../../runner/probes/otlp/units.ts'

const withMetrics = (...metrics: object[]): string =>
  JSON.stringify({
    resourceMetrics: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
        scopeMetrics: [{ scope: { name: 'http', version: '1' }, metrics }],
      },
    ],
  })

test('JSON is read with long numbers as text, as OTLP writes them, and with attributes of each type', () => {
  const attributes = [
    { key: 'b', value: { intValue: '200' } },
    { key: 'a', value: { boolValue: true } },
    { key: 'c', value: { doubleValue: 0.5 } },
    { key: 'd', value: { arrayValue: { values: [{ stringValue: 'x' }] } } },
  ]
  const point = { asInt: '9007199254', startTimeUnixNano: '1700000000000000000', timeUnixNano: '1700000001500000000', attributes }
  const { points } = pushInJson(withMetrics({ name: 'orders', unit: '{order}', sum: { dataPoints: [point], aggregationTemporality: 2, isMonotonic: true } }))
  expect(points).toEqual([
    {
      metric: 'orders',
      unit: '{order}',
      source: '[{"service.name":"shop"},"http"]',
      attributes: { a: 'true', b: '200', c: '0.5', d: '' },
      start: 1_700_000_000,
      time: 1_700_000_001.5,
      content: { kind: 'sum', value: 9_007_199_254, isDelta: false, isMonotonic: true },
    },
  ])
})

test('summaries are left out by name, points without a value altogether, and exponential histograms keep their count and sum', () => {
  const { points, leftOut } = pushInJson(
    withMetrics(
      { name: 'old', summary: { dataPoints: [{}] } },
      { name: 'stale', gauge: { dataPoints: [{ asDouble: 1, flags: 1 }] } },
      { name: 'zero', gauge: { dataPoints: [{}] } },
      {
        name: 'wait',
        exponentialHistogram: { aggregationTemporality: 1, dataPoints: [{ count: '4', sum: 10, scale: 3, positive: { offset: 1, bucketCounts: ['4'] } }] },
      },
    ),
  )
  expect(leftOut).toEqual(['old'])
  expect(points.map(({ metric, content }) => [metric, content])).toEqual([
    ['zero', { kind: 'gauge', value: 0 }],
    ['wait', { kind: 'histogram', isDelta: true, buckets: { count: 4, sum: 10, bounds: [], counts: [], min: null, max: null } }],
  ])
})

test('a request without metrics is a push of nothing, and other bytes are none', () => {
  expect(pushInProtobuf(new Uint8Array())).toEqual({ points: [], leftOut: [] })
  expect(() => pushInProtobuf(Uint8Array.of(10, 200, 1))).toThrow()
  expect(() => pushInJson('[]')).toThrow('it has no resourceMetrics')
  expect(() => pushInJson('{"resourceMetrics": 3}')).toThrow()
})

test.each([
  ['db.client.operation.duration', 's', 's', 1],
  ['http.server.request.duration', 'us', 'ms', 0.001],
  ['jvm.memory.used', 'MiBy', 'bytes', 1_048_576],
  ['jvm.cpu.recent_utilization', '1', 'count', 1],
  ['system.cpu.utilization', '1', 'ratio', 1],
  ['cpu', '%', 'ratio', 0.01],
  ['queue', '{message}', 'count', 1],
  ['temperature', 'Cel', 'Cel', 1],
])('%s in %s is in %s', (metric, unit, converted, factor) => {
  expect(unitOf(metric, unit)).toEqual({ unit: converted, factor })
})

test('names are letters, digits, underscores and dots, whatever others call their metrics', () => {
  expect(nameOf('HTTP Server/Requests', { route: '/', user: 'Ünal', z: '' })).toBe('http_server_requests.none.nal.none')
})

import { once } from 'node:events'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http'
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto'
import {
  AggregationTemporality,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics'
import { afterEach, describe, expect, test } from 'vitest'
import { otlpKind } from '../../../../runner/probes/otlp/otlp.ts'
import type { Probe, Sample } from '../../../../runner/probes/probe.ts'
import { freePort } from '../../../support/free-port.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const never = new AbortController().signal
const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds))

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

const startProbe = async (given: object = {}): Promise<{ readonly probe: Probe; readonly url: string; readonly port: number }> => {
  const port = await freePort()
  const probe = otlpKind.create('otlp', otlpKind.options.parse({ port, ...given }), world)
  await probe.start(never)
  stops.push(() => probe.stop())
  return { probe, port, url: `http://127.0.0.1:${port}/v1/metrics` }
}
const valuesOf = async (probe: Probe): Promise<Map<string, Sample>> => new Map((await probe.read(never)).map((sample) => [sample.name, sample]))
const codesOf = async (probe: Probe): Promise<string[]> => ((await probe.stop()).caveats ?? []).map(({ code }) => code)

const longest = 3_600_000 // the reader's own timer; pushes are made by hand

/** An application whose metrics go to the probe, and into memory beside it. */
const startSdk = (exporter: PushMetricExporter) => {
  const memory = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = (each: PushMetricExporter) => new PeriodicExportingMetricReader({ exporter: each, exportIntervalMillis: longest })
  const provider = new MeterProvider({ readers: [reader(exporter), reader(memory)] })
  let isClosed = false
  /** Before the probe stops: its last push would wait for somebody to take it. */
  const close = async (): Promise<void> => {
    if (!isClosed) await provider.shutdown()
    isClosed = true
  }
  stops.push(close)
  /** What the SDK itself says of a metric's only point. */
  const told = <Value>(metric: string): Value => {
    const all =
      memory
        .getMetrics()
        .at(-1)
        ?.scopeMetrics.flatMap(({ metrics }) => metrics) ?? []
    return all.find(({ descriptor: { name } }) => name === metric)?.dataPoints[0]?.value as Value
  }
  return { meter: provider.getMeter('shop'), push: () => provider.forceFlush(), told, close }
}

type Temporality = AggregationTemporality
const exporters: [string, (url: string, temporalityPreference: Temporality) => PushMetricExporter][] = [
  ['protobuf', (url, temporalityPreference) => new ProtobufExporter({ url, temporalityPreference })],
  ['protobuf, packed with gzip', (url, temporalityPreference) => new ProtobufExporter({ url, temporalityPreference, compression: 'gzip' as never })],
  ['JSON', (url, temporalityPreference) => new JsonExporter({ url, temporalityPreference }) as unknown as PushMetricExporter],
]

describe.each(exporters)("OpenTelemetry's own SDK over %s", (_, exporterTo) => {
  test.each([
    ['cumulative', AggregationTemporality.CUMULATIVE],
    ['delta', AggregationTemporality.DELTA],
  ])('pushes %s values, and they are told as the SDK counts them', async (_temporality, temporality) => {
    const { probe, url } = await startProbe()
    const { meter, push, told, close } = startSdk(exporterTo(url, temporality))
    const orders = meter.createCounter('shop.orders', { unit: '{order}' })
    const waits = meter.createHistogram('shop.wait', { unit: 'ms', advice: { explicitBucketBoundaries: [5, 10, 25, 50, 100] } })
    const open = meter.createUpDownCounter('shop.carts')
    meter.createObservableGauge('shop.stock', { unit: 'By' }).addCallback((result) => result.observe(12_345))
    orders.add(7)
    waits.record(1)
    open.add(9)
    await push()
    const [ordersBefore, waitsBefore] = [told<number>('shop.orders'), told<Histogram>('shop.wait')]
    await probe.read(never)
    const from = performance.now()
    orders.add(40)
    for (let n = 1; n <= 100; n += 1) waits.record(n) // p95 is 95
    open.add(-2)
    await pause(300)
    await push()
    const seconds = (performance.now() - from) / 1000
    const samples = await valuesOf(probe)
    const value = (name: string): number => samples.get(`otlp.${name}`)?.value ?? Number.NaN
    expect(samples.get('otlp.shop.stock')).toEqual({ name: 'otlp.shop.stock', unit: 'bytes', value: told<number>('shop.stock'), limit: null })
    expect(value('shop.carts')).toBe(told<number>('shop.carts'))
    const [grown, after] = [told<number>('shop.orders') - ordersBefore, told<Histogram>('shop.wait')]
    expect(grown).toBe(40)
    // Collected at two moments a few milliseconds apart, by the SDK's clock: the rates of two metrics of one push hold exactly against each other.
    expect(value('shop.orders') * seconds).toBeGreaterThan(grown * 0.5)
    expect(value('shop.orders') * seconds).toBeLessThan(grown * 2)
    expect(value('shop.wait.rate') / value('shop.orders')).toBeCloseTo((after.count - waitsBefore.count) / grown, 6)
    expect(value('shop.wait.mean')).toBeCloseTo(((after.sum ?? 0) - (waitsBefore.sum ?? 0)) / (after.count - waitsBefore.count), 9)
    expect([value('shop.wait.p95_at_least'), value('shop.wait.p95_at_most')]).toEqual([50, 100])
    await close()
    expect(await codesOf(probe)).toEqual([])
  })
})

test('an application that is started again leaves a gap, and its rate goes on', async () => {
  const { probe, url } = await startProbe({ metrics: { orders: { metric: 'shop.orders' } } })
  const rates: (number | null | undefined)[] = []
  for (const amounts of [
    [50, 20],
    [10, 30],
  ]) {
    const { meter, push } = startSdk(new ProtobufExporter({ url }))
    const orders = meter.createCounter('shop.orders')
    for (const amount of amounts) {
      orders.add(amount)
      await pause(20)
      await push()
      rates.push((await valuesOf(probe)).get('otlp.orders')?.value)
    }
  }
  expect(rates.map((rate) => (rate === null || rate === undefined ? rate : rate > 0))).toEqual([null, true, null, true])
})

describe('what can not be taken is answered with the reason, and told', () => {
  const post = async (url: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string>): Promise<[number, string]> => {
    const answer = await fetch(url, { method: 'POST', body, headers })
    return [answer.status, await answer.text()]
  }
  const protobuf = { 'content-type': 'application/x-protobuf' }
  const json = { 'content-type': 'application/json' }

  test.each([
    ['another path', '/v1/traces', '', protobuf, 404, /metrics are taken with POST \/v1\/metrics, traces and logs are not/],
    ['bytes that are no protobuf', '/v1/metrics', 'nonsense', protobuf, 400, /no protobuf of metrics/],
    ['text that is no JSON', '/v1/metrics', '{', json, 400, /no JSON of metrics/],
    ['JSON of something else', '/v1/metrics', '{"resourceSpans":[]}', json, 400, /no resourceMetrics/],
    ['something that is not packed', '/v1/metrics', 'plain', { ...protobuf, 'content-encoding': 'gzip' }, 400, /not gzip/],
    ['another packing', '/v1/metrics', 'x', { ...protobuf, 'content-encoding': 'br' }, 415, /packed with br/],
    ['another content', '/v1/metrics', 'x', { 'content-type': 'text/plain' }, 415, /"text\/plain" came/],
  ])('%s', async (_, path, body, headers, status, sentence) => {
    const { probe, port } = await startProbe()
    const [code, text] = await post(`http://127.0.0.1:${port}${path}`, body, headers as Record<string, string>)
    expect(code).toBe(status)
    expect(text).toMatch(sentence)
    const { caveats = [] } = await probe.stop()
    expect(caveats.map(({ code: each }) => each)).toEqual(['otlp-silent', 'otlp-refused'])
    expect(caveats[1]?.text).toMatch(sentence)
    expect(caveats[0]?.text).toContain('OTEL_METRIC_EXPORT_INTERVAL=1000')
  })

  test('a push that is too large, and one that only is when it is unpacked', async () => {
    const { probe, url } = await startProbe()
    const large = new Uint8Array(17 * 1024 * 1024)
    // The connection is closed before all is sent, so that some clients see the answer and some only that.
    const outcome = await post(url, large, protobuf).then(
      ([code]) => code,
      () => 'closed',
    )
    expect([413, 'closed']).toContain(outcome)
    const [code, text] = await post(url, new Uint8Array(gzipSync(large)), { ...protobuf, 'content-encoding': 'gzip' })
    expect([code, text]).toEqual([413, 'a push of more than 16777216 bytes came, unpacked\n'])
    const { caveats = [] } = await probe.stop()
    expect(caveats[1]?.text).toContain('2 requests')
  })

  test('gRPC', async () => {
    const { probe, port } = await startProbe()
    const socket = connect(port, '127.0.0.1')
    socket.write('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')
    await once(socket, 'close')
    const { caveats = [] } = await probe.stop()
    expect(caveats[1]?.text).toContain('gRPC came (HTTP/2)')
    expect(caveats[1]?.text).toContain('OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf')
  })
})

test('a port that is taken keeps the probe from starting, and its own is free once it was stopped', async () => {
  const { probe, port } = await startProbe()
  const second = otlpKind.create('other', otlpKind.options.parse({ port }), world)
  await expect(second.start(never)).rejects.toThrow(`port ${port} of 127.0.0.1 is taken`)
  expect(await codesOf(second)).toEqual([])
  await probe.stop()
  await second.start(never)
  await second.stop()
})

test('a metric that never came is told with what came, and series beyond the most are named', async () => {
  const { probe, url } = await startProbe({ metrics: { queue: { metric: 'shop.queue' } } })
  const { meter, push, close } = startSdk(new ProtobufExporter({ url }))
  for (let n = 0; n < 3; n += 1) meter.createCounter('shop.orders').add(1, { shop: String(n) })
  await push()
  expect(await probe.read(never)).toEqual([])
  await close()
  expect((await probe.stop()).caveats?.[0]?.text).toBe('"otlp.queue" (shop.queue) never came. The target pushed shop.orders. Correct the name under metrics.')
  const { probe: narrow, url: other } = await startProbe({ series: 2 })
  const again = startSdk(new ProtobufExporter({ url: other }))
  for (let n = 0; n < 3; n += 1) again.meter.createCounter('shop.orders').add(1, { shop: String(n) })
  await again.push()
  expect([...(await valuesOf(narrow)).keys()]).toEqual(['otlp.shop.orders.0', 'otlp.shop.orders.1'])
  await again.close()
  expect((await narrow.stop()).caveats?.[0]?.text).toMatch(/^Left out of "otlp": shop\.orders\.2\. At most 2 /)
})

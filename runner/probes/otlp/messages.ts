/** What OpenTelemetry's metrics look like on the wire (OTLP 1.x, opentelemetry/proto/metrics/v1), in protobuf and in JSON, as plain points. */
import protobuf from 'protobufjs/light.js'
import type { Seconds } from '../../../scenarios/units.ts'

/** Values counted in buckets: `counts` has one more than `bounds`, the last bucket being open above. Neither for a histogram of another form. */
export type Buckets = {
  readonly count: number
  readonly sum: number | null
  readonly bounds: readonly number[]
  readonly counts: readonly number[]
  readonly min: number | null
  readonly max: number | null
}

export type Point = {
  readonly metric: string
  /** As OpenTelemetry writes it (UCUM): s, By, {request}. */
  readonly unit: string
  /** Who pushes it: attributes of the resource, and the scope. */
  readonly source: string
  readonly attributes: Readonly<Record<string, string>>
  /** Since when it counts, and the moment it tells of. `start` is 0 when that is not told. */
  readonly start: Seconds
  readonly time: Seconds
  readonly content:
    | { readonly kind: 'gauge'; readonly value: number }
    | { readonly kind: 'sum'; readonly value: number; readonly isDelta: boolean; readonly isMonotonic: boolean }
    | { readonly kind: 'histogram'; readonly buckets: Buckets; readonly isDelta: boolean }
}

export type Push = {
  readonly points: readonly Point[]
  /** Metrics that can't be told as series, by name: summaries. */
  readonly leftOut: readonly string[]
}

type KeyValue = { key?: string; value?: { stringValue?: string; boolValue?: boolean; intValue?: number; doubleValue?: number } }
type WirePoint = { startTimeUnixNano?: number; timeUnixNano?: number; attributes?: KeyValue[]; flags?: number }
type WireNumber = WirePoint & { asDouble?: number; asInt?: number }
type WireHistogram = WirePoint & { count?: number; sum?: number; bucketCounts?: number[]; explicitBounds?: number[]; min?: number; max?: number }
type Temporal<Data> = { dataPoints?: Data[]; aggregationTemporality?: number }
type WireMetric = {
  name?: string
  unit?: string
  gauge?: { dataPoints?: WireNumber[] }
  sum?: Temporal<WireNumber> & { isMonotonic?: boolean }
  histogram?: Temporal<WireHistogram>
  exponentialHistogram?: Temporal<WireHistogram>
  summary?: object
}
type WireRequest = {
  resourceMetrics?: { resource?: { attributes?: KeyValue[] }; scopeMetrics?: { scope?: { name?: string }; metrics?: WireMetric[] }[] }[]
}

const field = (id: number, type: string, rule?: 'repeated') => (rule ? { id, type, rule } : { id, type })
const times = { startTimeUnixNano: field(2, 'fixed64'), timeUnixNano: field(3, 'fixed64') }
const temporal = (type: string) => ({ dataPoints: field(1, type, 'repeated'), aggregationTemporality: field(2, 'int32') })

/** The message definitions as far as they are read; a decoder skips the rest. */
const messages = protobuf.Root.fromJSON({
  nested: {
    Request: { fields: { resourceMetrics: field(1, 'ResourceMetrics', 'repeated') } },
    ResourceMetrics: { fields: { resource: field(1, 'Resource'), scopeMetrics: field(2, 'ScopeMetrics', 'repeated') } },
    Resource: { fields: { attributes: field(1, 'KeyValue', 'repeated') } },
    ScopeMetrics: { fields: { scope: field(1, 'Scope'), metrics: field(2, 'Metric', 'repeated') } },
    Scope: { fields: { name: field(1, 'string') } },
    Metric: {
      fields: {
        name: field(1, 'string'),
        unit: field(3, 'string'),
        gauge: field(5, 'Gauge'),
        sum: field(7, 'Sum'),
        histogram: field(9, 'Histogram'),
        exponentialHistogram: field(10, 'ExponentialHistogram'),
        summary: field(11, 'Summary'),
      },
    },
    Gauge: { fields: { dataPoints: field(1, 'NumberPoint', 'repeated') } },
    Sum: { fields: { ...temporal('NumberPoint'), isMonotonic: field(3, 'bool') } },
    Histogram: { fields: temporal('HistogramPoint') },
    ExponentialHistogram: { fields: temporal('ExponentialPoint') },
    Summary: { fields: {} },
    NumberPoint: {
      fields: { ...times, asDouble: field(4, 'double'), asInt: field(6, 'sfixed64'), attributes: field(7, 'KeyValue', 'repeated'), flags: field(8, 'uint32') },
    },
    HistogramPoint: {
      fields: {
        ...times,
        count: field(4, 'fixed64'),
        sum: field(5, 'double'),
        bucketCounts: field(6, 'fixed64', 'repeated'),
        explicitBounds: field(7, 'double', 'repeated'),
        attributes: field(9, 'KeyValue', 'repeated'),
        flags: field(10, 'uint32'),
        min: field(11, 'double'),
        max: field(12, 'double'),
      },
    },
    ExponentialPoint: {
      fields: { attributes: field(1, 'KeyValue', 'repeated'), ...times, count: field(4, 'fixed64'), sum: field(5, 'double'), flags: field(10, 'uint32') },
    },
    KeyValue: { fields: { key: field(1, 'string'), value: field(2, 'AnyValue') } },
    AnyValue: {
      fields: { stringValue: field(1, 'string'), boolValue: field(2, 'bool'), intValue: field(3, 'int64'), doubleValue: field(4, 'double') },
    },
  },
})
const request = messages.lookupType('Request')

const delta = 1 // of AggregationTemporality; 2 is cumulative
const noValue = 1 // flag of a point that says that there is nothing to say

const attributesOf = (pairs: readonly KeyValue[] = []): Record<string, string> =>
  Object.fromEntries(
    pairs
      .map(({ key = '', value = {} }) => [key, String(value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue ?? '')] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

/** Content of each point of a metric; undefined for what can't be told as a series. */
const contentsOf = ({ gauge, sum, histogram, exponentialHistogram }: WireMetric): (readonly [WirePoint, Point['content']])[] | undefined => {
  const numberOf = ({ asDouble, asInt }: WireNumber): number => asDouble ?? asInt ?? 0 // zeros may be left out on the wire
  if (gauge) return (gauge.dataPoints ?? []).map((point) => [point, { kind: 'gauge', value: numberOf(point) }])
  if (sum) {
    const { isMonotonic = false, aggregationTemporality } = sum
    return (sum.dataPoints ?? []).map((point) => [point, { kind: 'sum', value: numberOf(point), isMonotonic, isDelta: aggregationTemporality === delta }])
  }
  const counted = histogram ?? exponentialHistogram
  return counted?.dataPoints?.map((point) => {
    const { count = 0, sum: total = null, bucketCounts: counts = [], explicitBounds: bounds = [], min = null, max = null } = point
    const isDelta = counted.aggregationTemporality === delta
    return [point, { kind: 'histogram', isDelta, buckets: { count, sum: total, bounds, counts, min, max } }]
  })
}

const pointsOf = (metric: WireMetric, source: string): Point[] | undefined =>
  contentsOf(metric)
    ?.filter(([{ flags = 0 }]) => (flags & noValue) === 0)
    .map(([{ startTimeUnixNano = 0, timeUnixNano = 0, attributes }, content]) => ({
      metric: metric.name ?? '',
      unit: metric.unit ?? '',
      source,
      attributes: attributesOf(attributes),
      start: startTimeUnixNano / 1e9,
      time: timeUnixNano / 1e9,
      content,
    }))

const pushOf = ({ resourceMetrics = [] }: WireRequest): Push => {
  const points: Point[] = []
  const leftOut: string[] = []
  for (const { resource, scopeMetrics = [] } of resourceMetrics)
    for (const { scope, metrics = [] } of scopeMetrics) {
      const source = JSON.stringify([attributesOf(resource?.attributes), scope?.name ?? ''])
      for (const metric of metrics) {
        const told = pointsOf(metric, source)
        if (told === undefined) leftOut.push(metric.name ?? '')
        else points.push(...told)
      }
    }
  return { points, leftOut }
}

const plain = (message: protobuf.Message): WireRequest => request.toObject(message, { longs: Number }) as WireRequest

/** @throws {Error} when the bytes are no ExportMetricsServiceRequest */
export const pushInProtobuf = (body: Uint8Array): Push => pushOf(plain(request.decode(body)))

/** The same in OTLP's JSON, where long numbers stand as text. @throws {Error} when it is none */
export const pushInJson = (text: string): Push => {
  const content: unknown = JSON.parse(text)
  if (typeof content !== 'object' || content === null || !('resourceMetrics' in content)) throw new Error('it has no resourceMetrics')
  return pushOf(plain(request.fromObject(content)))
}

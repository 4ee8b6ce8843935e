/** What k6's cloud output pushes: a MetricSet in protobuf, compressed with snappy's block format. k6 1.8 and 2.x, wire version 2.0. */
import protobuf from 'protobufjs/light.js'
import snappy from 'snappyjs'
import { bucketOf, empty, type Histogram } from '../../stats/histogram.ts'

/** Everything of one second (Unix seconds, its start) in one series; only the fields of the metric's type are there. */
export type Sample =
  | { readonly kind: 'counter'; readonly time: number; readonly sum: number }
  | { readonly kind: 'gauge'; readonly time: number; readonly last: number; readonly max: number }
  | { readonly kind: 'rate'; readonly time: number; readonly nonzero: number; readonly total: number }
  | { readonly kind: 'trend'; readonly time: number; readonly values: Histogram }

export type MetricSeries = { readonly metric: string; readonly labels: ReadonlyMap<string, string>; readonly samples: readonly Sample[] }

type Span = { offset: number; length: number }
type TrendValue = {
  time?: { seconds: number }
  counters: number[]
  spans: Span[]
  sum: number
  count: number
  min: number
  max: number
  belowZero: number
  tooHigh: number
}
type Values<T> = { values: T[] }
type WireSeries = {
  labels: { name: string; value: string }[]
  counter?: Values<{ time?: { seconds: number }; value: number }>
  gauge?: Values<{ time?: { seconds: number }; last: number; max: number }>
  rate?: Values<{ time?: { seconds: number }; nonzero: number; total: number }>
  trend?: Values<TrendValue>
}
type WireSet = { metrics: { name: string; series: WireSeries[] }[] }

const field = (id: number, type: string, rule?: 'repeated') => (rule ? { id, type, rule } : { id, type })

/** k6's message definitions, as far as they are read; a decoder skips the rest. proto3: zeros and empty texts are left out on the wire. */
const messages = protobuf.Root.fromJSON({
  nested: {
    MetricSet: { fields: { metrics: field(3, 'Metric', 'repeated') } },
    Metric: { fields: { name: field(1, 'string'), series: field(3, 'Series', 'repeated') } },
    Series: {
      fields: {
        labels: field(1, 'Label', 'repeated'),
        counter: field(2, 'Counters'),
        gauge: field(3, 'Gauges'),
        rate: field(4, 'Rates'),
        trend: field(5, 'Trends'),
      },
    },
    Label: { fields: { name: field(1, 'string'), value: field(2, 'string') } },
    Time: { fields: { seconds: field(1, 'uint32') } },
    Counters: { fields: { values: field(1, 'Counter', 'repeated') } },
    Counter: { fields: { time: field(1, 'Time'), value: field(2, 'double') } },
    Gauges: { fields: { values: field(1, 'Gauge', 'repeated') } },
    Gauge: { fields: { time: field(1, 'Time'), last: field(2, 'double'), max: field(5, 'double') } },
    Rates: { fields: { values: field(1, 'Rate', 'repeated') } },
    Rate: { fields: { time: field(1, 'Time'), nonzero: field(2, 'uint32'), total: field(3, 'uint32') } },
    Trends: { fields: { values: field(1, 'Trend', 'repeated') } },
    Trend: {
      fields: {
        time: field(1, 'Time'),
        counters: field(2, 'uint32', 'repeated'),
        spans: field(3, 'Span', 'repeated'),
        sum: field(5, 'double'),
        count: field(6, 'uint32'),
        min: field(7, 'double'),
        max: field(8, 'double'),
        belowZero: field(9, 'uint32'),
        tooHigh: field(10, 'uint32'),
      },
    },
    Span: { fields: { offset: field(1, 'uint32'), length: field(2, 'uint32') } },
  },
})
const metricSet = messages.lookupType('MetricSet')

/** k6 stores what ours stores, so its buckets are taken over one by one; what lies outside of its range goes to the nearest end. */
export const histogramOfTrend = ({ counters, spans, sum, count, min, max, belowZero, tooHigh }: Omit<TrendValue, 'time'>): Histogram => {
  if (count === 0) return empty
  const byIndex = new Map<number, number>()
  const add = (index: number, times: number) => {
    if (times > 0) byIndex.set(index, (byIndex.get(index) ?? 0) + times)
  }
  let index = 0
  let next = 0
  for (const { offset, length } of spans) {
    index += offset
    for (const end = index + length; index < end; index++) add(index, counters[next++] ?? 0)
  }
  add(0, belowZero)
  add(bucketOf(max), tooHigh)
  const buckets = [...byIndex].sort((a, b) => a[0] - b[0]).flat()
  return { buckets, count, sum, min: Math.max(0, min), max: Math.max(0, max) }
}

const samplesOf = ({ counter, gauge, rate, trend }: WireSeries): Sample[] => [
  ...(counter?.values ?? []).map(({ time, value }) => ({ kind: 'counter' as const, time: time?.seconds ?? 0, sum: value })),
  ...(gauge?.values ?? []).map(({ time, last, max }) => ({ kind: 'gauge' as const, time: time?.seconds ?? 0, last, max })),
  ...(rate?.values ?? []).map(({ time, nonzero, total }) => ({ kind: 'rate' as const, time: time?.seconds ?? 0, nonzero, total })),
  ...(trend?.values ?? []).map((value) => ({ kind: 'trend' as const, time: value.time?.seconds ?? 0, values: histogramOfTrend(value) })),
]

const largest = 256 * 1024 * 1024 // bytes of one push; 20,000 series of 1,000 buckets are far below

/**
 * Series of one push, as k6 sent it.
 * @throws {Error} when the bytes are no snappy block or no MetricSet
 */
export const decodeMetricSet = (body: Uint8Array): MetricSeries[] => {
  const decoded = metricSet.decode(snappy.uncompress(body, largest)) as unknown as WireSet
  return decoded.metrics.flatMap(({ name, series }) =>
    series.map((one) => ({ metric: name, labels: new Map(one.labels.map((label) => [label.name, label.value])), samples: samplesOf(one) })),
  )
}

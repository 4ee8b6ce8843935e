/**
 * Charts as data: Chart.js configurations without a single function, so that the page and a PNG are drawn from the same ones.
 * Colours are roles such as `@p95`, which `painted` turns into those of a palette.
 */

export type Line = {
  readonly type?: 'line'
  readonly label: string
  readonly data: readonly (number | null)[]
  readonly borderColor: string
  readonly backgroundColor: string
  readonly borderWidth: number
  readonly borderDash?: readonly number[]
  readonly pointRadius: number
  readonly pointStyle?: 'triangle' | 'line' | 'rect'
  readonly showLine?: boolean
  /** An axis other than y, which the scales then have. */
  readonly yAxisID?: string
  /** Pixels by which it may reach beyond the axes, so that a point at their end is whole. */
  readonly clip?: number
  readonly tension: 0
  readonly spanGaps: false
  readonly order?: number
}
export type Bar = {
  readonly type: 'bar'
  readonly label: string
  readonly data: readonly (number | null)[]
  readonly backgroundColor: string
  readonly barPercentage: 1
  readonly categoryPercentage: 1
  readonly stack: string
  readonly order?: number
}

type Axis = {
  readonly type: 'linear' | 'logarithmic'
  readonly title: { readonly display: boolean; readonly text: string }
  readonly [option: string]: unknown
}

/** A Chart.js configuration, as JSON. The x axis is in seconds since the start, which whoever draws it shows as m:ss, unless its `marks` say otherwise. */
export type ChartConfig = {
  readonly type: 'line' | 'bar'
  readonly data: { readonly labels: readonly number[]; readonly datasets: readonly (Line | Bar)[] }
  readonly options: { readonly scales: { readonly x: Axis; readonly y: Axis; readonly [other: string]: Axis }; readonly [option: string]: unknown }
}

export type Table = { readonly heads: readonly string[]; readonly rows: readonly (readonly string[])[] }

export type Chart = {
  readonly id: string
  readonly title: string
  /** What the picture shows, in words: for those who can't see it, and for those who have no time to. */
  readonly lead: string
  readonly config: ChartConfig
  /** What the x axis counts. @default 'time since the start' */
  readonly by?: string
  /** The same figures as text. */
  readonly table: Table
  /** A time axis may be switched to a logarithmic one. */
  readonly canBeLogarithmic: boolean
  /** The section that shows it among its own figures. @default a section of its own */
  readonly within?: 'capacity' | 'advice'
}

export const line = (label: string, role: string, data: readonly (number | null)[], changes: Partial<Line> = {}): Line => ({
  label,
  data,
  borderColor: `@${role}`,
  backgroundColor: `@${role}`,
  borderWidth: 2,
  // A lone point between gaps has no line to show it.
  pointRadius: data.filter((value) => value !== null).length < 40 ? 2 : 0,
  tension: 0,
  spanGaps: false,
  ...changes,
})

export const bar = (label: string, role: string, data: readonly (number | null)[], changes: Partial<Bar> = {}): Bar => ({
  type: 'bar',
  label,
  // A bar of no height would still draw a line along the axis.
  data: data.map((value) => (value === 0 ? null : value)),
  backgroundColor: `@${role}`,
  barPercentage: 1,
  categoryPercentage: 1,
  stack: 'one',
  ...changes,
})

const steps = [1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400] as const
/** Distance of the marks on an axis of so many seconds: a round one, ten marks at most. */
const stepOf = (seconds: number): number => steps.find((step) => seconds / step <= 10) ?? 86_400

export const configOf = (
  type: 'line' | 'bar',
  seconds: number,
  labels: readonly number[],
  datasets: readonly (Line | Bar)[],
  unit: string,
  changes: { readonly stacked?: boolean /** Always shown; else from two series on. */; readonly legend?: boolean } = {},
): ChartConfig => ({
  type,
  data: { labels, datasets },
  options: {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    normalized: true,
    interaction: { mode: 'index', intersect: false },
    plugins: {
      legend: {
        display: changes.legend ?? datasets.length > 1,
        position: 'top',
        align: 'start',
        labels: { usePointStyle: true, pointStyle: 'rectRounded', boxWidth: 10, boxHeight: 10, padding: 16 },
      },
      tooltip: { padding: 10, boxPadding: 4, usePointStyle: true },
    },
    scales: {
      x: {
        type: 'linear',
        min: 0,
        max: Math.max(1, seconds),
        offset: false,
        stacked: changes.stacked ?? false,
        title: { display: false, text: 'time since the start' },
        ticks: { stepSize: stepOf(seconds), maxRotation: 0, autoSkipPadding: 14, includeBounds: false },
        grid: { display: false },
        border: { color: '@grid' },
      },
      y: {
        type: 'linear',
        beginAtZero: true,
        grace: '4%',
        stacked: changes.stacked ?? false,
        title: { display: true, text: unit },
        ticks: { maxTicksLimit: 6 },
        grid: { color: '@grid' },
        border: { display: false },
      },
    },
  },
})

/** The same picture over numbers instead of seconds. @param doublings the numbers are logarithms, so that each doubling is one step */
export const overNumbers = (
  { type, data, options }: ChartConfig,
  { title, from, until, doublings = false }: { readonly title: string; readonly from: number; readonly until: number; readonly doublings?: boolean },
): ChartConfig => ({
  type,
  data,
  options: {
    ...options,
    scales: {
      ...options.scales,
      x: {
        ...options.scales.x,
        min: from,
        max: until,
        marks: doublings ? 'doublings' : 'numbers',
        title: { display: true, text: title },
        ticks: { ...(doublings && { stepSize: 1 }), maxRotation: 0, autoSkipPadding: 14, includeBounds: doublings },
      },
    },
  },
})

/** Three decimals are finer than any pixel; more would only make the page heavier. Adding 0 leaves no -0, which JSON would not keep. */
export const rounded = (value: number | null): number | null => (value === null || !Number.isFinite(value) ? null : Math.round(value * 1000) / 1000 + 0)

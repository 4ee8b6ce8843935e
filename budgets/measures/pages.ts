/**
 * What a browser saw of named pages. A budget on `browser.page_load` holds each page to its limit and is decided by the worst of them:
 * a mean over pages would hide the one that users leave. Few visits, so quantiles are those of few.ts.
 */
import type { Run } from '../../runner/run.ts'
import { quantileOfFew } from '../../runner/stats/few.ts'
import type { Budget } from '../budget.ts'
import { countOf } from '../figure.ts'
import { type Readings, readingsOf } from '../readings.ts'
import type { Bounds, Measure } from './measure.ts'
import type { Part } from './part.ts'
import { quantiles } from './series.ts'

type Page = { readonly name: string; readonly readings: Readings /** By visit: did the page not come? */; readonly failed: readonly boolean[] }

/** Pages of every browser under the name `browser`, else those of the probe that is called so. */
const pagesOf = (run: Run, metric: string): Page[] => {
  const dot = metric.indexOf('.')
  const [probe, what] = [metric.slice(0, dot), metric.slice(dot + 1)]
  return (run.observations ?? []).flatMap((seen) => {
    if (seen.kind !== 'page' || (probe !== seen.probe && probe !== 'browser')) return []
    const readings = readingsOf(run, `${seen.probe}.${seen.subject}.${what}`)
    const failed = readingsOf(run, `${seen.probe}.${seen.subject}.failed`)
    return readings === undefined ? [] : [{ name: seen.subject, readings, failed: readings.values.map((_, index) => failed?.values[index] === 1) }]
  })
}

/** Visits of one page in a part of the run: what was read, those on which the page never came, those of which the figure is unknown. */
const visitsIn = ({ readings: { at, values, unit }, failed }: Page, part: Part) => {
  const inside = at.flatMap((moment, index) => (moment >= part.from && moment <= part.from + part.length ? [index] : []))
  const read = inside.map((index) => values[index] ?? null).filter((value) => value !== null)
  // A page that never came was never loaded in time; it moved nothing, and had no bytes.
  const never = unit === 'ms' ? inside.filter((index) => failed[index]).length : 0
  return { read, never, unknown: inside.filter((index) => values[index] === null && !failed[index]).length }
}

const repeated = (value: number, times: number): number[] => Array.from({ length: times }, () => value)

/** @returns undefined when the metric speaks of no page that was visited */
export const pagesMeasure = (run: Run, { metric, stat = 'value', limit }: Budget): Measure | undefined => {
  const pages = pagesOf(run, metric)
  const [first] = pages
  if (first === undefined) return undefined
  const isAtLeast = limit.is === 'at_least'
  const p = quantiles[stat]
  const figureOf = (values: readonly number[]): number =>
    p !== undefined
      ? quantileOfFew(values, p)
      : stat === 'mean'
        ? values.reduce((sum, value) => sum + value, 0) / values.length
        : isAtLeast
          ? Math.min(...values)
          : Math.max(...values)
  const boundsOf = (page: Page, part: Part): Bounds => {
    const { read, never, unknown } = visitsIn(page, part)
    const known = [...read, ...repeated(Number.POSITIVE_INFINITY, never)]
    const [lower, upper] = [0, Number.POSITIVE_INFINITY].map((value) => figureOf([...known, ...repeated(value, unknown)])) as [number, number]
    return unknown === 0 ? { lower, upper } : { lower, upper, doubt: `it is not known of ${countOf(unknown, 'visit')} of ${page.name}` }
  }
  const visitsOf = (page: Page, part: Part): number => {
    const { read, never, unknown } = visitsIn(page, part)
    return unknown > read.length + never ? 0 : read.length + never + unknown
  }
  const worst = (part: Part): { readonly page: Page; readonly bounds: Bounds } =>
    pages
      .filter((page) => visitsOf(page, part) > 0)
      .map((page) => ({ page, bounds: boundsOf(page, part) }))
      .reduce((a, b) => ((isAtLeast ? b.bounds.lower < a.bounds.lower : b.bounds.upper > a.bounds.upper) ? b : a))
  const figure = metric.slice(metric.indexOf('.') + 1).replaceAll('_', ' ')
  const which = stat === 'value' ? (isAtLeast ? 'lowest' : 'highest') : `${stat} of`
  const whole: Part = { from: run.warmUp.seconds, length: run.durationSeconds, seconds: [], pending: 0 }
  const decisive = pages.some((page) => visitsOf(page, whole) > 0) ? worst(whole).page : first
  const { never } = visitsIn(decisive, whole)
  const beside = [...(pages.length === 1 ? [] : [`the worst of ${pages.length} pages`]), ...(never === 0 ? [] : [`${countOf(never, 'visit')} never came`])]
  return {
    unit: first.readings.unit,
    words: `${which} ${figure} of ${decisive.name}${beside.length === 0 ? '' : ` (${beside.join('; ')})`}`,
    noun: 'visit',
    // The page with the fewest: none may be left out because nobody went there.
    samples: (part) => Math.min(...pages.map((page) => visitsOf(page, part))),
    needed: p === undefined ? 1 : Math.ceil(1 / (1 - p) - 1e-9),
    telling: undefined, // visits lie seconds apart: none of those in between is to blame
    bounds: (part) => worst(part).bounds,
  }
}

/** What users saw: the figures of each visited page without load, under load and at its peak, with the visits behind each. */
import type { Observation, Run } from '../runner/run.ts'
import { shapeOf } from '../runner/run.ts'
import { median, medianInterval } from '../runner/stats/few.ts'
import { durationOf, peakRate, rateAt } from '../scenarios/shape.ts'
import { amount, clock, count, milliseconds, plural } from './format.ts'

export type PageFigure = {
  /** Visits of which it is known. */
  readonly visits: number
  /** null with fewer visits than one can say a median of. */
  readonly median: number | null
  /** 95 %, of the median; null with fewer than 6 visits. */
  readonly low: number | null
  readonly high: number | null
}

export type ComparedFigure = {
  /** As in its series' name. */
  readonly what: string
  readonly words: string
  readonly unit: (typeof figures)[number][2]
  readonly unloaded: PageFigure
  readonly underLoad: PageFigure
  /** null where the load had no peak. */
  readonly atPeak: PageFigure | null
}

export type PagePicture = {
  readonly when: 'unloaded' | 'worst'
  readonly words: string /** As a data: address. */
  readonly image: string
  readonly file: string
}

export type PageReport = {
  readonly name: string
  readonly url: string
  /** Visits, those that failed included. */
  readonly visits: { readonly unloaded: number; readonly underLoad: number; readonly atPeak: number | null }
  readonly failed: { readonly unloaded: number; readonly underLoad: number; readonly atPeak: number | null }
  /** What failed visits met. */
  readonly failures: readonly string[]
  readonly figures: readonly ComparedFigure[]
  readonly pictures: readonly PagePicture[]
  /** What load did to the page. @example 'LCP 310 ms unloaded → 1.24 s at the peak (12 visits)' */
  readonly sentence: string
}

export type Pages = {
  readonly pages: readonly PageReport[]
  /** What the browsers took of this machine. */
  readonly browsers: readonly { readonly version: string; readonly cores: number | null; readonly of: number }[]
}

const fewest = 3 // visits; the middle one of them is no outlier

const figures = [
  ['page_load', 'Page load', 'ms'],
  ['lcp', 'Largest contentful paint (LCP)', 'ms'],
  ['time_to_interactive', 'Time to interactive', 'ms'],
  ['total_blocking_time', 'Total blocking time', 'ms'],
  ['inp', 'Click until it shows (INP)', 'ms'],
  ['ttfb', 'First byte (TTFB)', 'ms'],
  ['fcp', 'First contentful paint (FCP)', 'ms'],
  ['cls', 'Layout shift (CLS)', 'score'],
  ['requests', 'Requests', 'count'],
  ['failed_requests', 'Failed requests', 'count'],
  ['console_errors', 'Console errors', 'count'],
  ['bytes', 'Transferred', 'bytes'],
  ['bytes.document', '– documents', 'bytes'],
  ['bytes.script', '– scripts', 'bytes'],
  ['bytes.style', '– styles', 'bytes'],
  ['bytes.image', '– images', 'bytes'],
  ['bytes.font', '– fonts', 'bytes'],
  ['bytes.other', '– other', 'bytes'],
] as const

/** Of one page under one load: a value for each visit of which the figure is known. */
const figureOf = (values: readonly number[]): PageFigure => {
  const interval = medianInterval(values)
  return {
    visits: values.length,
    median: values.length < fewest ? null : median(values),
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  }
}

/** From this share of the highest rate on, it is at its peak; a load whose average is above it has none. */
const peakShare = 0.9

const peakOf = (run: Run): ((at: number) => boolean) | undefined => {
  if (run.sweep !== undefined) return undefined
  const shape = shapeOf(run)
  const least = peakRate(shape) * peakShare
  const length = Math.max(1, Math.floor(durationOf(shape)))
  const atPeak = Array.from({ length }, (_, second) => rateAt(shape, second) >= least).filter(Boolean).length
  return atPeak > length / 2 ? undefined : (at) => rateAt(shape, at) >= least
}

const isKnown = (value: number | null | undefined): value is number => value !== null && value !== undefined
const text = (value: Observation['values'][string] | undefined): string | null => (typeof value === 'string' ? value : null)

export const pageValue = (value: number | null, unit: string): string =>
  value === null
    ? 'unknown'
    : unit === 'ms'
      ? milliseconds(value)
      : unit === 'bytes'
        ? amount(value, 'bytes')
        : unit === 'score'
          ? value.toFixed(3)
          : count(value)

/** A change is told by what users look at; where the browser saw no such paint, by the load. */
const sentenceOf = (compared: readonly ComparedFigure[], { visits, failed }: Pick<PageReport, 'visits' | 'failed'>): string => {
  const told = compared.find(({ what, unloaded, underLoad }) => what === 'lcp' && unloaded.visits > 0 && underLoad.visits > 0) ?? compared[0]
  if (told === undefined || visits.underLoad === 0) return `not visited while load ran, because the run was over before its turn`
  const name = told.what === 'lcp' ? 'LCP' : 'page load'
  const isPeak = told.atPeak !== null && told.atPeak.median !== null
  const loaded = isPeak && told.atPeak !== null ? told.atPeak : told.underLoad
  const missing = isPeak ? (failed.atPeak ?? 0) : failed.underLoad
  const where = isPeak ? 'at the peak' : 'under load'
  const shown = ({ median: middle, visits: known }: PageFigure, missing: number): readonly [figure: string, behind: string] => {
    const never = missing === 0 ? '' : `, ${count(missing)} never came`
    return middle === null ? ['unknown', ` (${plural(known, 'visit')}, too few${never})`] : [milliseconds(middle), ` (${plural(known, 'visit')}${never})`]
  }
  const [calm, behindCalm] = shown(told.unloaded, failed.unloaded)
  const [busy, behindBusy] = shown(loaded, missing)
  return `${name} ${calm}${told.unloaded.median === null ? behindCalm : ''} unloaded → ${busy} ${where}${behindBusy}`
}

const pageOf = (run: Run, { probe, subject, values }: Observation, atPeak: ((at: number) => boolean) | undefined): PageReport => {
  const before = (run.observations ?? []).filter((seen) => seen.kind === 'visit' && seen.probe === probe && seen.subject === subject)
  const seriesOf = (what: string) => run.probes.find(({ name }) => name === `${probe}.${subject}.${what}`)
  const from = run.warmUp.seconds
  const under = (what: string, keep: (at: number) => boolean): number[] => {
    const series = seriesOf(what)
    return (series?.at ?? []).flatMap((at, index) => {
      const value = series?.values[index]
      return at >= from && keep(at) && isKnown(value) ? [value] : []
    })
  }
  const always = (): boolean => true
  const compared = figures.flatMap(([what, words, unit]): ComparedFigure[] => {
    const unloaded = before.map((visit) => visit.values[what]).filter((value) => typeof value === 'number')
    if (unloaded.length === 0 && under(what, always).length === 0) return []
    return [
      {
        what,
        words,
        unit,
        unloaded: figureOf(unloaded),
        underLoad: figureOf(under(what, always)),
        atPeak: atPeak === undefined ? null : figureOf(under(what, atPeak)),
      },
    ]
  })
  const sum = (all: readonly number[]): number => all.reduce((total, value) => total + value, 0)
  const counted = {
    visits: {
      unloaded: before.length,
      underLoad: under('failed', always).length,
      atPeak: atPeak === undefined ? null : under('failed', atPeak).length,
    },
    failed: {
      unloaded: before.filter((visit) => visit.values.failure !== null).length,
      underLoad: sum(under('failed', always)),
      atPeak: atPeak === undefined ? null : sum(under('failed', atPeak)),
    },
  }
  const picture = (when: PagePicture['when'], words: string): PagePicture[] => {
    const [image, file] = [text(values[`picture_${when}`]), text(values[`file_${when}`])]
    return image === null || file === null || !image.startsWith('data:image/jpeg;base64,') ? [] : [{ when, words, image, file }]
  }
  const worstAt = values.worst_at
  return {
    name: subject,
    url: text(values.url) ?? '',
    ...counted,
    failures: [values.failures_unloaded, values.failures].flatMap((failures) => text(failures) ?? []),
    figures: compared,
    pictures: [
      ...picture('unloaded', 'without load'),
      ...picture('worst', `on the worst visit under load${typeof worstAt === 'number' ? `, begun at ${clock(worstAt)}` : ''}`),
    ],
    sentence: sentenceOf(compared, counted),
  }
}

/** How much longer the page took to load or to show itself; pages that never came before all. */
const harmOf = ({ figures: compared, failed }: PageReport): number => {
  if (failed.underLoad > failed.unloaded) return Number.POSITIVE_INFINITY
  const ratios = compared.flatMap(({ what, unloaded, underLoad, atPeak }) => {
    const loaded = atPeak?.median ?? underLoad.median
    return (what === 'lcp' || what === 'page_load') && unloaded.median && loaded !== null ? [loaded / unloaded.median] : []
  })
  return Math.max(0, ...ratios)
}

/** The page that load harmed most comes first. @returns undefined when no browser visited a page */
export const pagesOf = (run: Run): Pages | undefined => {
  const seen = run.observations ?? []
  const pages = seen.filter(({ kind }) => kind === 'page')
  if (pages.length === 0) return undefined
  const atPeak = peakOf(run)
  return {
    pages: pages.map((page) => pageOf(run, page, atPeak)).sort((a, b) => (harmOf(a) === harmOf(b) ? 0 : harmOf(b) - harmOf(a))),
    browsers: seen.flatMap(({ kind, subject, values: { cpu, cores } }) =>
      kind === 'browser' ? [{ version: subject, cores: typeof cpu === 'number' ? cpu : null, of: typeof cores === 'number' ? cores : 0 }] : [],
    ),
  }
}

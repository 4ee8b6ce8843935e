/** Words and marks that every renderer uses alike. A mark never stands without its word. */
import type { Judgement, Verdict } from '../budgets/budget.ts'
import type { Caveat, Run } from '../runner/run.ts'
import { clock, count, duration, milliseconds, oneLine, percent, plural, range, rate } from './format.ts'
import { type CutReport, type IntervalName, intervalNames, type Report } from './report.ts'

const verdictWords: Readonly<Record<Verdict['word'], string>> = { pass: 'PASS', fail: 'FAIL', unknown: 'NO VERDICT' }
export const verdictMarks: Readonly<Record<Verdict['word'], string>> = { pass: '✓', fail: '✗', unknown: '?' }

/** `exceeded` at level warn is told with a mark of its own: it fails nothing. */
export const judgementMark = ({ status, budget }: Judgement): string =>
  status === 'met' ? '✓' : status === 'unknown' ? '?' : budget.level === 'warn' ? '!' : '✗'

const urgency = ({ status, budget }: Judgement): number => {
  const order = { exceeded: 0, unknown: 2, met: 4 } as const
  return order[status] + (budget.level === 'error' ? 0 : 1)
}

/** A share of 100 % can't be any better, however little it lies above its limit. */
const tightness = ({ headroom, observed, unit, budget }: Judgement): number =>
  unit === 'ratio' && budget.limit.is === 'at_least' && observed === 1 ? 1 : (headroom ?? 0)

/** Judgements that need reading first: exceeded, unknown, met, and in each the deciding before the warning ones, the tightest first. Level off is left out. */
export const byUrgency = ({ judgements }: Verdict): Judgement[] =>
  judgements.filter(({ budget }) => budget.level !== 'off').toSorted((a, b) => urgency(a) - urgency(b) || tightness(a) - tightness(b))

/** A breakpoint test asks where it breaks, so it is done once it found that: no budget decides, and "pass" would say too much. */
const answersBreakpoint = ({ breakpoint, verdict }: Report): boolean =>
  breakpoint !== undefined && verdict.word === 'pass' && verdict.judgements.every(({ budget }) => budget.level !== 'error')

/** The decision in a word and a sentence, as every renderer tells them. */
export const decision = (report: Report): { readonly word: string; readonly because: string } => {
  const { verdict, breakpoint, sweep } = report
  // Budgets let it pass; what a sweep is made for is where throughput ends.
  if (sweep !== undefined && verdict.word === 'pass') return { word: verdictWords.pass, because: sweep.plateau.because }
  if (breakpoint === undefined || !answersBreakpoint(report)) return { word: verdictWords[verdict.word], because: verdict.because }
  return { word: 'DONE', because: breakpoint.found ? `The target breaks ${breakpointSentence(report)}: ${breakpoint.because}` : breakpoint.because }
}

/** @example 'spike test of http://127.0.0.1:8080, 2 min 40 s, embedded 0.1.0' */
export const identity = ({ test, target, durationSeconds, engine }: Run): string =>
  oneLine(`${test} test of ${target.url}, ${duration(durationSeconds)}, ${engine.name} ${engine.version}`)

/** What an interval is, and what it is not. */
export const intervalMeaning =
  'Drawn anew from its own stretches of seconds, the run gives figures within these ends 95 times of 100; the truth lies outside them somewhat more often. They tell nothing of the next run, so they compare no two runs.'

/** Intervals of response time, or why there are none. @example 'p50 12.6–13 ms, p95 47.1–52.3 ms' */
export const intervalSentence = (intervals: Report['intervals'], names: readonly IntervalName[] = intervalNames): string =>
  'declined' in intervals ? intervals.because : names.map((name) => `${name} ${range(intervals[name])}`).join(', ')

/** What was cut, and what it would have said. @example 'The first 30 s (--warm-up) are in no figure below: 600 arrivals, 612 requests, p95 812 ms.' */
export const warmUpSentence = ({ seconds, because, load, p95 }: CutReport): string =>
  `The first ${duration(seconds)} (${because}) are in no figure below: ${plural(load.planned, 'arrival')}, ${plural(load.completed, 'request')}${load.failed > 0 ? `, ${count(load.failed)} failed` : ''}, p95 ${milliseconds(p95)}.`

/** @example '9,600 arrivals planned = 9,282 started + 318 dropped (3.31 %)' */
export const loadSentence = ({ run: { load } }: Report): string =>
  `${count(load.planned)} arrivals planned = ${count(load.started)} started + ${count(load.dropped)} dropped${load.dropped > 0 ? ` (${percent(load.dropped / load.planned)})` : ''}`

/** True for a note that only says which percentile of some endpoint, or which p99.9, is missing: true, and no reason to read on. */
export const isMinor = ({ code }: Caveat, { responseTime }: Report): boolean =>
  code === 'few-answers-endpoint' || (code === 'few-answers' && responseTime.p99 !== null)

/** What a breakpoint test found, in one clause. */
export const breakpointSentence = ({ breakpoint }: Report): string => {
  if (breakpoint === undefined) return ''
  if (!breakpoint.found) return breakpoint.atLeast === null ? 'not found; no rate held' : `not found: ${rate(breakpoint.atLeast)} still held`
  return breakpoint.lastGood === null
    ? `below ${rate(breakpoint.firstBad)}, the first rate tried`
    : `between ${rate(breakpoint.lastGood)} (held) and ${rate(breakpoint.firstBad)} (broke)`
}

/** @example '0:35' or '0:34–0:36' */
export const stretch = ({ second, seconds }: { readonly second: number; readonly seconds: number }): string =>
  seconds <= 1 ? clock(second) : `${clock(second)}–${clock(second + seconds)}`

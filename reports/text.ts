/**
 * What the terminal shows at the end: the decision and its reason first, at most 15 lines of 80 columns; the levels of a sweep besides.
 * Only the path of the report may be longer, because half a path is of no use.
 */
import pc from 'picocolors'
import stringWidth from 'string-width'
import type { Judgement } from '../budgets/budget.ts'
import { wrapped } from '../budgets/wrapped.ts'
import { count, distance, duration, milliseconds, observedAndLimit, oneLine, percent, plural, rate, unbounded } from './format.ts'
import { shown } from './percentiles.ts'
import type { CutReport, Percentiles, Renderer, RendererOptions, Report } from './report.ts'
import { exclusions, sweepCells, sweepHeads, sweepSentence } from './sweep.ts'
import { firedWords } from './triggers.ts'
import { causeWords } from './why.ts'
import { breakpointSentence, byUrgency, decision, identity, intervalSentence, isMinor, judgementMark, loadSentence, verdictMarks } from './words.ts'

const mostLines = 15
const longestCause = 48 // characters of 80; how sure it is must stand behind it
type Colours = ReturnType<typeof pc.createColors>

const graphemes = new Intl.Segmenter()

/** As much of the text as fits, cut between characters as a reader sees them, and marked as cut. */
const cut = (text: string, columns: number): string => {
  if (stringWidth(text) <= columns) return text
  let kept = ''
  let width = 0
  for (const { segment } of graphemes.segment(text)) {
    width += stringWidth(segment)
    if (width > columns - 1) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

export const pad = (text: string, columns: number): string => text + ' '.repeat(Math.max(0, columns - stringWidth(text)))

/** Words on at most `lines` lines; the last one is cut when there are more. */
const wrap = (text: string, columns: number, lines: number): string[] => {
  const all = wrapped(text, columns)
  const shown = all.slice(0, lines)
  if (all.length > lines) shown[lines - 1] = `${shown[lines - 1] ?? ''} ${all[lines] ?? ''}`
  return shown.map((each) => cut(each, columns))
}

const paint = (colours: Colours, mark: string): ((text: string) => string) =>
  mark === '✓' ? colours.green : mark === '✗' ? colours.red : mark === '!' ? colours.yellow : colours.magenta

const budgetLines = (judgements: readonly Judgement[], columns: number, colours: Colours): string[] => {
  const rows = judgements.map((judgement) => ({ judgement, name: oneLine(judgement.budget.name), ...observedAndLimit(judgement) }))
  const widest = (of: (row: (typeof rows)[number]) => string, most: number): number => Math.min(most, Math.max(...rows.map((row) => stringWidth(of(row)))))
  const [name, observed, limit] = [widest((row) => row.name, 28), widest((row) => row.observed, 12), widest((row) => row.limit, 18)]
  return rows.map((row) => {
    const mark = judgementMark(row.judgement)
    const figures = `${pad(cut(row.name, name), name)}  ${pad(row.observed, observed)}  ${pad(row.limit, limit)}`
    const warning = mark === '!' ? 'warning: ' : ''
    const words =
      row.judgement.status === 'unknown' ? [`unknown: ${oneLine(row.judgement.because)}`] : [distance(row.judgement), distance(row.judgement, false)]
    // Half a moment tells nothing; where it does not fit, it is left to the page.
    const lines = words.map((each) => `${figures}  ${warning}${each}`.trimEnd())
    const fitting = lines.find((each) => stringWidth(each) <= columns - 2) ?? lines.at(-1) ?? figures
    return `${paint(colours, mark)(mark)} ${cut(fitting, columns - 2)}`
  })
}

/** Budgets in the lines left for them; what does not fit is counted, never dropped in silence. */
const budgets = (report: Report, lines: number, columns: number, colours: Colours): string[] => {
  const all = byUrgency(report.verdict)
  if (all.length === 0) return ['No budget was judged.']
  if (all.length <= lines) return budgetLines(all, columns, colours)
  const [shown, rest] = [all.slice(0, Math.max(1, lines - 1)), all.slice(Math.max(1, lines - 1))]
  const tally = (['exceeded', 'unknown', 'met'] as const).map((status) => [rest.filter((judgement) => judgement.status === status).length, status] as const)
  const words = tally.filter(([n]) => n > 0).map(([n, status]) => `${count(n)} ${status}`)
  return [...budgetLines(shown, columns, colours), cut(`  and ${rest.length} more: ${words.join(', ')}`, columns)]
}

const times = (all: Percentiles): string => {
  const figures = (['p50', 'p95', 'p99', 'max'] as const).map((name) => `${name} ${shown(all, name)}`).join(' · ')
  return figures.includes(unbounded) ? `${figures}  (${unbounded}: never answered)` : figures
}

const answers = ({ run: { load }, throughput, errorRate, errors: kinds }: Report): string =>
  load.failed === 0
    ? `${throughput === null ? '' : `${rate(throughput)} · `}none of ${plural(load.completed, 'request')} failed`
    : `${throughput === null ? '' : `${rate(throughput)} · `}${percent(errorRate)} of ${plural(load.completed, 'request')} failed: ${kinds.map(({ kind, count: n }) => `${count(n)} × ${oneLine(kind)}`).join(', ')}`

/** The levels of a sweep; figures are read from the right. */
const sweepTable = (sweep: NonNullable<Report['sweep']>, columns: number, colours: Colours): string[] => {
  const rows = [[...sweepHeads], ...sweep.levels.map(sweepCells)]
  const widths = sweepHeads.map((_, index) => Math.max(...rows.map((row) => stringWidth(row[index] ?? ''))))
  const lines = rows.map((row) => cut(row.map((cell, index) => ' '.repeat((widths[index] ?? 0) - stringWidth(cell)) + cell).join('  '), columns))
  return lines.map((line, index) => (index === 0 ? colours.dim(line) : line))
}

const sweepFacts = (sweep: NonNullable<Report['sweep']>, report: Report, columns: number, colours: Colours): string[] => [
  ...sweepTable(sweep, columns, colours),
  ...[sweepSentence(sweep), 'Times are service times: in a closed loop nothing is due.', ...exclusions(sweep).map((each) => `* ${each}`)].flatMap((each) =>
    wrap(oneLine(each), columns, 2).map(colours.dim),
  ),
  `${colours.dim(pad('answers', 10))} ${cut(answers(report), columns - 11)}`,
]

/** The seconds stand first: what follows is only a measure of what was cut. */
const warmUpLine = ({ seconds, load, p95 }: CutReport): string =>
  `first ${duration(seconds)} in no figure: ${plural(load.planned, 'arrival')}, ${plural(load.completed, 'request')}, p95 ${milliseconds(p95)}`

/** The page that load harmed most; the others are counted. */
const pageLines = ({ pages: [worst, ...others] }: NonNullable<Report['pages']>): string[] => {
  return worst === undefined ? [] : [`${oneLine(worst.name)}: ${worst.sentence}${others.length === 0 ? '' : `; ${others.length} more`}`]
}

/** @param hasRoom for the interval, which no budget has to give way to */
const facts = (report: Report, columns: number, colours: Colours, hasRoom: boolean): string[] => {
  if (report.sweep !== undefined) return sweepFacts(report.sweep, report, columns, colours)
  const line = (name: string, text: string): string => `${colours.dim(pad(name, 10))} ${cut(text, columns - 11)}`
  const cause = report.findings && causeWords(report.findings.attribution, longestCause)
  const fired = firedWords(report.triggers ?? [])
  return [
    ...(report.breakpoint ? [line('breakpoint', breakpointSentence(report))] : []),
    ...(cause === undefined ? [] : [line('cause', cause)]),
    ...(fired === undefined ? [] : [line('scaling', fired)]),
    ...(report.warmUp ? [line('warm-up', warmUpLine(report.warmUp))] : []),
    line('load', loadSentence(report)),
    line('answers', answers(report)),
    line('response', times(report.responseTime)),
    // Whoever visits pages wants to know of them first.
    ...(report.pages === undefined ? [line('service', times(report.serviceTime))] : pageLines(report.pages).map((each) => line('page', each))),
    ...(hasRoom && !('declined' in report.intervals)
      ? [line('interval', `${intervalSentence(report.intervals, ['p95'])} within this run (95 %); no measure of the next`)]
      : []),
  ]
}

/** The caveat that matters most; the others are counted. Minor ones are left to summary.json and the page. */
const caveats = (report: Report, columns: number, colours: Colours, lines: number): string[] => {
  const { state } = report.run.validity
  // What the headline says already is not said again.
  const [first, ...others] = report.caveats.filter((caveat) => !isMinor(caveat, report) && !report.verdict.because.includes(caveat.text))
  const weighty = state !== 'VALID'
  if (first === undefined) return weighty ? [colours.yellow(state)] : []
  const more = others.length > 0 ? ` (and ${plural(others.length, 'more caveat')})` : ''
  return wrap(`${weighty ? `${state}: ` : 'Note: '}${oneLine(first.text)}${more}`, columns, weighty ? lines : Math.min(lines, 2)).map(
    weighty ? colours.yellow : colours.dim,
  )
}

const place = ({ paths }: RendererOptions, colours: Colours): string[] => {
  const path = paths?.report ?? paths?.folder
  return path === undefined ? [] : [`${colours.dim(pad('report', 10))} ${colours.cyan(oneLine(path))}`]
}

export const text: Renderer = (report, options = {}) => {
  const colours = pc.createColors(options.colour ?? false)
  const columns = Math.max(40, Math.min(options.columns ?? 80, 120))
  const mark = verdictMarks[report.verdict.word]
  const { word, because } = decision(report)
  const [headline = '', ...reasons] = wrap(`${mark} ${word}  ${oneLine(because)}`, columns, 3)
  const head = [paint(colours, mark)(colours.bold(headline)), ...reasons, colours.dim(cut(identity(report.whole), columns))]
  const tailWith = (withInterval: boolean, caveatLines: number): string[] => [
    '',
    ...facts(report, columns, colours, withInterval),
    ...caveats(report, columns, colours, caveatLines),
    ...place(options, colours),
  ]
  // A sweep's table is its answer: it takes nothing from the rest.
  const roomBeside = (tail: readonly string[]): number => mostLines - head.length - 1 - tail.length + (report.sweep ? report.sweep.levels.length + 3 : 0)
  const all = byUrgency(report.verdict).length
  const most = report.breakpoint === undefined ? 3 : 2
  const tails = [tailWith(true, most), tailWith(false, most), tailWith(false, 2), tailWith(false, 1)]
  // Budgets come before the interval, and some lines of them before the end of a caveat.
  const needed = [all, 3, 3, 2] as const
  const tail = tails.find((each, index) => roomBeside(each) >= Math.min(all, needed[index] ?? 2)) ?? tailWith(false, 1)
  return `${[...head, '', ...budgets(report, Math.max(1, roomBeside(tail)), columns, colours), ...tail].join('\n')}\n`
}

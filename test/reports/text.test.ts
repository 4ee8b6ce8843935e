import { stripVTControlCharacters } from 'node:util'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import type { Judgement, Unit } from '../../budgets/budget.ts'
import type { Report } from '../../reports/report.ts'
import { text } from '../../reports/text.ts'
import { randomFrom } from '../../scenarios/shape.ts'
import { expectGolden } from './support/golden.ts'
import { caveat } from './support/simulate.ts'
import { aBudget, aJudgement, aVerdict, everyReport } from './support/situations.ts'

const paths = { report: 'perf-results/2026-11-21T15-51-09-spike/report.html' }
const linesOf = (output: string): string[] => output.trimEnd().split('\n')

test.each(Object.entries(everyReport))('%s reads as it always did', (name, make) => expectGolden(`${name}.txt`, text(make(), { paths })))

/** Reports as varied as chance makes them: long names, wide letters, many budgets, long reasons, many caveats. */
const varied = (seed: number): Report => {
  const random = randomFrom(seed)
  const pick = <T>(items: readonly [T, ...T[]]): T => items[Math.floor(random() * items.length)] ?? items[0]
  const words = (n: number): string =>
    Array.from({ length: n }, () =>
      pick(['slow', 'checkout', '応答時間', '🛒', 'GET', '/a-very-long-path/that/goes/on/and/on/and/on/and/on/for/ever', 'p95', '\u001b[2J']),
    ).join(' ')
  const judgement = (): Judgement =>
    aJudgement(
      aBudget(words(1 + Math.floor(random() * 6)), random() * 1000, { level: pick(['error', 'warn'] as const) }),
      pick<Unit>(['ms', 'ratio', '/s', 'count', '']),
      pick([null, Infinity, 0, random() * 3000, random() * 1e9]),
      words(20),
      pick([null, 4000]),
    )
  const base = pick(Object.values(everyReport) as [() => Report, ...(() => Report)[]])()
  const judgements = Array.from({ length: Math.floor(random() * 14) }, judgement)
  const caveats = Array.from({ length: Math.floor(random() * 5) }, (_, n) => caveat(`c${n}`, words(30)))
  const run = { ...base.run, validity: { state: pick(['VALID', 'SUSPECT', 'INVALID'] as const), reasons: caveats } }
  return {
    ...base,
    run,
    caveats,
    verdict: aVerdict(judgements, words(1 + Math.floor(random() * 60))),
    breakpoint: pick([undefined, { found: true, lastGood: null, firstBad: 20, because: '' }, { found: false, atLeast: 1e6, because: words(9) }] as const),
  }
}

describe('whatever the run', () => {
  const reports = Array.from({ length: 120 }, (_, seed) => varied(seed))
  const usual = reports.map((report) => text(report, { paths }))
  test('15 lines say it, and the levels of a sweep besides', () => {
    for (const [at, report] of reports.entries())
      expect(linesOf(usual[at] as string).length).toBeLessThanOrEqual(15 + (report.sweep ? report.sweep.levels.length + 3 : 0))
  })
  test.each([80, 100, 60])('no line is wider than %s columns', (columns) => {
    // Only a path may be: half of it would be of no use.
    const options = columns < 80 ? { columns } : { columns, paths }
    for (const report of reports) for (const line of linesOf(text(report, options))) expect(stringWidth(line)).toBeLessThanOrEqual(columns)
  })
  test('nothing in it moves the cursor', () => {
    for (const output of usual) expect(output).not.toMatch(/\p{Cc}(?<!\n)/u)
  })
})

test('the verdict and its reason come first, failing budgets before others', () => {
  const lines = linesOf(text(everyReport.failingSpike()))
  expect(lines[0]).toMatch(/^✗ FAIL {2}4 of 6 budgets/)
  expect(lines.findIndex((line) => line.startsWith('✗ error rate'))).toBeGreaterThan(0)
  expect(lines.findIndex((line) => /^ {2}and \d more/.test(line))).toBeGreaterThan(lines.findIndex((line) => line.startsWith('✗ error rate')))
})

test('budgets that do not fit are counted by their status', () => {
  expect(text(everyReport.failingSpike())).toContain('and 3 more: 1 exceeded, 1 unknown, 1 met')
})

test('colour only on request, and the words are the same with it', () => {
  const report = everyReport.failingSpike()
  expect(text(report)).not.toContain('\u001b')
  const coloured = text(report, { colour: true })
  expect(coloured).toContain('\u001b[31m')
  expect(stripVTControlCharacters(coloured)).toBe(text(report))
})

test('says where the report is, whole', () => expect(text(everyReport.tenSecondSmoke(), { paths })).toContain(paths.report))

import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, test } from 'vitest'
import { junit } from '../../reports/junit.ts'
import type { Report } from '../../reports/report.ts'
import { aBudget, aJudgement, aVerdict, everyReport } from './support/situations.ts'

type Testcase = {
  readonly '@name': string
  readonly failure?: { readonly '@message': string }
  readonly error?: { readonly '@message': string }
  readonly skipped?: unknown
}
type Suite = {
  readonly '@tests': string
  readonly '@failures': string
  readonly '@errors': string
  readonly '@skipped': string
  readonly testcase: readonly Testcase[]
}
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  isArray: (name) => name === 'testcase',
  parseAttributeValue: false,
  htmlEntities: true,
})
const read = (report: Report): Suite => parser.parse(junit(report)).testsuites.testsuite

describe.each(Object.entries(everyReport))('JUnit of %s', (_, make) => {
  const report = make()
  test('is well-formed XML', () => expect(XMLValidator.validate(junit(report))).toBe(true))

  test('has a case for the run and one for each budget, and counts them right', () => {
    const suite = read(report)
    expect(suite.testcase).toHaveLength(1 + report.verdict.judgements.length)
    expect(Number(suite['@tests'])).toBe(suite.testcase.length)
    expect(Number(suite['@failures'])).toBe(suite.testcase.filter(({ failure }) => failure !== undefined).length)
    expect(Number(suite['@errors'])).toBe(suite.testcase.filter(({ error }) => error !== undefined).length)
  })
})

test('exceeded fails, unknown is an error, a warning is skipped, off is left out', () => {
  const report: Report = {
    ...everyReport.tenSecondSmoke(),
    verdict: aVerdict(
      [
        aJudgement(aBudget('met', 200), 'ms', 100),
        aJudgement(aBudget('exceeded', 200), 'ms', 340, 'It was slow.', 4),
        aJudgement(aBudget('unknown', 200), 'ms', null, 'Too few answers.'),
        aJudgement(aBudget('warned', 200, { level: 'warn' }), 'ms', 340),
        aJudgement(aBudget('off', 200, { level: 'off' }), 'ms', 340),
      ],
      '',
    ),
  }
  const [run, met, exceeded, unknown, warned, ...more] = read(report).testcase
  expect(Object.keys(run ?? {})).not.toContain('error')
  expect(Object.keys(met ?? {})).toContain('system-out')
  expect(exceeded?.failure?.['@message']).toBe('340 ms, at most 200 ms, over by 140 ms (+70 %), first at 0:04. It was slow.')
  expect(unknown?.error?.['@message']).toBe('unknown: Too few answers.')
  expect(warned).toHaveProperty('skipped')
  expect(more).toEqual([])
})

test('an INVALID run is red even if nothing was judged', () => {
  const suite = read({ ...everyReport.invalidRun(), verdict: aVerdict([], '') })
  expect(suite.testcase[0]?.error?.['@message']).toMatch(/^INVALID: 31 % of the arrivals/)
})

test('names come back as they were, without what XML forbids', () => {
  expect(read(everyReport.hostileNames()).testcase[1]?.['@name']).toBe('<script>alert("x")</script> "p95"')
  expect(junit(everyReport.hostileNames())).not.toMatch(/(?![\n\t])\p{Cc}/u)
})

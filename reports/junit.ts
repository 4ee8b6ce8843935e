/**
 * JUnit XML: one test case for each budget, and one first for whether the run can be believed at all.
 *
 * met → passed · exceeded → failure · unknown → error, because a gate that could not measure must not look green, and is no finding
 * against the target either · exceeded or unknown at level warn → skipped with its reason, the only state of JUnit that shows without failing ·
 * level off → left out. An INVALID run is an error of the first case; a SUSPECT one passes, its reasons in system-out.
 */
import type { Judgement } from '../budgets/budget.ts'
import { distance, observedAndLimit, oneLine } from './format.ts'
import { type Markup, markup, nothing } from './html/markup.ts'
import type { Renderer, Report } from './report.ts'

type Case = { readonly name: string; readonly outcome: 'passed' | 'failure' | 'error' | 'skipped'; readonly message: string; readonly details: string }

const validityCase = ({ run: { validity }, caveats }: Report): Case => ({
  name: 'the run can be believed',
  outcome: validity.state === 'INVALID' ? 'error' : 'passed',
  message: validity.state === 'INVALID' ? `INVALID: ${validity.reasons.map(({ text }) => text).join(' ')}` : '',
  details: [validity.state, ...caveats.map(({ text }) => text)].join('\n'),
})

const outcomeOf = ({ status, budget }: Judgement): Case['outcome'] =>
  status === 'met' ? 'passed' : budget.level === 'warn' ? 'skipped' : status === 'exceeded' ? 'failure' : 'error'

const budgetCase = (judgement: Judgement): Case => {
  const { observed, limit } = observedAndLimit(judgement)
  const figures = [observed, limit, distance(judgement)].filter(Boolean).join(', ')
  const outcome = outcomeOf(judgement)
  return {
    name: judgement.budget.name,
    outcome,
    message: outcome === 'passed' ? '' : oneLine(judgement.status === 'unknown' ? `unknown: ${judgement.because}` : `${figures}. ${judgement.because}`),
    details: `${figures}\n${judgement.because}\n${judgement.budget.file}`,
  }
}

const element = (suite: string, { name, outcome, message, details }: Case): Markup => {
  const detail =
    outcome === 'passed'
      ? markup`<system-out>${details}</system-out>`
      : outcome === 'skipped'
        ? markup`<skipped message="${message}"/>`
        : outcome === 'failure'
          ? markup`<failure type="exceeded" message="${message}">${details}</failure>`
          : markup`<error type="unknown" message="${message}">${details}</error>`
  return markup`    <testcase classname="${suite}" name="${oneLine(name)}" time="0">${detail}</testcase>\n`
}

export const junit: Renderer = (report) => {
  const { run, whole, verdict } = report
  const suite = `scale-surgeon.${run.test}`
  const cases = [validityCase(report), ...verdict.judgements.filter(({ budget }) => budget.level !== 'off').map(budgetCase)]
  const tally = (outcome: Case['outcome']): number => cases.filter((each) => each.outcome === outcome).length
  const counts = markup`tests="${cases.length}" failures="${tally('failure')}" errors="${tally('error')}" skipped="${tally('skipped')}" time="${whole.durationSeconds}"`
  const properties = [
    ['run', run.id],
    ['target', run.target.url],
    ['verdict', verdict.word],
    ['because', oneLine(verdict.because)],
    ['validity', run.validity.state],
  ] as const
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="scale-surgeon" ${counts}>
  <testsuite name="${suite}" timestamp="${run.startedAt.replace(/(\.\d+)?Z$/, '')}" ${counts}>
    <properties>
${properties.map(([name, value]) => (value === '' ? nothing : markup`      <property name="${name}" value="${oneLine(value)}"/>\n`))}    </properties>
${cases.map((each) => element(suite, each))}  </testsuite>
</testsuites>
`.markup
}

/** For comments on pull requests and job summaries: the decision first, tables after it, details folded away. */
import type { Judgement } from '../budgets/budget.ts'
import { count, distance, duration, memory, moment, observedAndLimit, oneLine, percent, plural, range, rate } from './format.ts'
import { shown } from './percentiles.ts'
import { provedWords, recommendationHeads, recommendedRows } from './recommendation.ts'
import type { Percentiles, Renderer, Report } from './report.ts'
import { exclusions, sweepCells, sweepHeads, sweepSentence } from './sweep.ts'
import { breakpointSentence, byUrgency, decision, identity, intervalMeaning, intervalSentence, loadSentence, warmUpSentence } from './words.ts'

const verdictSigns = { pass: '✅', fail: '❌', unknown: '❔' } as const
const statusSigns = { met: '✅ met', exceeded: '❌ exceeded', unknown: '❔ unknown' } as const

/** Prose of others: no formatting, no HTML, and no mention that would call somebody. */
const prose = (text: string): string =>
  oneLine(text)
    .replace(/[\\`*_[\]<>|~#&]/g, (character) => (character === '<' ? '&lt;' : character === '>' ? '&gt;' : character === '&' ? '&amp;' : `\\${character}`))
    .replace(/@(?=[\w-])/g, '@\u2060')

/** A name as code, fenced by more backticks than it contains; a pipe would end the cell even there. */
const code = (text: string): string => {
  const clean = oneLine(text).replace(/\|/g, '\\|') || '(no name)'
  const longest = Math.max(0, ...[...clean.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const space = longest > 0 ? ' ' : ''
  return `${fence}${space}${clean}${space}${fence}`
}

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string => {
  // A name in front of the colon: figures are read from the right.
  const align = heads.map((head) => (/^(budget|status|endpoint|limit|what|error|headroom)/i.test(head) ? ':--' : '--:'))
  return [heads, align, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

const folded = (title: string, body: string): string => `<details><summary>${title}</summary>\n\n${body}\n\n</details>`

const budgetRow = (judgement: Judgement): string[] => {
  const { observed, limit } = observedAndLimit(judgement)
  const sign = judgement.status === 'exceeded' && judgement.budget.level === 'warn' ? '⚠️ exceeded (warning)' : statusSigns[judgement.status]
  const { interval, unit } = judgement
  const within = interval !== undefined && 'low' in interval ? ` (${range(interval, unit)})` : ''
  return [sign, code(judgement.budget.name), `${observed}${within}`, limit, judgement.status === 'unknown' ? prose(judgement.because) : distance(judgement)]
}

const budgets = ({ verdict }: Report): string => {
  const rows = byUrgency(verdict).map(budgetRow)
  return rows.length === 0 ? 'No budget was judged.' : table(['Status', 'Budget', 'Observed', 'Limit', 'Headroom'], rows)
}

const four = (times: Percentiles): string[] => (['p50', 'p95', 'p99', 'max'] as const).map((name) => shown(times, name))

const endpoints = ({ endpoints: all, sweep: isSweep }: Report): string => {
  if (all.length === 0) return 'No request was made.'
  const rows = all.map((each) => [
    code(each.name),
    count(each.completed),
    percent(each.errorRate),
    rate(each.throughput),
    ...four(isSweep ? each.serviceTime : each.responseTime),
  ])
  return table(['Endpoint', 'Requests', 'Failed', 'Throughput', 'p50', 'p95', 'p99', 'Max'], rows)
}

const figures = (report: Report): string =>
  table(
    ['What', 'p50', 'p95', 'p99', 'Max'],
    [
      ...(report.sweep ? [] : [['Response time', ...four(report.responseTime)]]),
      ['Service time', ...four(report.serviceTime)],
      ['Set-up time', ...four(report.setupTime)],
    ],
  )

const errors = ({ errors: kinds, run: { load } }: Report): string =>
  kinds.length === 0
    ? `No request failed in ${count(load.completed)}.`
    : table(
        ['Error', 'Requests'],
        kinds.map(({ kind, count: n }) => [code(kind), count(n)]),
      )

const sweep = ({ sweep: found }: Report): string =>
  found === undefined
    ? ''
    : [
        `**Sweep:** ${prose(found.plateau.because)}`,
        table(sweepHeads, found.levels.map(sweepCells)),
        ...exclusions(found).map((each) => `\\* ${prose(each)}`),
        prose(sweepSentence(found)),
      ].join('\n\n')

const cause = ({ findings }: Report): string => {
  if (findings?.attribution.state !== 'named') return ''
  const { attribution, illnesses } = findings
  const named = illnesses.map(({ name, remedy: [first] }) => `- ${prose(name)}${first === undefined ? '' : `: ${prose(first)}`}`).join('\n')
  return `**Broke first:** ${code(attribution.cause.name)} (${attribution.confidence} confidence). ${prose(attribution.because)}${named === '' ? '' : `\n\n${named}`}`
}

const pages = ({ pages: seen }: Report): string =>
  seen === undefined ? '' : `**The page a user sees**\n\n${seen.pages.map(({ name, sentence }) => `- ${code(name)}: ${prose(sentence)}`).join('\n')}`

const advice = ({ advice: made }: Report): string => {
  if (made === undefined) return ''
  const rows = recommendedRows(made)
  return [
    '**What to deploy**',
    ...(rows.length === 0
      ? []
      : [
          table(
            recommendationHeads,
            rows.map(({ what, now, recommended, because }) => [what, now, recommended, because].map(prose)),
          ),
        ]),
    ...made.declined.map((because) => `- ${prose(because)}`),
    prose(provedWords(made)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const provenance = ({ run }: Report): string => {
  const { provenance: from } = run
  return [
    `- run ${code(run.id)}, started ${moment(run.startedAt)}, seed ${from.seed}`,
    `- scale-surgeon ${from.version}, engine ${run.engine.name} ${run.engine.version} (${prose(run.engine.because)})`,
    `- target ${code(run.target.url)}, commit ${from.gitCommit === null ? 'unknown' : code(from.gitCommit.slice(0, 12))}`,
    `- ${from.cpus.count} × ${prose(from.cpus.model)}, ${memory(from.memoryBytes)}, ${prose(from.platform)}, Node ${from.node}`,
    `- command ${code(from.command.join(' '))}`,
  ].join('\n')
}

const caveats = ({ caveats: all, run: { validity } }: Report): string => {
  if (all.length === 0) return ''
  const lines = all.map(({ text }) => `- ${prose(text)}`).join('\n')
  return validity.state === 'VALID'
    ? folded(plural(all.length, 'note on the figures', 'notes on the figures'), lines)
    : `**This run is ${validity.state}**\n\n${lines}`
}

export const markdown: Renderer = (report) => {
  const { verdict, run } = report
  const parts = [
    `### ${verdictSigns[verdict.word]} ${decision(report).word}: ${prose(decision(report).because)}`,
    prose(identity(report.whole)),
    report.warmUp === undefined ? '' : prose(warmUpSentence(report.warmUp)),
    caveats(report),
    report.breakpoint ? `**Breakpoint:** ${breakpointSentence(report)}. ${prose(report.breakpoint.because)}` : '',
    sweep(report),
    cause(report),
    budgets(report),
    report.sweep
      ? `Error rate ${percent(report.errorRate)} of ${count(run.load.completed)} requests`
      : `${loadSentence(report)} · throughput ${rate(report.throughput)} · error rate ${percent(report.errorRate)}`,
    figures(report),
    pages(report),
    advice(report),
    'declined' in report.intervals
      ? `Response time: ${prose(report.intervals.because)}.`
      : `Response time within this run (95 %): ${intervalSentence(report.intervals)}. ${intervalMeaning}`,
    folded(`${plural(report.endpoints.length, 'endpoint')}, ${report.sweep ? 'service' : 'response'} time`, endpoints(report)),
    folded('Errors', errors(report)),
    folded(`Where this comes from (${duration(report.whole.durationSeconds)} on ${moment(run.startedAt)})`, provenance(report)),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

/** The rest: checks, metrics of the scenario, saturation, sums that must hold, and where all of it comes from. */
import { amount, bytes, count, duration, memory, moment, percent, plain } from '../../format.ts'
import type { Report } from '../../report.ts'
import { type Markup, markup, nothing } from '../markup.ts'
import { cell, cross, scrolling, section, textTable, tick } from '../parts.ts'

export const checksSection = ({ checks }: Report): Markup => {
  if (checks.length === 0) return nothing
  const failing = checks.filter(({ failed }) => failed > 0).length
  const rows = checks
    .toSorted((a, b) => (a.ratio ?? 0) - (b.ratio ?? 0))
    .map(
      ({ name, passed, failed, ratio }) =>
        markup`<tr><th scope="row" class="name">${name}</th>${cell(passed, count(passed))}${cell(failed, count(failed), failed > 0 ? 'bad' : '')}${cell(ratio, percent(ratio))}</tr>\n`,
    )
  const table = markup`<table><caption class="hidden">How often each check passed and failed</caption><thead><tr><th scope="col" class="l">Check</th><th scope="col">Passed</th><th scope="col">Failed</th><th scope="col">Passed, share</th></tr></thead><tbody>${rows}</tbody></table>`
  return section(
    'checks',
    'Checks',
    failing === 0
      ? 'Every check passed every time.'
      : `${count(failing)} of ${count(checks.length)} checks failed at least once. A failed check fails no request.`,
    scrolling('Checks', table),
  )
}

export const metricsSection = ({ counters, trends }: Report): Markup => {
  if (counters.length + trends.length === 0) return nothing
  const sums = counters.map(({ name, sum }) => [name, plain(sum, 6)])
  const spread = trends.map(({ name, count: n, times: { p50, p95, p99, max } }) => [name, count(n), ...[p50, p95, p99, max].map((value) => plain(value))])
  return section(
    'metrics',
    'Metrics of the scenario',
    'In the scenario’s own units.',
    sums.length > 0 && scrolling('Counters', textTable('Sums', ['Counter', 'Sum'], sums)),
    sums.length > 0 && spread.length > 0 && markup`<br>`,
    spread.length > 0 && scrolling('Trends', textTable('Distributions', ['Trend', 'Count', 'p50', 'p95', 'p99', 'max'], spread)),
  )
}

/** Below the picture of the same. */
export const saturationTable = ({ saturation, readings }: Report): Markup => {
  if (saturation.length === 0) return nothing
  const rows = saturation.map(({ resource, unit, used, limit, ratio }) => [resource, amount(used, unit), amount(limit, unit), percent(ratio)])
  const unlimited = readings.map(({ name, unit, median, most }) => [name, amount(median, unit), amount(most, unit)])
  return markup`<h3>At the worst moment</h3>${scrolling('Resources', textTable('Highest use of each resource against its limit', ['Resource', 'Used', 'Limit', 'Saturation'], rows))}${unlimited.length > 0 && markup`<h3>Without a limit</h3>${scrolling('Readings', textTable('Readings of what has no limit', ['Series', 'Median', 'Highest'], unlimited))}`}`
}

const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`)

const fact = (name: string, value: string | Markup): Markup => markup`<dt>${name}</dt><dd>${value}</dd>`

export const totalsSection = ({ totals, warmUp }: Report): Markup => {
  const wrong = totals.filter(({ holds }) => !holds).length
  return section(
    'totals',
    'Sums',
    wrong === 0
      ? `Every total equals its parts${warmUp === undefined ? '' : '; the warm-up is counted here'}.`
      : `${count(wrong)} of ${count(totals.length)} totals differ from their parts: something was counted twice or not at all.`,
    markup`<ul class="sums">${totals.map(({ text, holds }) => markup`<li class="${holds ? 'met' : 'exceeded'}">${holds ? tick : cross}${text}${!holds && markup` <strong class="bad">differs</strong>`}</li>`)}</ul>`,
  )
}

export const provenanceSection = ({ whole: run }: Report): Markup => {
  const { provenance: from, engine, target, scenario } = run
  return section(
    'provenance',
    'Where this comes from',
    '',
    markup`<dl class="facts">
${fact('Run', markup`<code>${run.id}</code>`)}
${fact('Started', `${moment(run.startedAt)}, ran ${duration(run.durationSeconds)} of ${duration(run.plannedSeconds)} planned (${run.ending.state})`)}
${fact('Command', markup`<code>${from.command.map(shellWord).join(' ')}</code>`)}
${fact('Target', `${target.url}${target.addresses.length > 0 ? ` (${target.addresses.join(', ')})` : ''}${target.server === null ? '' : `, ${target.server}`}`)}
${fact('Scenario', `${scenario.file ?? 'built in'}: ${scenario.journeys.map(({ name, weight }) => `${name} × ${weight}`).join(', ')}`)}
${fact('Engine', `${engine.name} ${engine.version}, ${engine.because}; up to ${count(engine.users)} virtual users${engine.usersBecause === undefined ? '' : ` (${engine.usersBecause})`}`)}
${fact('scale-surgeon', `${from.version} on Node ${from.node}, ${from.platform}`)}
${fact('Machine', `${count(from.cpus.count)} × ${from.cpus.model}, ${memory(from.memoryBytes)}`)}
${fact('Git commit', from.gitCommit === null ? 'unknown' : markup`<code>${from.gitCommit}</code>`)}
${fact('Seed', String(from.seed))}
${fact('Traffic', `${bytes(run.bytesReceived)} received, ${bytes(run.bytesSent)} sent; ${count(run.preflightRequests)} requests beside the load, in no figure here`)}
</dl>
<details><summary>Show the effective configuration</summary><pre tabindex="0">${JSON.stringify(from.configuration, null, 2)}</pre></details>`,
  )
}

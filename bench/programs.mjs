/** Comparisons that bring their own programs and targets along. Each returns its rows, and what came of the aims. */
import { run as k6Engine } from './k6-channel.mjs'
import { run as startUp } from './start-up.mjs'

const figure = (text, value, aim, isMet) => ({ text, value, aim, isMet: isMet(value) })

/** Lines of equal columns. */
const lined = (lines) => {
  const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)))
  return lines.map((line) => line.map((text, at) => (at === 0 ? text.padEnd(widths[at]) : text.padStart(widths[at]))).join('  ')).join('\n')
}

const ofK6 = async ({ seconds, rounds, log }) => {
  const rows = await k6Engine({ seconds, rounds, log })
  const ratioOf = (name) => rows.find((row) => row.name === name)?.ratio ?? Number.NaN
  const harness = Math.max(...rows.flatMap((row) => (row.harness === undefined ? [] : [row.harness])))
  const lost = rows.reduce((sum, row) => sum + (row.lost ?? 0), 0)
  return {
    rows,
    table: lined([
      ['', '× bare k6', 'requests', 'CPU s per million', 'harness, of a core', 'lost'],
      ...rows.map((row) => [
        row.name,
        row.ratio.toFixed(3),
        String(row.requests),
        row.cpuPerMillion.toFixed(1),
        row.harness === undefined ? '' : `${(100 * row.harness).toFixed(1)} %`,
        row.lost === undefined ? '' : String(row.lost),
      ]),
    ]),
    figures: [
      figure('synchronous journey × bare k6', ratioOf('synchronous journey'), '≥ 1', (ratio) => ratio >= 1),
      figure('awaited journey × bare k6', ratioOf('awaited journey'), '≥ 0.9', (ratio) => ratio >= 0.9),
      figure('harness beside k6, share of a core', harness, '≤ 0.05', (share) => share <= 0.05),
      figure('requests the channel lost', lost, '0', (count) => count === 0),
    ],
  }
}

const ofStartUp = async ({ rounds }) => {
  const rows = await startUp({ rounds: Math.max(5, rounds) })
  const middle = (name) => rows.find((row) => row.figure.startsWith(name))?.median ?? Number.NaN
  return {
    rows,
    table: lined([
      ['from Enter, in ms', 'median', 'least', 'most'],
      ...rows.map(({ figure: name, median, values }) => [name, ...[median, Math.min(...values), Math.max(...values)].map((value) => value.toFixed(0))]),
    ]),
    figures: [
      figure('perf --help, ms', middle('perf --help'), '< 150', (value) => value < 150),
      figure('embedded at 20/s, ms to the first request', middle('embedded, 20/s'), '≤ 1000', (value) => value <= 1000),
      figure('k6 at 20/s, ms to the first request beyond bare k6', middle('k6, 20/s') - middle('bare k6, 20/s'), '≤ 500', (value) => value <= 500),
    ],
  }
}

export const programs = [
  { name: 'k6-engine', title: 'k6 engine: what is left of bare k6 in a closed loop, 10 users', run: ofK6 },
  { name: 'start-up', title: 'From Enter to the end (help), or to the first request of the load', run: ofStartUp },
]

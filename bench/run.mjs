/**
 * How fast are the engines, beside other tools on the same core and in the same minutes? Prints tables, and writes JSON.
 * Figures are ratios: what a machine does by itself says little, what two programs do on it in turns says much.
 *
 *   npm run bench [-- --only closed-loop,open-loop --variants k6,embedded --seconds 10 --rounds 3 --out perf-results/bench.json]
 *
 * Linux with two cores at least: `taskset` keeps generators on the first, the server and this program on the second.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { dirname } from 'node:path'
import { parseArgs } from 'node:util'
import { comparisons } from './comparisons.mjs'
import { cores, hasTwoCores } from './machine.mjs'
import { medianOf } from './median.mjs'
import { programs } from './programs.mjs'
import { tableOf } from './table.mjs'
import { startTarget } from './target.mjs'

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    variants: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
    out: { type: 'string', default: 'perf-results/bench.json' },
  },
})
if (process.platform !== 'linux' || !hasTwoCores)
  throw new Error(
    `This is ${process.platform} with ${cpus().length} cores. Generator and server need a core each, and taskset to stay on it. Use Linux with two cores or more.`,
  )
execFileSync('taskset', ['-acp', cores.target, String(process.pid)])

const [seconds, rounds] = [Number(flags.seconds), Number(flags.rounds)]
const isWanted = (list, name) => list === undefined || list.split(',').includes(name)
const lineOf = ({ text, value, aim, isMet }) =>
  `${isMet === undefined ? ' ' : isMet ? '✓' : '✗'} ${text}: ${Number(value.toPrecision(3))}${aim ? ` (aim ${aim})` : ''}`
const target = await startTarget()

/** One run of one variant, with what the server saw of it. */
const measure = async (run) => {
  const [answered, used] = [await target.answered(), target.cpuSeconds()]
  const { cpuSeconds, peakBytes, ...told } = await run({ url: target.url, seconds })
  const requests = (await target.answered()) - answered - 1 // the question itself
  return {
    requests,
    throughput: requests / seconds,
    cpuPerMillion: (cpuSeconds / requests) * 1e6,
    peakMegabytes: peakBytes / 2 ** 20,
    serverShare: (target.cpuSeconds() - used) / seconds,
    ...told,
  }
}

const report = {
  at: new Date().toISOString(),
  node: process.version,
  cpu: cpus()[0]?.model,
  cores: cpus().length,
  server: target.name,
  seconds,
  rounds,
  comparisons: [],
}
try {
  for (const { name, title, variants, columns, figures } of comparisons) {
    if (!isWanted(flags.only, name)) continue
    const wanted = Object.entries(variants).filter(([variant]) => isWanted(flags.variants, variant))
    const missing = wanted.filter(([, run]) => run === undefined).map(([variant]) => variant)
    const there = wanted.filter(([, run]) => run !== undefined)
    const measured = Object.fromEntries(there.map(([variant]) => [variant, []]))
    for (let round = 1; round <= rounds; round += 1)
      for (const [variant, run] of there) {
        process.stderr.write(`${name}, round ${round} of ${rounds}: ${variant}          \r`)
        measured[variant].push(await measure(run))
      }
    const medians = Object.fromEntries(Object.entries(measured).map(([variant, rows]) => [variant, medianOf(rows)]))
    const judged = figures(measured).filter(({ value }) => Number.isFinite(value))
    console.log(`\n${title}\n${tableOf(medians, columns)}`)
    if (missing.length > 0) console.log(`Not installed here, so left out: ${missing.join(', ')}.`)
    for (const each of judged) console.log(lineOf(each))
    report.comparisons.push({ name, title, missing, medians, rounds: measured, figures: judged })
  }
} finally {
  target.stop()
}
for (const { name, title, run } of programs) {
  if (!isWanted(flags.only, name)) continue
  const { rows, table, figures } = await run({ seconds, rounds, log: (line) => process.stderr.write(`${name}, ${line}          \r`) })
  console.log(`\n${title}\n${table}`)
  for (const each of figures) console.log(lineOf(each))
  report.comparisons.push({ name, title, rows, figures })
}
mkdirSync(dirname(flags.out), { recursive: true })
writeFileSync(flags.out, `${JSON.stringify(report, null, 2)}\n`)
console.log(`\nEvery round is in ${flags.out}.`)

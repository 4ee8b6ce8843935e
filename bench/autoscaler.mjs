/**
 * Is the policy simulator right? Each case's longest wait is predicted (budgets/advice/scaling/simulate.ts), from what an instance serves, the
 * policy and a start-up time measured beforehand; then the spike is played for real: `perf run spike` against instances behind nginx that an
 * autoscaler on this machine starts and stops by the same policy (test/support/local-autoscaler.ts). Prints a table in Markdown.
 *
 *   npm run build && node bench/autoscaler.mjs [--repeat 3] [--only word,word] [--keep FILE] [--predict]
 *
 * A case takes 90 s. `--keep` adds each round to a file, a line of JSON each, and the table is made of all that it holds; `--predict` makes no load.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { casesOf } from './autoscaler/cases.mjs'
import { measureStartUp } from './autoscaler/measure-start-up.mjs'
import { play, predict } from './autoscaler/play.mjs'
import { loadTests } from './faults/load-tests.mjs'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const has = (name) => process.argv.includes(`--${name}`)
const only = flag('only', '').split(',')
const keep = flag('keep', undefined)
const program = fileURLToPath(new URL('../test/targets/one-at-a-time.mjs', import.meta.url))

const simulation = await loadTests('../bench/autoscaler/simulation')
const { startLocalAutoscaler } = await loadTests('support/local-autoscaler')
const cases = casesOf(simulation).filter(({ name }) => only.some((word) => name.includes(word)))

const told = (steps) => (steps.length === 0 ? 'none' : steps.map(({ at, from, to }) => `${from} → ${to} at ${at}`).join(', '))
const seconds = (value) => value.toFixed(2)
const signed = (ratio) => `${ratio < 0 ? '−' : '+'}${Math.abs(100 * ratio).toFixed(1)} %`

const slowestOfFirstStep = ({ steps: [first], startUps }) => Math.max(...startUps.slice(0, first.to - first.from))

const rowOf = ({ name, spike, startUp, predicted, afterwards, measured }) => [
  name,
  `${spike.rate} → ${spike.peak}/s`,
  seconds(startUp),
  seconds(predicted.wait),
  seconds(measured.wait),
  signed(predicted.wait / measured.wait - 1),
  measured.startUps.length === 0 ? '' : seconds(slowestOfFirstStep(measured)),
  signed(afterwards.wait / measured.wait - 1),
  seconds(predicted.shared),
  told(predicted.steps),
  told(measured.steps),
  `${measured.failed} of ${measured.requests}`,
]
const headings = [
  'policy',
  'spike',
  'start-up s',
  'predicted s',
  'measured s',
  'off',
  'start-ups it had s',
  'off with these',
  'one shared line s',
  'steps predicted',
  'steps taken',
  'failed',
]
const lineOf = (cells) => `| ${cells.join(' | ')} |`

const rounds =
  keep !== undefined && existsSync(keep)
    ? readFileSync(keep, 'utf8')
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line))
    : []
for (let repetition = 1; repetition <= Number(flag('repeat', '3')); repetition += 1)
  for (const each of cases) {
    if (has('predict')) {
      const { wait, shared, steps } = predict(simulation, each, each.boot)
      process.stdout.write(`${each.name}: ${seconds(wait)} s, in one shared line ${seconds(shared)} s; ${told(steps)}\n`)
      continue
    }
    process.stderr.write(`${each.name}, ${repetition}\n`)
    const startUp = await measureStartUp(startLocalAutoscaler, { program, capacity: each.capacity, boot: each.boot })
    const predicted = predict(simulation, each, startUp)
    const measured = await play(startLocalAutoscaler, each, program)
    // A busy machine starts programs more slowly than it did a moment before: what is off then is the start-up, and not the model.
    const afterwards = measured.startUps.length === 0 ? predicted : predict(simulation, each, slowestOfFirstStep(measured))
    const round = { name: each.name, spike: each.spike, startUp, predicted, afterwards, measured }
    rounds.push(round)
    if (keep !== undefined) appendFileSync(keep, `${JSON.stringify(round)}\n`)
  }
if (!has('predict')) {
  const rows = rounds.toSorted((a, b) => a.name.localeCompare(b.name)).map(rowOf)
  process.stdout.write(`${[headings, headings.map(() => '---'), ...rows].map(lineOf).join('\n')}\n`)
  const worst = Math.max(...rounds.map(({ predicted, measured }) => Math.abs(predicted.wait / measured.wait - 1)))
  process.stdout.write(`\n${rounds.length} rounds, at worst ${(100 * worst).toFixed(1)} % off\n`)
}

/**
 * Do the engines measure what is so? Each against servers whose true answer is known (test/targets), as a table: truth, what a bare client
 * at the same rate found, what the engine reported, and whether the difference is within 2 ms + 2 % (times) or nothing at all (counts).
 *
 * The truth of a time is the server's own record of how long it held its answers in that very run. Of a frozen server it is when it
 * answered each arrival, from when that was due; the formula beside it (test/targets/truth) knows no time for working off the backlog. Loopback and waking up two processes cost every client some time on top; the bare client
 * (node:http, timers set from the schedule, counted from due) tells how much. `within`: within tolerance of the truth ·
 * `as bare`: further off, and no further beyond the bare client than the tolerance: the machine's share · `BEYOND`: neither.
 *
 *   npm run build && node bench/accuracy.mjs [--only word,word] [--seconds 10] [--json FILE]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { bareClient } from './accuracy/bare-client.mjs'
import { casesOf, enoughUsers, meanwhileAt } from './accuracy/cases.mjs'
import { loadTargets } from './accuracy/load-targets.mjs'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const only = flag('only', '')
const times = ['p50', 'p95', 'p99', 'max']
const folder = mkdtempSync(join(tmpdir(), 'perf-accuracy-'))
const command = fileURLToPath(new URL('../dist/runner/cli.js', import.meta.url))

/** The run's summary. */
const measure = async (each, engine, url, flags, front = url) => {
  const scenario = join(folder, 'scenario.mjs')
  writeFileSync(
    scenario,
    `import { constant, journey, scenario } from 'scale-surgeon'
     export default scenario({ shape: constant({ rate: '${each.rate}/s', duration: '${each.seconds}s' }), journeys: [journey('one', ({ http, arrival }) => http.get('${url}/load', { timeout: '${each.timeout ?? '60s'}', headers: { 'x-arrival': String(arrival) } }))] })`,
  )
  const args = ['run', '--scenario', 'scenario.mjs', '--engine', engine, '--target', front, '--json', '--quiet', ...flags]
  const { stdout, stderr } = await execa('node', [command, ...args], { cwd: folder, reject: false })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

/** Carries out what happens in the middle of a load, counted from its first request. */
const meanwhile = async (each, target, running) => {
  if (each.meanwhile === undefined) return running
  const before = await target.requests('/load')
  while ((await target.requests('/load')) === before) await new Promise((resolve) => setTimeout(resolve, 20))
  await new Promise((resolve) => setTimeout(resolve, each.seconds * meanwhileAt * 1000))
  await each.meanwhile(target)
  return running
}

const difference = (value, truth) => (value === null || truth === undefined ? undefined : value - truth)
const verdictOf = (off, offBare, truth) => {
  const allowed = 2 + truth * 0.02
  if (Math.abs(off) <= allowed) return 'within'
  return off > 0 && offBare !== undefined && off - offBare <= allowed ? 'as bare' : 'BEYOND'
}

/** @param record what the server itself recorded */
const timesOf = (truthOf, formula, record, bare, summary) =>
  times.map((time) => {
    const truth = truthOf(record)[time]
    const measured = summary.responseTime[time]
    const atLeast = summary.responseTime.atLeast?.[time]
    const bareTruth = bare && truthOf(bare.record)[time]
    const off = difference(measured, truth)
    const offBare = bareTruth > 0 ? difference(bare[time], bareTruth) : undefined
    const verdict = truth === undefined ? '' : measured === null ? 'unknown' : verdictOf(off, offBare, truth)
    return { time, formula: formula?.[time], truth, bare: bare?.[time], bareOff: offBare, measured, atLeast, difference: off, verdict }
  })

/** Successful answers by the server's count over the run's length in seconds, drained tail included. */
const throughputOf = (answered, { durationSeconds, throughput }) => {
  const truth = answered === undefined ? undefined : answered / durationSeconds
  return { truth, measured: throughput, verdict: truth === undefined ? '' : Math.abs(throughput - truth) < 1e-6 * truth ? 'exact' : 'BEYOND' }
}

const recordOf = async (target, { rate }) => (target.ask === undefined ? {} : target.ask({ path: '/load', gap: 1000 / rate }))

/** What the bare client finds, and what the server recorded of it. */
const bareOf = async (each, targets) => {
  if (each.bare === false) return undefined
  const target = await each.start(targets)
  try {
    const found = await meanwhile(each, target, bareClient(target.url, each))
    return { ...found, record: await recordOf(target, each) }
  } finally {
    await target.stop()
  }
}

const runOf = async (each, engine, variant, targets, bare) => {
  const target = await each.start(targets)
  // A target that only fails would be refused before the load: a sound one stands in front, and the journey asks the other.
  const front = each.front ? await targets.startStatuses(200) : undefined
  try {
    const before = await target.requests('/load')
    const summary = await meanwhile(each, target, measure(each, engine, target.url, [...(each.flags ?? []), ...variant.flags], front?.url))
    const own = await recordOf(target, each)
    const seen = (await target.requests('/load')) - before
    const errors = Object.fromEntries(summary.errors.map(({ kind, count }) => [kind, count]))
    const trueErrors = each.errors?.(own, summary.load.started, engine) ?? {}
    const isSame = JSON.stringify(Object.entries(errors).sort()) === JSON.stringify(Object.entries(trueErrors).sort())
    const truth = variant.truth ?? each.truth
    const formula = variant.formula ?? each.formula
    const truthOf = (held) => truth?.(held, targets) ?? {}
    return {
      target: each.name,
      engine: [engine, ...variant.flags].join(' '),
      times: timesOf(truthOf, formula?.(own, targets), own, bare, summary),
      errors: { truth: trueErrors, measured: errors, verdict: isSame ? 'exact' : 'BEYOND' },
      count: {
        planned: summary.load.planned,
        dropped: summary.load.dropped,
        server: each.counts === false ? undefined : seen,
        measured: summary.load.completed,
        verdict: each.counts === false ? '' : seen === summary.load.completed ? 'exact' : 'BEYOND',
      },
      throughput: throughputOf(own.statuses?.[200], summary),
      validity: summary.validity,
      reasons: summary.caveats.map(({ text }) => text),
    }
  } finally {
    await target.stop()
    await front?.stop()
  }
}

const figure = (value, atLeast) =>
  value === undefined ? '' : value !== null ? value.toFixed(1) : atLeast === undefined ? 'unknown' : `≥ ${atLeast.toFixed(1)}`
const kinds = (errors) =>
  Object.entries(errors)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ') || 'none'

const rowsOf = ({ target, engine, times: found, errors, count, throughput, validity }) => [
  ...found
    .filter(({ truth }) => truth !== undefined)
    .map((row) => [
      target,
      engine,
      row.time,
      figure(row.formula),
      figure(row.truth),
      figure(row.bare),
      figure(row.measured, row.atLeast),
      figure(row.difference),
      row.verdict,
    ]),
  ...(throughput.truth === undefined
    ? []
    : [[target, engine, 'throughput /s', '', figure(throughput.truth), '', figure(throughput.measured), '', throughput.verdict]]),
  [target, engine, 'errors', '', kinds(errors.truth), '', kinds(errors.measured), '', errors.verdict],
  [
    target,
    engine,
    'count',
    '',
    count.server ?? '',
    '',
    `${count.measured}${count.dropped > 0 ? ` + ${count.dropped} dropped, ${validity}` : ''}`,
    '',
    count.verdict,
  ],
]

const found = []
try {
  const targets = await loadTargets()
  console.log(
    '| target | engine | figure | formula | truth | bare client | measured | difference | |\n| --- | --- | --- | ---: | ---: | ---: | ---: | ---: | --- |',
  )
  for (const each of casesOf(Number(flag('seconds', 10)))) {
    if (!only.split(',').some((word) => each.name.includes(word))) continue
    const bare = await bareOf(each, targets)
    for (const engine of ['embedded', 'k6'])
      for (const variant of each.variants?.[engine] ?? [{ flags: engine === 'k6' ? enoughUsers : [] }]) {
        const run = await runOf(each, engine, variant, targets, bare)
        found.push(run)
        for (const row of rowsOf(run)) console.log(`| ${row.join(' | ')} |`)
      }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
const file = flag('json', '')
if (file !== '') writeFileSync(file, `${JSON.stringify(found, null, 2)}\n`)

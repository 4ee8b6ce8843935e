/**
 * The proof loop: a service whose CPU and memory of each request are known is measured for more than ten minutes, `perf advise` chooses a
 * size for it, and `perf advise --prove` runs the objective at that size and at the next smaller one, three times each. The services are
 * made so that 0.25, 0.5 and 1 vCPU are the right sizes: memory decides which size is cheapest, CPU which one is too small.
 *
 *   npm run build && node bench/proof.mjs [--only 0.25] [--step measure|prove|table] [--rounds 3] [--out FOLDER]
 *
 * Measuring takes 11½ minutes, at three quarters of a core for all three; a proof 1½ minutes. Runs are kept, so the
 * steps can be done one after the other, on a machine that is free only now and then. Linux, as root.
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { setPriority } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const path = (name) => fileURLToPath(new URL(name, import.meta.url))
const perf = path('../dist/runner/cli.js')
const target = path('../test/targets/cpu-bound.mjs')
const out = resolve(flag('out', 'perf-results/proof'))
mkdirSync(out, { recursive: true })

const cases = [
  { vcpu: 0.25, cpuMs: 3.6, megabytes: 0, port: 4901 },
  { vcpu: 0.5, cpuMs: 7.9, megabytes: 550, port: 4902 },
  { vcpu: 1, cpuMs: 16.5, megabytes: 1150, port: 4903 },
].filter(({ vcpu }) => flag('only', String(vcpu)) === String(vcpu))
const length = '45s' // a thousand answers after the warm-up, as p95 needs, of the smaller size too

const commandOf = ({ cpuMs, megabytes }) => [target, '--cpu-ms', String(cpuMs), '--megabytes', String(megabytes)]
const folderOf = ({ vcpu }) => join(out, String(vcpu))
const runIn = (folder) => (existsSync(folder) ? readdirSync(folder) : []).find((name) => name.includes('-custom-'))

const measure = async (each) => {
  const service = spawn(process.execPath, commandOf(each), { env: { ...process.env, PORT: String(each.port) }, stdio: 'inherit' })
  setPriority(service.pid, 5) // the CPU of a request is the same, however long it waits for a core
  while (
    !(await fetch(`http://127.0.0.1:${each.port}/health`).then(
      () => true,
      () => false,
    ))
  )
    await pause(100)
  const run = spawn(
    process.execPath,
    [
      perf,
      'run',
      '--scenario',
      path('./proof/long.mjs'),
      '--target',
      `http://127.0.0.1:${each.port}`,
      '--engine',
      'embedded',
      '--budget',
      path('./proof/objective.json'),
      '--out',
      folderOf(each),
      '--quiet',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  await once(run, 'exit')
  const ended = once(service, 'exit')
  service.kill()
  await ended
  console.log(`${each.vcpu}: measured as ${runIn(folderOf(each))}`)
}

const adviceOn = (each, expected) => {
  const { stdout, stderr } = spawnSync(process.execPath, [perf, 'advise', runIn(folderOf(each)), ...expected, '--out', folderOf(each), '--json'], {
    encoding: 'utf8',
  })
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}

/** The highest expectation, in steps of 3 %, that two instances of the right size are advised for: nothing larger and no third one is needed. */
const expectedOf = (each) => {
  const from = (rate) => ['--rate', '25/s', '--expect', `${rate.toFixed(1)}/s`]
  for (let rate = (2 * 1000 * each.vcpu) / each.cpuMs; rate > 25; rate *= 0.97) {
    const { size, declined } = adviceOn(each, from(rate))
    if (size === undefined) throw new Error(declined.join(' '))
    if (size.instances === 2 && size.vcpu <= each.vcpu) return from(rate)
  }
  throw new Error(`No expectation above 25/s is advised two instances of ${each.vcpu} vCPU.`)
}

const log = join(out, 'proofs.ndjson')
const prove = (each, round) => {
  const start = [process.execPath, ...commandOf(each)].map((word) => `"${word}"`).join(' ')
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [
      perf,
      'advise',
      runIn(folderOf(each)),
      ...expectedOf(each),
      '--prove',
      '--start',
      start,
      '--duration',
      length,
      '--budget',
      path('./proof/objective.json'),
      '--out',
      folderOf(each),
      '--json',
    ],
    { encoding: 'utf8' },
  )
  if (stdout === '') throw new Error(stderr)
  const { size, proof } = JSON.parse(stdout)
  const told = (attempt) => JSON.parse(readFileSync(join(folderOf(each), attempt.run, 'summary.json'), 'utf8'))
  const attempts = proof.attempts.map((attempt) => ({
    ...attempt,
    ...(attempt.run && { p95: told(attempt).responseTime.p95, validity: told(attempt).validity }),
  }))
  appendFileSync(log, `${JSON.stringify({ right: each.vcpu, round, status, size, state: proof.state, because: proof.because, attempts })}\n`)
  console.log(`${each.vcpu}, round ${round}: ${proof.state}: ${proof.because}`)
}

const table = () => {
  const rows = (existsSync(log) ? readFileSync(log, 'utf8') : '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  console.log('| right | advised | round | recommended: p95 | next smaller: p95 | proof |\n| --- | --- | --- | --- | --- | --- |')
  const cell = (attempt) =>
    attempt === undefined
      ? '–'
      : `${attempt.size.vcpu}/${attempt.size.gigabytes}: ${attempt.isMet === null ? 'unknown' : attempt.isMet ? 'met' : 'not met'}, ${attempt.p95 === undefined ? '–' : `${Math.round(attempt.p95)} ms`}, ${attempt.validity ?? '–'}`
  for (const { right, round, size, state, attempts } of rows)
    console.log(
      `| ${right} | ${size === undefined ? '–' : `${size.instances} × ${size.vcpu}/${size.gigabytes}`} | ${round} | ${cell(attempts[0])} | ${cell(attempts[1])} | ${state} |`,
    )
}

const step = flag('step', 'all')
// Together they take three quarters of a core; what a request takes of one is the same, however long it waits for it.
if (step === 'measure' || step === 'all') await Promise.all(cases.filter((each) => step === 'measure' || runIn(folderOf(each)) === undefined).map(measure))
for (const each of cases) {
  if (step === 'prove' || step === 'all') for (let round = 1; round <= Number(flag('rounds', '3')); round += 1) prove(each, round)
}
table()

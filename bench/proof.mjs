/**
 * The proof loop: a service whose CPU and memory of each request are known is measured for more than ten minutes, `perf advise` chooses a
 * size for it, and `perf advise --prove` runs the objective at that size and at the next smaller one, three times each. The services are
 * made so that 0.25, 0.5 and 1 vCPU are the right sizes: memory decides which size is cheapest, CPU which one is too small.
 *
 *   npm run build && node bench/proof.mjs [--only 0.25] [--step measure|prove|table] [--rounds 3] [--out FOLDER]
 *
 * Measuring takes 11½ minutes for each size, at an eighth, a quarter and half of a core; a proof 1½ minutes. Runs are kept, so the
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
const length = '35s' // 500 answers after the warm-up, as p90 needs

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

/** What fills two instances of the right size by what was measured, so that nothing larger and no third one is needed. */
const expectedOf = (each) => {
  const { stdout } = spawnSync(
    process.execPath,
    [perf, 'advise', runIn(folderOf(each)), '--rate', '25/s', '--expect', '2/s', '--out', folderOf(each), '--json'],
    { encoding: 'utf8' },
  )
  const { size, declined } = JSON.parse(stdout)
  if (size === undefined) throw new Error(declined.join(' '))
  const milliseconds = Number(/a request takes ([\d.]+) ms of a core/.exec(size.because)[1])
  return ['--rate', '25/s', '--expect', `${Math.floor((0.99 * 1000 * each.vcpu) / milliseconds)}/s`]
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
    ...(attempt.run && { p90: told(attempt).responseTime.p90, validity: told(attempt).validity }),
  }))
  appendFileSync(log, `${JSON.stringify({ right: each.vcpu, round, status, size, state: proof.state, because: proof.because, attempts })}\n`)
  console.log(`${each.vcpu}, round ${round}: ${proof.state}: ${proof.because}`)
}

const table = () => {
  const rows = (existsSync(log) ? readFileSync(log, 'utf8') : '')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))
  console.log('| right | advised | round | recommended: p90 | next smaller: p90 | proof |\n| --- | --- | --- | --- | --- | --- |')
  const cell = (attempt) =>
    attempt === undefined
      ? '–'
      : `${attempt.size.vcpu}/${attempt.size.gigabytes}: ${attempt.isMet === null ? 'unknown' : attempt.isMet ? 'met' : 'not met'}, ${attempt.p90 === undefined ? '–' : `${Math.round(attempt.p90)} ms`}, ${attempt.validity ?? '–'}`
  for (const { right, round, size, state, attempts } of rows)
    console.log(
      `| ${right} | ${size === undefined ? '–' : `${size.instances} × ${size.vcpu}/${size.gigabytes}`} | ${round} | ${cell(attempts[0])} | ${cell(attempts[1])} | ${state} |`,
    )
}

const step = flag('step', 'all')
for (const each of cases) {
  if (step === 'measure' || (step === 'all' && runIn(folderOf(each)) === undefined)) await measure(each)
  if (step === 'prove' || step === 'all') for (let round = 1; round <= Number(flag('rounds', '3')); round += 1) prove(each, round)
}
table()

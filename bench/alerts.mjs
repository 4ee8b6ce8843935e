/**
 * Do the alerts that `perf advise` derives warn in time, on a real service that a real Prometheus watches? A breakpoint test measures the
 * service (a pool of four, 100/s at most, bench/alerts/shop.mjs), `--as prometheus-rules` goes into that Prometheus, and then: calm, a ramp
 * past the knee, calm, a spike. A table: which alert fires when, from the moment at which users miss the objective.
 *
 *   npm run build && node bench/alerts.mjs [--out FOLDER] [--step measure|calm|ramp|spike] [--dry]
 *
 * Takes 41 minutes and a third of a core: 5 of breakpoint test, 3 of baseline, 7 of calm, 16 of ramp, 10 of calm and spike. Needs the
 * program prometheus. Rules are taken as they were written. `--dry` shortens their windows, intervals and lengths 24 times, and the loads
 * too, in pieces of a minute and a half: it shows that everything works, and nothing about alerts.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { feltIn, load, perf } from './alerts/load.mjs'
import { quickened, startPrometheus, watchAlerts } from './alerts/prometheus.mjs'

const flag = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? fallback : process.argv[at + 1]
}
const isDry = process.argv.includes('--dry')
const pace = isDry ? 24 : 1
const folder = resolve(flag('out', mkdtempSync(join(tmpdir(), 'perf-alerts-'))))
mkdirSync(join(folder, 'rules'), { recursive: true })
const [servicePort, prometheusPort] = [4931, 4932]
const service = `http://127.0.0.1:${servicePort}`
const normal = 45 // arrivals/s: what the autoscaler would keep an instance at, or below

const configuration = {
  probes: [
    {
      kind: 'prometheus',
      name: 'shop',
      url: `http://127.0.0.1:${prometheusPort}`,
      every: isDry ? 1 : 15,
      queries: {
        busy: { query: 'avg_over_time(shop_pool_busy[1m])'.replace('1m', isDry ? '3s' : '1m'), unit: 'servers', limit: 'shop_pool_size' },
        queue: 'shop_queue_length',
      },
    },
  ],
  // What the rules would assume (http_requests_total and so on) this service has not: it says what it has.
  prometheus: {
    job: 'shop',
    requests: 'sum(rate(shop_answer_seconds_count{job="shop"}[2m]))',
    errors: 'sum(rate(shop_answer_seconds_count{job="shop",status=~"5.."}[2m]))',
    p95: 'histogram_quantile(0.95, sum by (le) (rate(shop_answer_seconds_bucket{job="shop"}[2m])))',
  },
}

const startService = () =>
  new Promise((started) => {
    const running = spawn(process.execPath, [fileURLToPath(new URL('./alerts/shop.mjs', import.meta.url))], {
      env: { ...process.env, PORT: String(servicePort) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    running.stdout.once('data', () => started(running))
  })

const seconds = (whole) => `${Math.max(5, Math.round(whole / (isDry ? 12 : 1)))}s`
const runsIn = () => readdirSync(join(folder, 'perf-results')).filter((name) => /-(breakpoint|baseline)-/.test(name))

/** Staircases by chance arrivals, as the calm before them. */
const measure = async () => {
  await load(folder, service, 'breakpoint', `staircase({ from: '10/s', to: '124/s', steps: ${isDry ? 8 : 20}, hold: '${isDry ? 5 : 15}s' })`)
  await load(folder, service, 'baseline', `constant({ rate: '${normal}/s', duration: '${isDry ? 35 : 180}s' })`)
  const breakpoint = runsIn().find((name) => name.includes('-breakpoint-'))
  const measured = [breakpoint, ...runsIn().filter((name) => name !== breakpoint)]
  const advice = ['advise', ...measured, '--rate', `${normal}/s`, '--expect', '300/s', '--start-up', '30s']
  writeFileSync(join(folder, 'advice.json'), await perf(folder, ...advice, '--json'))
  await perf(folder, ...advice, '--as', 'prometheus-rules', '-o', join(folder, 'written'))
  const written = readFileSync(join(folder, 'written', 'prometheus-rules.yml'), 'utf8')
  writeFileSync(join(folder, 'rules', 'prometheus-rules.yml'), quickened(written, pace))
  const { alerts, declined } = JSON.parse(readFileSync(join(folder, 'advice.json'), 'utf8'))
  for (const { name, severity, warn, critical, lasting } of alerts) console.log(`${name} (${severity}): ${warn}, ${critical}, for ${lasting} s`)
  for (const sentence of declined) console.log(`- ${sentence}`)
}

const phases = {
  calm: `constant({ rate: '${normal}/s', duration: '${seconds(420)}' })`,
  ramp: `sequence(ramp({ from: '${normal}/s', to: '115/s', duration: '${seconds(840)}' }), constant({ rate: '115/s', duration: '${seconds(120)}' }))`,
  spike: `sequence(constant({ rate: '${normal}/s', duration: '${seconds(420)}' }), constant({ rate: '150/s', duration: '${seconds(180)}' }))`,
}

const log = join(folder, 'phases.json')
const known = () => (existsSync(log) ? JSON.parse(readFileSync(log, 'utf8')) : {})

const play = async (phase, prometheus) => {
  const { alerts } = JSON.parse(readFileSync(join(folder, 'advice.json'), 'utf8'))
  const objective = ((alerts.find(({ metric }) => metric === 'p95')?.critical ?? 0.18) / 0.9) * 1000 // critical is a tenth before it
  await prometheus.reload()
  const stop = watchAlerts(prometheus)
  const run = await load(folder, service, phase === 'spike' ? 'spike' : phase === 'ramp' ? 'stress' : 'soak', phases[phase])
  const began = Date.parse(run.startedAt) / 1000
  const fired = (await stop()).map(({ alertname, severity, level, at }) => ({ alertname, severity, level, at: at - began }))
  const broken = (await prometheus.rules()).filter(({ health }) => health !== 'ok')
  const silent = (await prometheus.rules()).filter(({ type }) => type === 'recording').map(({ name }) => name)
  writeFileSync(
    log,
    JSON.stringify({ ...known(), [phase]: { objective, ...feltIn(run, objective), fired, broken, silent, validity: run.validity.state } }, null, 2),
  )
}

const table = () => {
  console.log('\n| phase | alert | severity | fires at | from the miss |\n| --- | --- | --- | ---: | ---: |')
  for (const [phase, { objective, missed, highest, fired, validity }] of Object.entries(known())) {
    const miss = missed === undefined ? `not missed (highest p95 ${Math.round(highest)} ms)` : `missed at ${missed} s (p95 > ${Math.round(objective)} ms)`
    console.log(`| ${phase} | ${fired.length === 0 ? 'none' : ''} | ${validity} | | ${miss} |`)
    for (const { alertname, severity, at } of fired.toSorted((a, b) => a.at - b.at))
      console.log(
        `| | ${alertname} | ${severity} | ${Math.round(at)} s | ${missed === undefined ? '–' : `${at > missed ? '+' : '−'}${Math.abs(Math.round(at - missed))} s`} |`,
      )
  }
}

writeFileSync(join(folder, 'perf.config.json'), JSON.stringify(configuration, null, 2))
const step = flag('step', 'all')
const running = await startService()
const prometheus = await startPrometheus(folder, { port: prometheusPort, service, pace })
try {
  if (step === 'measure' || step === 'all') await measure()
  for (const phase of Object.keys(phases)) if (step === phase || step === 'all') await play(phase, prometheus)
} finally {
  await prometheus.stop()
  running.kill()
}
table()
console.log(`\nruns in ${folder}`)

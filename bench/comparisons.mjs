/** What is compared: which variants, by which figures, and what is aimed at. Each variant is run once a round, in turns. */
import { figureOf, ratioOf } from './median.mjs'
import * as embedded from './variants/embedded.mjs'
import * as k6 from './variants/k6.mjs'
import { others } from './variants/others.mjs'

const perMillion = ['throughput', 'cpuPerMillion', 'peakMegabytes', 'serverShare']
const warm = ['throughput', 'cpuPerMillion', 'warmCpuPerMillion', 'peakMegabytes', 'serverShare']
const ifThere = (program, run) => (program === undefined ? undefined : run)

const figure = (text, value, aim, isMet) => ({ text, value, aim, isMet: isMet?.(value) })
const atLeast = (text, value, least, unit = '') => figure(text, value, `≥ ${least}${unit}`, (seen) => seen >= least)
const below = (text, value, limit, unit = '') => figure(text, value, `< ${limit}${unit}`, (seen) => seen < limit)
const shown = (text, value) => figure(text, value)

const openRate = 40_000 // arrivals a second

/** The rate below which k6 drops nothing, to within a twentieth: halving between one that was held and one that was not. */
const highestHeld = async ({ url, seconds }) => {
  const probe = Math.max(2, seconds / 2)
  let [held, tooMuch, used] = [0, 32_000, { cpuSeconds: 0, peakBytes: 0 }]
  while (tooMuch - held > tooMuch / 20) {
    const rate = Math.round((held + tooMuch) / 2)
    const { iterations, dropped, ...cost } = await k6.openLoop({ url, seconds: probe, rate })
    used = { cpuSeconds: used.cpuSeconds + cost.cpuSeconds, peakBytes: Math.max(used.peakBytes, cost.peakBytes) }
    if (dropped === 0 && iterations >= rate * probe * 0.999) held = rate
    else tooMuch = rate
  }
  return { ...used, held }
}

const openEmbedded = async (options) => {
  const { load, lag, cpuSeconds, peakBytes } = await embedded.openLoop({ ...options, rate: openRate })
  return { cpuSeconds, peakBytes, held: load.started / options.seconds, dropped: load.dropped, lagP50: lag.p50, lagP99: lag.p99 }
}

/** What a second of load costs, start and report left out: the difference between a long run and a short one. */
const coreShareOf = (run) => async (options) => {
  const short = 2
  const [less, more] = [await run({ ...options, seconds: short, rate: 100 }), await run({ ...options, seconds: options.seconds + short, rate: 100 })]
  return { cpuSeconds: more.cpuSeconds, peakBytes: more.peakBytes, coreShare: (more.cpuSeconds - less.cpuSeconds) / options.seconds }
}

const endpointCounts = [1, 10, 100, 1000]
const withEndpoints = (count) => (options) => embedded.closedLoop({ ...options, journey: 'endpoints', env: { ENDPOINTS: String(count) } })
const fiveSteps = (run) => (options) => run({ ...options, journey: 'five-steps' })

export const comparisons = [
  {
    name: 'closed-loop',
    title: 'Closed loop: 20 connections or users, one request each, as fast as it goes',
    variants: { k6: ifThere(k6.k6, k6.closedLoop), embedded: embedded.closedLoop, ...others },
    columns: perMillion,
    figures: (measured) => [
      atLeast('embedded × bare k6', ratioOf(measured, 'throughput', 'embedded', 'k6'), 4),
      atLeast('embedded × autocannon', ratioOf(measured, 'throughput', 'embedded', 'autocannon'), 0.8),
      ...['wrk', 'h2load', 'oha', 'hey'].map((name) => shown(`embedded × ${name}`, ratioOf(measured, 'throughput', 'embedded', name))),
    ],
  },
  {
    name: 'five-steps',
    title: 'Closed loop: 20 users, five requests with two checks each',
    variants: { k6: ifThere(k6.k6, fiveSteps(k6.closedLoop)), embedded: fiveSteps(embedded.closedLoop) },
    columns: perMillion,
    figures: (measured) => [atLeast('embedded × bare k6', ratioOf(measured, 'throughput', 'embedded', 'k6'), 2)],
  },
  {
    name: 'open-loop',
    title: `Open loop: embedded at ${openRate} arrivals/s (perf run, whole), k6 at the highest constant arrival rate that it holds without drops`,
    variants: { k6: ifThere(k6.k6, highestHeld), embedded: openEmbedded },
    columns: ['held', 'dropped', 'lagP50', 'lagP99', 'cpuPerMillion', 'peakMegabytes'],
    figures: (measured) => [
      atLeast('embedded × the rate k6 holds', ratioOf(measured, 'held', 'embedded', 'k6'), 4),
      below('lag p50 of embedded, ms', figureOf(measured, 'embedded', 'lagP50'), 0.1),
      below('lag p99 of embedded, ms', figureOf(measured, 'embedded', 'lagP99'), 3),
    ],
  },
  {
    name: 'idle',
    title: 'Open loop at 100 arrivals/s: what of a core is used while the load goes on',
    variants: { k6: ifThere(k6.k6, coreShareOf(k6.openLoop)), embedded: coreShareOf(embedded.openLoop) },
    columns: ['coreShare', 'peakMegabytes'],
    figures: (measured) => [below('share of a core, embedded', figureOf(measured, 'embedded', 'coreShare'), 0.1)],
  },
  {
    name: 'workers',
    title: 'Two workers on the one core: what a second thread costs by itself',
    variants: { 'one worker': embedded.closedLoop, 'two workers': (options) => embedded.closedLoop({ ...options, workers: 2 }) },
    columns: warm,
    figures: (measured) => [
      atLeast('two workers × one, on two cores, by CPU seconds per request', 2 * ratioOf(measured, 'warmCpuPerMillion', 'one worker', 'two workers'), 1.8),
    ],
  },
  {
    name: 'endpoints',
    title: 'Closed loop over many endpoints: what each of them costs (from 400 on they are counted together)',
    variants: Object.fromEntries(endpointCounts.map((count) => [`${count} endpoint${count === 1 ? '' : 's'}`, withEndpoints(count)])),
    columns: warm,
    figures: (measured) => [
      shown('CPU per request with 1000 endpoints × with one', ratioOf(measured, 'warmCpuPerMillion', '1000 endpoints', '1 endpoint')),
      shown('peak memory with 1000 endpoints × with one', ratioOf(measured, 'peakMegabytes', '1000 endpoints', '1 endpoint')),
    ],
  },
]

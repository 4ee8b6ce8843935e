/** The reports that tests and eyes look at: each a situation that a person meets. */
import { adviceRecord } from '../../../budgets/advice/advice-record.ts'
import { asDeployed } from '../../../budgets/advice/deployed/as-deployed.ts'
import { recommend } from '../../../budgets/advice/recommend.ts'
import type { Recommendation } from '../../../budgets/advice/recommendation.ts'
import type { Breakpoint, Budget, Judgement, Unit, Verdict } from '../../../budgets/budget.ts'
import { breakpointOf } from '../../../budgets/capacity/breakpoint.ts'
import { capacityOf } from '../../../budgets/capacity/capacity.ts'
import { findingsOf } from '../../../budgets/capacity/plateau.ts'
import { compose } from '../../../reports/compose.ts'
import type { Report } from '../../../reports/report.ts'
import type { Run } from '../../../runner/run.ts'
import { empty } from '../../../runner/stats/histogram.ts'
import { shapeOfSweep } from '../../../runner/sweep.ts'
import { totalOf } from '../../../runner/timeline.ts'
import type { Shape } from '../../../scenarios/shape.ts'
import { constant, plateau, spike, staircase } from '../../../scenarios/shapes.ts'
import { aDeployment } from '../../support/a-deployment.ts'
import { aSeries } from '../../support/a-series.ts'
import { aSweep } from '../../support/a-sweep.ts'
import { withPages } from '../../support/a-visited-run.ts'
import { anAdvice, aScalingNeed, somePrices } from '../../support/an-advice.ts'
import { aDeployedAlarm, aTrackingPolicy } from '../../support/deployed-policies.ts'
import { caveat, simulate } from './simulate.ts'

export const aBudget = (name: string, value: number, changes: Partial<Budget> = {}): Budget => ({
  name,
  metric: 'response_time',
  stat: 'p95',
  limit: { is: 'at_most', value },
  level: 'error',
  file: 'budgets/limits/shop.json',
  ...changes,
})

/** A judgement as budgets/judge.ts would come to it. */
export const aJudgement = (budget: Budget, unit: Unit, observed: number | null, because = '', firstAt: number | null = null): Judgement => {
  if (observed === null) return { budget, unit, observed, headroom: null, because, status: 'unknown' }
  const { is, value } = budget.limit
  const headroom = is === 'at_most' ? 1 - observed / value : observed / value - 1
  return headroom >= 0
    ? { budget, unit, observed, headroom, because, status: 'met' }
    : { budget, unit, observed, headroom, because, status: 'exceeded', firstAt }
}

export const aVerdict = (judgements: readonly Judgement[], because: string): Verdict => {
  const required = judgements.filter(({ budget }) => budget.level === 'error')
  if (required.some(({ status }) => status === 'exceeded')) return { word: 'fail', exitCode: 1, because, judgements }
  if (required.some(({ status }) => status === 'unknown')) return { word: 'unknown', exitCode: 3, because, judgements }
  return { word: 'pass', exitCode: 0, because, judgements }
}

const p95 = aBudget('API response p95', 200)
const searchP95 = aBudget('GET /search p95', 200, { endpoint: 'GET /search' })
const errorRate = aBudget('error rate', 0.001, { metric: 'error_rate', stat: 'rate' })
const availability = aBudget('availability', 0.999, { metric: 'availability', stat: 'rate', limit: { is: 'at_least', value: 0.999 } })
const tail = aBudget('checkout p99', 400, { endpoint: 'POST /checkout', stat: 'p99', level: 'warn' })

const overall = (run: Run): Report => compose(run, aVerdict([], ''))

const passingBaseline = (): Report => {
  const run = simulate({ test: 'baseline', shape: { ...plateau({ rate: '40/s', up: '15s', hold: '120s', down: '15s' }), name: 'baseline' }, capacity: 120 })
  const figures = overall(run)
  const search = figures.endpoints.find(({ name }) => name === 'GET /search')
  const judgements = [
    aJudgement(p95, 'ms', figures.responseTime.p95, 'Nineteen of twenty answers came well within 200 ms.'),
    aJudgement(searchP95, 'ms', search?.responseTime.p95 ?? null, 'Search is the slowest of the common requests, and within its limit.'),
    aJudgement(errorRate, 'ratio', figures.errorRate, 'No request failed.'),
    aJudgement(availability, 'ratio', figures.availability, 'Every arrival got through.'),
    aJudgement(tail, 'ms', figures.endpoints.find(({ name }) => name === 'POST /checkout')?.responseTime.p99 ?? null, 'Checkout keeps within 400 ms.'),
  ]
  return compose(run, aVerdict(judgements, 'All 4 required budgets were met; the tightest is GET /search p95.'))
}

const failingSpike = (): Report => {
  const shape: Shape = spike({ base: '20/s', peak: '200/s', before: '30s', rise: '5s', hold: '60s', fall: '5s', recovery: '60s' })
  const run = simulate(
    { test: 'spike', shape, capacity: 120, users: 300, faults: 0.002 },
    {
      validity: {
        state: 'SUSPECT',
        reasons: [caveat('generator-busy', 'The generator used 96 % of its core from 0:35 on: slow answers may be ours. Add --workers 2.')],
      },
    },
  )
  const figures = overall(run)
  const search = figures.endpoints.find(({ name }) => name === 'GET /search')
  const judgements = [
    aJudgement(p95, 'ms', figures.responseTime.p95, 'Too many arrivals were never answered to state a p95 of response time.', 36),
    aJudgement(searchP95, 'ms', search?.serviceTime.p50 ?? null, 'GET /search was slower than 200 ms.', 41),
    aJudgement(errorRate, 'ratio', figures.errorRate, 'More than 0.1 % of the requests failed.', 33),
    aJudgement(availability, 'ratio', figures.availability, 'Fewer than 99.9 % of the arrivals got through.', 33),
    aJudgement(
      aBudget('database saturation', 0.8, { metric: 'postgres.connections.saturation', stat: 'max' }),
      'ratio',
      null,
      'No probe read postgres.connections.saturation. Add the postgres probe.',
    ),
    aJudgement(
      aBudget('GET / p50', 5000, { endpoint: 'GET /', stat: 'p50', level: 'warn' }),
      'ms',
      figures.endpoints[0]?.serviceTime.p50 ?? null,
      'The median of GET / stayed below 5 s.',
    ),
  ]
  return compose(run, aVerdict(judgements, '4 of 6 budgets were exceeded, first error rate at 0:33: 8 in 100 requests failed once the rate passed 120/s.'))
}

const aBreakpoint = (): Report => {
  const shape: Shape = { ...staircase({ from: '20/s', to: '210/s', steps: 20, hold: '8s' }), name: 'breakpoint' }
  const whole = simulate({ test: 'breakpoint', shape, capacity: 120, users: 2000 })
  const timeline = whole.timeline.slice(0, 104)
  const total = totalOf(timeline)
  const sum = (outcome?: string): number =>
    total.cells.filter((cell) => outcome === undefined || cell.outcome === outcome).reduce((n, cell) => n + cell.count, 0)
  const { planned, started, dropped, cells, iterations, lag, journeyTime, checks, groups, metrics } = total
  const run: Run = {
    ...whole,
    timeline,
    durationSeconds: 104,
    endpoints: cells,
    iterations,
    lag,
    journeyTime,
    checks,
    groups,
    metrics,
    load: { planned, started, dropped, completed: sum(), failed: sum('failure') },
    ending: { state: 'stopped', because: 'response time p95 passed 1 s at 140/s' },
  }
  const found: Breakpoint = { found: true, lastGood: 120, firstBad: 130, because: 'At 120/s p95 was 84 ms; at 130/s it passed 1 s within the step.' }
  return compose(run, aVerdict([], 'The target holds 120/s and breaks at 130/s.'), { breakpoint: found, capacity: capacityOf([run]) })
}

const tenSecondSmoke = (): Report => {
  const run = simulate({ test: 'smoke', shape: { ...constant({ rate: '1/s', duration: '10s' }), name: 'smoke' }, capacity: 120 })
  return compose(run, aVerdict([aJudgement(p95, 'ms', overall(run).responseTime.p95, ''), aJudgement(errorRate, 'ratio', 0, '')], 'Both budgets were met.'))
}

const zeroAnswers = (): Report => {
  const run = simulate({ test: 'smoke', shape: { ...constant({ rate: '5/s', duration: '10s' }), name: 'smoke' }, capacity: 120, faults: 1 })
  return compose(
    run,
    aVerdict(
      [
        aJudgement(p95, 'ms', null, 'No request succeeded, so there is no response time to judge.'),
        aJudgement(errorRate, 'ratio', 1, 'Every request failed.', 0),
      ],
      'Every request failed with HTTP 503.',
    ),
  )
}

const invalidRun = (): Report => {
  const reasons = [
    caveat(
      'schedule-slipped',
      '31 % of the arrivals started more than 1 s after they were due because the generator had no processor time left. The figures show this machine and not the target. Use a larger machine, or halve --rate.',
    ),
    caveat('target-changed', 'The target was deployed anew at 1:12. Two versions can’t be judged as one. Run again.'),
  ]
  const run = simulate(
    { test: 'baseline', shape: { ...plateau({ rate: '40/s', up: '10s', hold: '60s', down: '10s' }), name: 'baseline' }, capacity: 120 },
    { validity: { state: 'INVALID', reasons } },
  )
  return compose(
    run,
    aVerdict(
      [aJudgement(p95, 'ms', null, 'The run is INVALID.'), aJudgement(errorRate, 'ratio', null, 'The run is INVALID.')],
      'The run is INVALID: the generator could not keep its schedule.',
    ),
  )
}

/** In a closed loop nothing is due. */
const withoutResponseTime = (run: Run): Run => {
  const bare = (cell: Run['endpoints'][number]) => ({ ...cell, responseTime: empty })
  return {
    ...run,
    lag: empty,
    journeyTime: {},
    endpoints: run.endpoints.map(bare),
    timeline: [...run.timeline].map((second) => ({ ...second, cells: second.cells.map(bare) })),
  }
}

/** A pool of eight, swept until its queue is full: the last level is the first with errors, and the generator was too busy for it. */
const aSweptPool = (): Report => {
  const open = simulate({ test: 'stress', shape: { ...constant({ rate: '120/s', duration: '48s' }), name: 'stress' }, capacity: 500 })
  const sweep = {
    ...aSweep({
      throughput: (n) => 125 * Math.min(n, 8),
      errors: (n) => (n === 64 ? { 'HTTP 503': 610 } : {}),
      busy: (n) => (n === 64 ? 0.93 : 0.02 * n + 0.03),
    }),
    stopped: 'throughput grew no more after N = 8',
  }
  const run: Run = {
    ...withoutResponseTime(open),
    sweep,
    shape: { ...shapeOfSweep(sweep), segments: [...shapeOfSweep(sweep).segments] },
    engine: { ...open.engine, name: 'autocannon', version: '9.0.0', because: 'a sweep is a closed loop', users: 1024 },
    scenario: { file: null, journeys: [] },
  }
  return compose(run, aVerdict([aJudgement(errorRate, 'ratio', overall(run).errorRate, 'No request failed.')], 'The one budget is met.'), {
    swept: findingsOf(sweep),
    capacity: capacityOf([run]),
  })
}

/** Everything a stranger can name, named with hostile intent. */
const hostileNames = (): Report => {
  const evil = '<script>alert("x")</script>'
  const run = simulate(
    {
      test: 'smoke',
      shape: { ...constant({ rate: '10/s', duration: '10s' }), name: 'smoke' },
      capacity: 120,
      endpoints: [
        { name: `GET /${evil}|a\u001b[31m\u202e`, share: 1, service: 4 },
        { name: 'POST /`]]>&amp;@everyone', share: 1, service: 4 },
      ],
    },
    {
      id: evil,
      checks: { [evil]: { passed: 1, failed: 1 } },
      caveats: [caveat('hostile', `</script><img src=x onerror=alert(1)> ${evil}`)],
      scenario: { file: evil, journeys: [{ name: evil, weight: 1 }] },
    },
  )
  const budget = aBudget(`${evil} "p95"`, 1, { endpoint: `GET /${evil}` })
  return compose(run, aVerdict([aJudgement(budget, 'ms', 4, `${evil} took 4 ms.`, 2)], `${evil} & 'more' took too long.`))
}

const visitedPages = (): Report => {
  const visits = (from: number, ...paints: readonly number[]) =>
    paints.map((lcp, index) => ({ at: from + 10 * index, lcp, page_load: lcp + 80, time_to_interactive: lcp + 20, cls: 0.012, bytes: 184_320 }))
  const run = withPages(
    simulate({
      test: 'spike',
      shape: spike({ base: '20/s', peak: '60/s', before: '30s', rise: '5s', hold: '60s', fall: '5s', recovery: '60s' }),
      capacity: 120,
    }),
    {
      home: {
        before: visits(-14, 302, 310, 318),
        under: [...visits(0, 311, 305, 330), ...visits(40, 1180, 1220, 1240, 1260, 1310, 1290), ...visits(110, 340, 320)],
      },
      product: { before: visits(-13, 240, 250, 260), under: [...visits(5, 244), { at: 45, failure: 'HTTP 503' }] },
    },
  )
  const figures = overall(run)
  return compose(
    run,
    aVerdict([aJudgement(p95, 'ms', figures.responseTime.p95, 'Nineteen of twenty answers came well within 200 ms.')], 'The one budget is met.'),
  )
}

/** Two cores that a request takes 3.5 ms of, and a pool of 3 that it takes 7 ms of: the pool is full at 429/s, the cores at 566/s. */
const aKnownCapacity = (): Report => {
  const shape: Shape = { ...staircase({ from: '20/s', to: '140/s', steps: 7, hold: '10s' }), name: 'breakpoint' }
  const simulated = simulate({ test: 'breakpoint', shape, capacity: 400, users: 2000 })
  const answers = [...simulated.timeline].map(({ cells }) => cells.reduce((sum, { count }) => sum + count, 0))
  const busy = (servers: number, demand: number, background: number) => (at: number) => Math.min(servers, background + demand * (answers[at] ?? 0))
  const run: Run = {
    ...simulated,
    probes: [
      aSeries('app.cpu', 'cores', 70, busy(2, 0.0035, 0.02), 2),
      aSeries('postgres.connections', 'count', 70, () => 4, 57),
      aSeries('postgres.active', 'count', 70, busy(3, 0.007, 0)),
    ],
  }
  return compose(run, aVerdict([], 'The target held 140/s.'), { breakpoint: breakpointOf(run), capacity: capacityOf([run]) })
}

/** The same with advice for a launch, two of its alerts, and a deployment that is too small. */
const anAdvisedLaunch = (): Report => {
  const { run, verdict, breakpoint, capacity } = aKnownCapacity()
  const policies = [aTrackingPolicy()]
  const deployment = aDeployment({ instances: { desired: 2, running: 2, minimum: 2, maximum: 4 }, size: { vcpu: 0.5, gigabytes: 1 }, policies })
  const cpu = {
    declined: false,
    service: 'app',
    demand: 0.0024,
    background: 0.02,
    unevenness: 1,
    cores: 0.5,
    usable: 1,
    planned: 80,
    seconds: 600,
    throttled: 0,
  } as const
  const deployed = asDeployed(deployment, { held: 100, cpu, size: anAdvice().size, requestsPerJourney: 2 }, aScalingNeed(800, 0), somePrices)
  const advice = anAdvice({ deployed })
  const recommendation: Recommendation = {
    ...recommend(advice, { prices: somePrices }),
    now: { size: { vcpu: 0.5, gigabytes: 1 }, instances: 2, minimum: 2, maximum: 4, policies, cost: { monthly: 36.04, perMillion: 0.1371, currency: 'USD' } },
    alerts: [
      {
        name: 'latency',
        severity: 'high',
        metric: 'p95',
        warn: 0.15,
        critical: 0.2,
        lasting: 60,
        because: 'The budget is 200 ms; 0.15 s is where p95 begins to rise (run long).',
      },
      {
        name: 'cpu',
        severity: 'medium',
        metric: 'cpu',
        warn: 0.6,
        critical: 0.8,
        lasting: 300,
        because: 'At the highest rate that held CPU was 80 % busy.',
        alarms: [aDeployedAlarm(85, { name: 'web-cpu' })],
      },
    ],
  }
  return compose(run, verdict, { breakpoint, capacity, advice: adviceRecord(advice, recommendation, somePrices, '2026-11-21T16:20:00.000Z') })
}

/** Simulating a run costs more than telling it; reports are immutable, so each is made once. */
const once = <T>(make: () => T): (() => T) => {
  let made: { readonly it: T } | undefined
  return () => {
    made ??= { it: make() }
    return made.it
  }
}

export const everyReport = {
  passingBaseline: once(passingBaseline),
  failingSpike: once(failingSpike),
  aBreakpoint: once(aBreakpoint),
  aKnownCapacity: once(aKnownCapacity),
  anAdvisedLaunch: once(anAdvisedLaunch),
  tenSecondSmoke: once(tenSecondSmoke),
  zeroAnswers: once(zeroAnswers),
  invalidRun: once(invalidRun),
  hostileNames: once(hostileNames),
  aSweptPool: once(aSweptPool),
  visitedPages: once(visitedPages),
} as const

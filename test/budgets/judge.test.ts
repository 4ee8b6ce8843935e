import { describe, expect, test } from 'vitest'
import type { Budget, Judgement } from '../../budgets/budget.ts'
import { budgetsIn } from '../../budgets/budget-file.ts'
import { UnknownEndpointError } from '../../budgets/errors/unknown-endpoint-error.ts'
import { UnknownMetricError } from '../../budgets/errors/unknown-metric-error.ts'
import { judge } from '../../budgets/judge.ts'
import { readDefaultBudgets } from '../../budgets/read.ts'
import type { Run, Series } from '../../runner/run.ts'
import { merge } from '../../runner/stats/histogram.ts'
import { rankOf } from '../../runner/stats/quantile.ts'
import { randomFrom } from '../../scenarios/shape.ts'
import { plateau } from '../../scenarios/shapes.ts'
import { aPool } from '../support/a-pool.ts'
import { type Answer, type Arrival, aRun, holds, type RunFacts } from '../support/a-run.ts'
import { aSeries } from '../support/a-series.ts'

const budget = (value: unknown, name = 'x'): Budget => {
  const [first] = budgetsIn({ [name]: value }, 'b.json')
  if (first === undefined) throw new Error('no budget')
  return first
}
const judgement = (run: Run, value: unknown): Judgement => {
  const [first] = judge(run, [budget(value)]).judgements
  if (first === undefined) throw new Error('not judged')
  return first
}
const status = (facts: RunFacts, value: unknown): Judgement['status'] => judgement(aRun(facts), value).status

describe('a quantile of response time', () => {
  test('is met with its figure, headroom and number of answers', () => {
    expect(judgement(aRun({ latency: 100 }), 'p95<=200ms')).toMatchObject({
      status: 'met',
      observed: 100,
      unit: 'ms',
      headroom: 0.5,
      because: 'p95 of response time was 100 ms, at most 200 ms is allowed (3,000 answers).',
    })
  })

  test('is exceeded, and tells from when on', () => {
    const found = judgement(aRun({ latency: ({ t }) => (t >= 30 ? 340 : 20) }), 'p95<=200ms')
    expect(found).toMatchObject({
      status: 'exceeded',
      observed: 340,
      because: 'p95 of response time was 340 ms, at most 200 ms is allowed (+70 %), first at 0:29.',
    })
    expect(found.headroom).toBeCloseTo(-0.7, 6)
    expect(found).toHaveProperty('firstAt', 29)
  })

  // science.md §1, Refuse.
  test.each([
    ['p95', 1000],
    ['p99', 10_000],
    ['p90', 500],
    ['p75', 200],
    ['p50', 100],
  ])('%s needs %d answers, and with one fewer is unknown with both numbers', (stat, needed) => {
    const value = { metric: 'response_time', stat, at_most: '200ms' }
    expect(status({ rate: needed / 10, seconds: 10 }, value)).toBe('met')
    const few = judgement(aRun({ rate: (needed - 1) / 10, seconds: 10, latency: 900 }), value)
    expect(few).toMatchObject({ status: 'unknown', observed: null, headroom: null })
    expect(few.because).toContain(
      `because ${(needed - 1).toLocaleString('en-US')} answers were measured and at least ${needed.toLocaleString('en-US')} are needed: run longer, or raise the rate.`,
    )
  })

  test('the maximum needs one answer, and none missing', () => {
    expect(status({ rate: 1, seconds: 10 }, { metric: 'response_time', stat: 'max', at_most: '200ms' })).toBe('met')
    expect(status({ rate: 10, seconds: 10, dropped: 1 }, { metric: 'response_time', stat: 'max', at_most: '200ms' })).toBe('unknown')
    expect(status({ rate: 10, seconds: 10, dropped: 1 }, { metric: 'response_time', stat: 'max', at_most: '10ms' })).toBe('exceeded')
  })

  test('of exactly the limit is met by "at most" and not by "less than"', () => {
    expect(status({ latency: 200 }, 'p95<=200ms')).toBe('met')
    expect(status({ latency: 200 }, 'p95<200ms')).toBe('exceeded')
  })

  test('dropped arrivals can be what makes it unknown, and the sentence says so', () => {
    const found = judgement(aRun({ dropped: 120 }), 'p95<=200ms')
    expect(found).toMatchObject({ status: 'unknown', observed: null })
    expect(found.because).toBe(
      'p95 of response time lies between 20 ms and no end, and at most 200 ms is allowed, because 120 of 3,000 arrivals (4 %) never started, and p95 tolerates 2.5 %.',
    )
  })

  test('a few dropped arrivals are counted at their worst', () => {
    const found = judgement(aRun({ dropped: 30 }), 'p95<=200ms')
    expect(found.status).toBe('met')
    expect(found.because).toContain('counted at their worst, because 30 of 3,000 arrivals (1 %) never started')
    expect(status({ dropped: 30, latency: ({ n }) => (n % 22 === 0 ? 500 : 20) }, 'p95<=200ms')).toBe('unknown')
  })

  test('what is over even if every dropped arrival had been fast is exceeded', () => {
    const found = judgement(aRun({ dropped: 120, latency: 500 }), 'p95<=200ms')
    expect(found).toMatchObject({ status: 'exceeded', observed: Infinity, headroom: null })
    expect(found.because).toContain('was at least 500 ms')
  })

  test('fast failures do not make it faster, nor slow ones slower', () => {
    expect(status({ latency: 300, answer: ({ n }) => (n % 2 === 0 ? 'HTTP 503' : 300) }, 'p50<=200ms')).toBe('exceeded')
    expect(judgement(aRun({ answer: ({ n }) => (n % 2 === 0 ? 'HTTP 503' : 100) }), 'p95<=200ms').observed).toBe(100)
  })

  test('timeouts are slower than any limit: more than one in twenty exceed a p95', () => {
    expect(judgement(aRun({ errors: { timeout: 300 } }), 'p95<=200ms')).toMatchObject({ status: 'exceeded', observed: Infinity })
    expect(status({ errors: { timeout: 100 } }, 'p95<=200ms')).toBe('met')
  })

  test('journeys that were cut off may have waited for ever', () => {
    expect(judgement(aRun({ interrupted: 200 }), 'p95<=200ms')).toMatchObject({ status: 'unknown' })
    expect(judgement(aRun({ interrupted: 200 }), 'p95<=200ms').because).toContain('200 journeys were cut off')
  })

  test('of one endpoint counts each dropped arrival as so many requests as one that got through made', () => {
    const endpoints = ['GET /', 'GET /search', 'GET /search']
    const value = { metric: 'response_time', endpoint: 'GET /search', stat: 'p95', at_most: '200ms' }
    // 3000 arrivals, 60 dropped: 5880 searches seen and 120 not, 2 %, within what p95 tolerates; 90 are 3 %.
    expect(status({ endpoints, dropped: 60 }, value)).toBe('met')
    expect(status({ endpoints, dropped: 90 }, value)).toBe('unknown')
    expect(status({ endpoints, latency: ({ endpoint }) => (endpoint === 'GET /' ? 900 : 20) }, value)).toBe('met')
    expect(status({ endpoints, latency: ({ endpoint }) => (endpoint === 'GET /' ? 20 : 900) }, value)).toBe('exceeded')
  })
})

describe('the other metrics', () => {
  test.each<[string, RunFacts, unknown, Judgement['status'], number | null]>([
    ['error rate at its limit', { errors: { 'HTTP 500': 30 } }, 'error_rate<=1%', 'met', 0.01],
    ['error rate at a limit it must stay under', { errors: { 'HTTP 500': 30 } }, 'error_rate<1%', 'exceeded', 0.01],
    [
      'error rate of one endpoint',
      { endpoints: ['GET /', 'GET /b'], answer: ({ endpoint }) => (endpoint === 'GET /' ? 'HTTP 500' : 20) },
      'error_rate of GET /b<=0%',
      'met',
      0,
    ],
    ['any error with a limit of 0', { errors: { 'HTTP 500': 1 } }, 'error_rate<=0%', 'exceeded', 1 / 3000],
    ['availability without the dropped', { dropped: 30 }, 'availability>=99%', 'met', 0.99],
    ['availability without 5xx and timeouts', { errors: { 'HTTP 503': 30, timeout: 30 } }, 'availability>=99%', 'exceeded', 0.98],
    ['availability with a 4xx', { errors: { 'HTTP 404': 60 } }, 'availability>=99.9%', 'met', 1],
    ['availability with journeys cut off', { interrupted: 30 }, 'availability>=99.5%', 'unknown', null],
    ['throughput', { errors: { 'HTTP 503': 600 } }, 'throughput>=40/s', 'met', 40],
    ['throughput too low', {}, 'throughput>=60/s', 'exceeded', 3000 / 61],
    ['checks', { checks: { a: { passed: 99, failed: 1 }, b: { passed: 100, failed: 0 } } }, 'checks>=99.5%', 'met', 0.995],
    ['one check', { checks: { a: { passed: 99, failed: 1 }, b: { passed: 100, failed: 0 } } }, 'checks of a>=99.5%', 'exceeded', 0.99],
    ['dropped', { dropped: 30 }, 'dropped<=1%', 'met', 0.01],
    ['dropped by number', { dropped: 30 }, 'dropped count<1', 'exceeded', 30],
    ['journey time', { endpoints: ['GET /', 'GET /b'], latency: 100 }, 'journey_time p95<=250ms', 'met', 200],
    ['journey time of one journey', { latency: 300 }, 'journey_time p95 of browse<=250ms', 'exceeded', 300],
    ['journey time leaves thinking out', { think: 3000, seconds: 30 }, 'journey_time p95<=250ms', 'met', 20],
    ['service time leaves lag out', { lag: 150, latency: 250 }, 'service_time p95<=120ms', 'met', 100],
    ['service time knows no drops', { dropped: 600 }, 'service_time p95<=120ms', 'met', 20],
    ['lag', { lag: 150, latency: 250 }, 'lag p95<=100ms', 'exceeded', 150],
    ['set-up time', {}, 'setup_time p95<=1ms', 'met', 0],
    ['group time', { groups: { pay: Array<number>(1000).fill(80) } }, 'group_time p95 of pay<=100ms', 'met', 80],
    ['a counter', { counters: { orders: 610 } }, 'orders>=600', 'met', 610],
    ['a counter’s rate', { counters: { orders: 610 } }, 'orders rate>=10', 'met', 10],
    ['a trend', { trends: { size: Array<number>(1000).fill(80) } }, 'size p95<=70', 'exceeded', 80],
    ['mean', { latency: ({ n }) => (n % 2 === 0 ? 10 : 30) }, 'response_time mean<=20ms', 'met', 20],
    ['mean with a drop has no upper end', { dropped: 1 }, 'response_time mean<=100ms', 'unknown', null],
    ['mean that is over whatever the drop was', { dropped: 1, latency: 300 }, 'response_time mean<=100ms', 'exceeded', Infinity],
  ])('%s', (_, facts, value, expected, observed) => {
    const found = judgement(aRun(facts), value)
    expect(found.status).toBe(expected)
    if (observed === null || !Number.isFinite(observed)) expect(found.observed).toBe(observed)
    else expect(found.observed).toBeCloseTo(observed, 1)
  })

  test('a limit of 0 has no share left over, so headroom is 0 or not stated', () => {
    expect(judgement(aRun({}), 'error_rate<=0%').headroom).toBe(0)
    expect(judgement(aRun({ errors: { reset: 3 } }), 'error_rate<=0%').headroom).toBeNull()
  })

  test('an error rate tells the first second that was over', () => {
    expect(judgement(aRun({ answer: ({ t }) => (t > 42 ? 'HTTP 500' : 20) }), 'error_rate<=1%')).toMatchObject({ status: 'exceeded', firstAt: 42 })
  })

  test('checks that nobody made are unknown', () => {
    expect(judgement(aRun({}), 'checks>=99%')).toMatchObject({ status: 'unknown', because: 'no check was met in this run, so "x" can\'t be judged.' })
  })
})

describe('a probe’s series', () => {
  const connections: Series = { name: 'postgres.connections', unit: '', limit: 100, at: [0, 10, 20, 30], values: [40, 85, null, 60] }
  const query: Series = {
    name: 'database.query_time',
    unit: 's',
    limit: null,
    at: Array.from({ length: 40 }, (_, index) => index),
    values: Array<number>(40).fill(0.05),
  }

  test.each<[unknown, Judgement['status'], number | null]>([
    [{ metric: 'postgres.connections', at_most: 90 }, 'met', 85],
    [{ metric: 'postgres.connections', stat: 'mean', at_most: 50 }, 'exceeded', 185 / 3],
    [{ metric: 'postgres.connections.saturation', at_most: '80%' }, 'exceeded', 0.85],
    [{ metric: 'postgres.connections', at_least: 30 }, 'met', 40],
    [{ metric: 'database.query_time', stat: 'p95', at_most: '100ms' }, 'met', 50],
    [{ metric: 'postgres.connections', stat: 'p95', at_most: 90 }, 'unknown', null],
  ])('%j is %s', (value, expected, observed) => {
    const found = judgement(aRun({ probes: [connections, query] }), value)
    expect(found.status).toBe(expected)
    if (observed === null) expect(found.observed).toBeNull()
    else expect(found.observed).toBeCloseTo(observed, 9)
  })

  test('with more gaps than readings is unknown', () => {
    expect(status({ probes: [{ ...connections, values: [40, null, null, null] }] }, { metric: 'postgres.connections', at_most: 90 })).toBe('unknown')
  })

  test('in another unit than the limit is an error', () => {
    expect(() => judgement(aRun({ probes: [connections] }), { metric: 'postgres.connections', at_most: '80%' })).toThrow(
      'It is measured as a number without a unit.',
    )
  })
})

describe('windows', () => {
  const badSeconds = (from: number, until: number) => ({ rate: 200, latency: ({ t }: Arrival) => (t >= from && t < until ? 340 : 20) })

  test('a limit that holds in the whole run may fail in one window of it', () => {
    expect(status(badSeconds(20, 22), 'p95<=200ms')).toBe('met')
    const found = judgement(aRun(badSeconds(20, 22)), { metric: 'response_time', at_most: '200ms', window: '10s' })
    expect(found).toMatchObject({ status: 'exceeded', firstAt: 20, observed: 340 })
    expect(found.because).toBe('p95 of response time was 340 ms in the 10 seconds from 0:20 on, at most 200 ms is allowed (+70 %), and so in 1 of 6 windows.')
  })

  test('a window with too few answers is joined with the next, and the sentence tells its length', () => {
    const found = judgement(aRun({ ...badSeconds(0, 60), rate: 40 }), { metric: 'response_time', at_most: '200ms', window: '10s' })
    expect(found.because).toContain('in the 30 seconds from 0:00 on')
  })

  test('a run with too few answers altogether is unknown', () => {
    expect(status({ rate: 2 }, { metric: 'response_time', at_most: '200ms', window: '10s' })).toBe('unknown')
  })

  test('of an error rate', () => {
    const burst = { answer: ({ t }: Arrival): Answer => (t >= 30 && t < 31 ? 'HTTP 503' : 20) }
    expect(status(burst, 'error_rate<=2%')).toBe('met')
    expect(judgement(aRun(burst), { metric: 'error_rate', at_most: '2%', window: '10s' })).toMatchObject({ status: 'exceeded', firstAt: 30, observed: 0.1 })
  })

  test('can’t be judged without the seconds', () => {
    expect(judgement({ ...aRun({}), timeline: [] }, { metric: 'error_rate', at_most: '2%', window: '10s' })).toMatchObject({ status: 'unknown' })
    expect(judgement({ ...aRun({}), timeline: [] }, 'error_rate<=2%')).toMatchObject({ status: 'met' })
  })
})

describe('each step of the load', () => {
  const stairs = holds([10, 30], [20, 30], [40, 30])
  /** One reading a second, those of a step alike. */
  const connections = (...used: readonly (number | null)[]): Series =>
    aSeries('postgres.connections', 'count', 91, (at) => used[Math.max(0, Math.ceil(at / 30) - 1)] ?? null, 100)
  const perStep = { metric: 'postgres.connections.saturation', at_most: '80%', per: 'step' }

  test('is judged apart, and the verdict names the one that exceeded', () => {
    const found = judge(aRun({ shape: stairs, probes: [connections(40, 70, 90)] }), [budget(perStep, 'sessions')])
    expect(found.judgements).toMatchObject([{ status: 'exceeded', observed: 0.9, firstAt: 60 }])
    expect(found.because).toBe(
      'Budget "sessions" is exceeded: highest postgres.connections.saturation was 90 % at 40/s, in the 31 seconds from 1:00 on, at most 80 % is allowed (+13 %), and so in 1 of 3 steps.',
    )
  })

  test('that is over is told with the first load at which it was', () => {
    expect(judgement(aRun({ shape: stairs, probes: [connections(40, 85, 90)] }), perStep).because).toMatch(
      /^highest .* at 40\/s, .* 2 of 3 steps, first at 20\/s\.$/,
    )
  })

  test('that holds is told with the load that came closest', () => {
    expect(judgement(aRun({ shape: stairs, probes: [connections(40, 70, 60)] }), perStep).because).toBe(
      'highest postgres.connections.saturation was 70 % in the worst of 3 steps, at 20/s, at most 80 % is allowed (30 readings).',
    )
  })

  test('what is read as a step begins is of the one before', () => {
    // As at 0:30 the load goes up, sessions of the second before are told, and rates of all of it.
    const series = aSeries('postgres.connections', 'count', 91, (at) => (at === 30 ? 95 : 40), 100)
    expect(judgement(aRun({ shape: stairs, probes: [series] }), perStep).because).toContain('at 10/s, in the 30 seconds from 0:00 on')
  })

  test('too short for its stat, or mostly missed, is unknown with the reason, whatever the whole run says', () => {
    const short = holds([10, 10], [20, 80])
    const p95 = { metric: 'postgres.connections', stat: 'p95', at_most: 80 }
    const run = aRun({ shape: short, probes: [connections(40, 40, 40)] })
    expect(judgement(run, p95)).toMatchObject({ status: 'met' })
    expect(judgement(run, { ...p95, per: 'step' })).toMatchObject({
      status: 'unknown',
      because:
        'p95 of postgres.connections is unknown at 10/s, in the 10 seconds from 0:00 on, because 11 readings were made and at least 20 are needed: hold each step longer, or write "stat": "max".',
    })
    expect(judgement(aRun({ shape: stairs, probes: [connections(40, null, 40)] }), perStep)).toMatchObject({
      status: 'unknown',
      because:
        'highest postgres.connections.saturation is unknown at 20/s, in the 30 seconds from 0:30 on, because 30 of 30 readings were missed, and the worst moments may be among them: the caveats say why.',
    })
  })

  test('a ramp that is too short is judged with the step it leads to, the last one with the step before', () => {
    const shape = plateau({ rate: '20/s', up: '5s', hold: '80s', down: '5s' })
    const found = judgement(aRun({ shape, probes: [connections(40, 40, 40)] }), { metric: 'postgres.connections', stat: 'p95', at_most: 50, per: 'step' })
    expect(found).toMatchObject({ status: 'met', because: expect.stringContaining('in the worst of 1 step, at 20/s') })
    expect(found.because).toContain('(91 readings)')
  })

  test('counts for times and errors too, and leaves out what a warm-up cut away', () => {
    const slow = { shape: stairs, rate: 200, latency: ({ t }: Arrival) => (t < 29 || t >= 60 ? 340 : 20) } // an answer counts where it ends
    expect(judgement(aRun(slow), { metric: 'response_time', stat: 'max', at_most: '200ms', per: 'step' }).because).toContain('2 of 3 steps')
    expect(judgement(aRun({ ...slow, warmUp: 31 }), { metric: 'response_time', stat: 'max', at_most: '200ms', per: 'step' }).because).toContain('1 of 2 steps')
  })

  test('steps that the run never reached are not judged', () => {
    expect(judgement(aRun({ shape: stairs, until: 45, probes: [connections(40, 40, 95)] }), perStep).because).toContain('worst of 2 steps')
  })

  test('goes with no window', () => {
    expect(() => budget({ ...perStep, window: '10s' })).toThrow(
      'has both a window and "per": "step". A limit holds in each window or in each step of the load. Make two budgets of it.',
    )
  })
})

describe('a name that is not there', () => {
  const facts = { endpoints: ['GET /', 'GET /search', 'POST /cart'] }

  test('of an endpoint is an error that lists those there were', () => {
    const act = () => judge(aRun(facts), [budget('p95 of GET /serach<200ms', 'search p95')])
    expect(act).toThrow(UnknownEndpointError)
    expect(act).toThrow(
      'Budget "search p95" in b.json names the endpoint "GET /serach", which no request matched. Requests went to GET /, GET /search and POST /cart. Correct the name, or remove the budget.',
    )
  })

  test('of a metric is an error that lists those there were', () => {
    const act = () => judge(aRun({ counters: { orders: 5 } }), [budget('ordres>=5')])
    expect(act).toThrow(UnknownMetricError)
    expect(act).toThrow('names the metric "ordres", which this run has not measured. It has orders, response_time,')
  })

  test('of a journey, group or check too', () => {
    for (const value of ['journey_time p95 of buy<1s', 'group_time p95 of buy<1s', 'checks of buy>99%'])
      expect(() => judge(aRun(facts), [budget(value)])).toThrow(UnknownEndpointError)
  })

  test('is unknown where journeys failed before they could get there, so that a broken target fails for being broken', () => {
    const run = aRun({ ...facts, throwing: true, answer: () => 'HTTP 500' })
    const verdict = judge(run, [budget('p95 of POST /cart<200ms', 'cart'), budget('error_rate<1%', 'errors')])
    expect(verdict).toMatchObject({ word: 'fail', exitCode: 1 })
    expect(verdict.judgements.map((found) => found.status)).toEqual(['unknown', 'exceeded'])
  })

  test('is listed as not measured when the budget allows for that', () => {
    const verdict = judge(aRun({}), [budget({ metric: 'browser.page_load', at_most: '3s', when_measured: true }, 'page load')])
    expect(verdict.judgements).toEqual([])
    expect(verdict.notMeasured?.map(({ name }) => name)).toEqual(['page load'])
  })
})

describe('the verdict', () => {
  const good = budget('error_rate<1%', 'errors')
  const bad = budget('p95<10ms', 'speed')
  const unsure = budget('p99<1s', 'tail')

  test.each<[string, readonly Budget[], string, number]>([
    ['all met', [good], 'pass', 0],
    ['one exceeded', [good, bad], 'fail', 1],
    ['one unknown', [good, unsure], 'unknown', 3],
    ['one exceeded and one unknown: what is certain decides', [unsure, bad], 'fail', 1],
    ['a warning', [good, { ...bad, level: 'warn' }], 'pass', 0],
    ['one that is off', [good, { ...bad, level: 'off' }], 'pass', 0],
    ['one for another test', [good, { ...bad, tests: ['spike'] }], 'pass', 0],
    ['none', [], 'pass', 0],
  ])('with %s', (_, budgets, word, exitCode) => {
    expect(judge(aRun({}), budgets)).toMatchObject({ word, exitCode })
  })

  test('says which budget decided', () => {
    expect(judge(aRun({}), [good, bad]).because).toBe(
      'Budget "speed" is exceeded: p95 of response time was 20 ms, less than 10 ms is allowed (+100 %), first at 0:00.',
    )
    expect(judge(aRun({}), [unsure]).because).toBe(
      'No verdict on "tail": p99 of response time is unknown, because 3,000 answers were measured and at least 10,000 are needed: run longer, or raise the rate.',
    )
    expect(judge(aRun({}), [budget('p95<=40ms', 'speed'), good]).because).toBe(
      'All 2 budgets are met; closest to its limit is "speed": p95 of response time was 20 ms, at most 40 ms is allowed (3,000 answers).',
    )
  })

  test('of an INVALID run is unknown, and so is every budget, even with a name that is not there', () => {
    const run = aRun({ latency: 900, validity: { state: 'INVALID', reasons: [{ code: 'generator-late', text: 'The generator was too busy.' }] } })
    const verdict = judge(run, [bad, good, budget('p95 of GET /nowhere<1s')])
    expect(verdict).toMatchObject({ word: 'unknown', exitCode: 3, because: 'The run is INVALID: The generator was too busy.' })
    expect(verdict.judgements.map((found) => found.status)).toEqual(['unknown', 'unknown', 'unknown'])
  })

  test('of a SUSPECT run stands', () => {
    expect(judge(aRun({ validity: 'SUSPECT' }), [good]).word).toBe('pass')
  })

  test('of a run without an answer is unknown', () => {
    expect(judge(aRun({ answer: () => 'never' }), [good])).toMatchObject({
      word: 'unknown',
      exitCode: 3,
      because: 'No request was completed, so there is nothing to judge.',
    })
  })

  test('by the shipped budgets: a good run of each test passes, and a breakpoint test is not judged', async () => {
    const shipped = await readDefaultBudgets()
    for (const test of ['smoke', 'baseline', 'stress', 'spike', 'soak', 'custom'] as const) {
      const verdict = judge(aRun({ test, rate: test === 'smoke' ? 1 : 50 }), shipped)
      expect(verdict).toMatchObject({ word: 'pass', exitCode: 0 })
      const ofPages = ['smoke', 'custom'].includes(test) ? [] : ['page load', 'time to interactive']
      expect(verdict.notMeasured?.map(({ name }) => name)).toEqual(['checks', ...ofPages, 'database query'])
    }
    expect(judge(aRun({ test: 'breakpoint', answer: aPool({ connections: 1, busy: 30 }) }), shipped)).toMatchObject({ word: 'pass', judgements: [] })
    expect(judge(aRun({ answer: aPool({ connections: 1, busy: 30 }) }), shipped).word).toBe('fail')
  })
})

describe('laws', () => {
  const draw = ({ random }: Arrival): number => 5 - 60 * Math.log(1 - random())

  test('twice the times and twice the limit give the same headroom', () => {
    for (const dropped of [0, 20]) {
      const once = judgement(aRun({ latency: draw, dropped }), 'p95<=300ms')
      const twice = judgement(aRun({ latency: (arrival) => 2 * draw(arrival), dropped }), 'p95<=600ms')
      expect(twice.status).toBe(once.status)
      expect(Math.abs((twice.headroom ?? Number.NaN) - (once.headroom ?? Number.NaN))).toBeLessThan(0.01)
    }
  })

  test('a laxer limit never turns a pass into anything else, and more drops never help', () => {
    const order = ['exceeded', 'unknown', 'met']
    for (const dropped of [0, 15, 60, 100, 400]) {
      const run = aRun({ latency: draw, dropped })
      const found = [50, 100, 150, 180, 190, 200, 250, 400, 2000].map((limit) => order.indexOf(judgement(run, `p95<=${limit}ms`).status))
      expect(found).toEqual([...found].sort((a, b) => a - b))
    }
    const met = [0, 15, 60, 100, 400].map((dropped) => order.indexOf(judgement(aRun({ latency: draw, dropped }), 'p95<=250ms').status))
    expect(met).toEqual([...met].sort((a, b) => b - a))
  })

  test('the order in which budgets stand changes no judgement', () => {
    const budgets = [budget('p95<10ms', 'a'), budget('p99<1s', 'b'), budget('error_rate<1%', 'c')]
    const forward = judge(aRun({}), budgets).judgements
    expect(judge(aRun({}), budgets.toReversed()).judgements.toReversed()).toEqual(forward)
  })
})

describe('no false comfort: in seeded simulations whose truth is over the limit nothing is ever met', () => {
  test('response time in 200 runs, with arrivals dropped just when it is slow, timeouts, failures and journeys cut off', () => {
    const limit = 200
    const tally = { met: 0, exceeded: 0, unknown: 0 }
    const seen = { over: 0, under: 0, nearby: 0 }
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomFrom(seed)
      const [slowShare, dropSlow, timeouts, failures, cut] = [
        random() * 0.12,
        random() * random(),
        random() * random() * 0.04,
        random() * 0.04,
        random() * random() * 0.02,
      ]
      // Every other run has two sorts of requests with nothing between them, the others a tail that crosses the limit anywhere.
      const mean = 30 + random() * 60
      const draw = (): number => (seed % 2 === 0 ? 10 - mean * Math.log(1 - random()) : random() < slowShare ? 205 + random() * 2000 : 10 + random() * 150)
      const truth: number[] = []
      const fates = Array.from({ length: 2400 }, () => {
        const time = draw()
        const isDropped = random() < (time > limit ? dropSlow : 0.002)
        const answer: Answer = random() < timeouts ? 'timeout' : random() < failures ? 'HTTP 503' : random() < cut ? 'never' : time
        // The truth: dropped arrivals would have taken their time; fast failures have none; what never ended has no end.
        if (isDropped || typeof answer === 'number') truth.push(time)
        else if (answer !== 'HTTP 503') truth.push(Infinity)
        return { isDropped, answer }
      })
      const run = aRun({ rate: 40, seconds: 60, answer: ({ n }) => fates[n]?.answer ?? 20, dropped: ({ n }) => fates[n]?.isDropped ?? false })
      const p95 = truth.sort((a, b) => a - b)[rankOf(0.95, truth.length) - 1] ?? Infinity
      const found = judgement(run, `p95<=${limit}ms`).status
      tally[found] += 1
      if (Math.abs(p95 / limit - 1) < 0.2) seen.nearby += 1
      // A histogram states its values within 0.39 %.
      const accuracy = 1 / 256
      if (p95 > limit * (1 + accuracy)) {
        seen.over += 1
        expect([seed, p95, found]).not.toContain('met')
      } else if (p95 < limit * (1 - accuracy)) {
        seen.under += 1
        expect([seed, p95, found]).not.toContain('exceeded')
      }
    }
    // Without each of these in plenty the test would have nothing to find.
    for (const count of [...Object.values(tally), ...Object.values(seen)]) expect(count).toBeGreaterThan(20)
  })

  test('one endpoint of several, with drops while only it is slow', () => {
    for (let seed = 1; seed <= 40; seed++) {
      const random = randomFrom(seed * 7)
      const share = 0.055 + random() * 0.05
      const slow = Array.from({ length: 3000 }, () => random() < share)
      const kept = random() * 0.9
      const drop = slow.map((is) => is && random() > kept)
      const run = aRun({
        endpoints: ['GET /', 'POST /checkout'],
        dropped: ({ n }) => drop[n] ?? false,
        latency: ({ n, endpoint }) => (endpoint === 'POST /checkout' && slow[n] ? 900 : 20),
      })
      expect(judgement(run, { metric: 'response_time', endpoint: 'POST /checkout', at_most: '200ms' }).status).not.toBe('met')
    }
  })

  test('a saturated pool whose users run out', () => {
    for (const cap of [20, 60, 150]) {
      const pool = aPool({ connections: 4, busy: 40 }) // does 100 a second
      const ends: number[] = []
      const run = aRun({
        rate: 130,
        seconds: 40,
        dropped: ({ t }) => {
          while (ends.length > 0 && Math.min(...ends) <= t) ends.splice(ends.indexOf(Math.min(...ends)), 1)
          return ends.length >= cap
        },
        answer: (arrival) => {
          const time = pool(arrival)
          if (typeof time === 'number') ends.push(arrival.t + time / 1000)
          return time
        },
      })
      expect(run.load.dropped).toBeGreaterThan(0)
      expect(judgement(run, 'p95<=400ms').status).not.toBe('met')
      expect(judgement(run, 'availability>=99.9%').status).toBe('exceeded')
    }
  })

  test('error rate and availability are never met when they are over', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = randomFrom(seed)
      const share = random() * 0.02
      const run = aRun({
        seed,
        answer: ({ random: draw }) => (draw() < share ? 'HTTP 500' : draw() < share / 4 ? 'never' : 20),
        dropped: Math.floor(random() * 20),
      })
      const failed = run.load.failed / run.load.completed
      expect(judgement(run, 'error_rate<=1%').status).toBe(failed <= 0.01 ? 'met' : 'exceeded')
      const sound = (run.iterations.completed - run.iterations.unavailable) / run.load.planned
      if (sound < 0.99) expect(judgement(run, 'availability>=99%').status).not.toBe('met')
    }
  })
})

test('a judgement from totals is that from the seconds: merging loses nothing', () => {
  const run = aRun({ latency: ({ random }) => 5 - 60 * Math.log(1 - random()) })
  const merged = merge(run.timeline.flatMap(({ cells }) => cells.map(({ responseTime }) => responseTime)))
  expect(merged).toEqual(run.endpoints[0]?.responseTime)
  expect(judgement(run, 'p95<=1s').observed).toBe(judgement(run, { metric: 'response_time', at_most: '1s', window: '90s' }).observed)
})

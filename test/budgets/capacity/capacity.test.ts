import { describe, expect, test } from 'vitest'
import { capacityOf } from '../../../budgets/capacity/capacity.ts'
import { randomFrom } from '../../../scenarios/shape.ts'
import { aRun, holds, type RunFacts } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'
import { aSweep, doublings } from '../../support/a-sweep.ts'

const rates = [20, 40, 60, 80, 100]
const hold = 10
const seconds = rates.length * hold
const staircase = holds(...rates.map((rate) => [rate, hold] as const))
const rateAt = (at: number): number => rates[Math.floor(at / hold)] ?? 0

/** Each request takes `demand` seconds of one of `servers`; readings with noise. */
const aSystem = ({ demand, servers, background, seed = 1, ...facts }: { demand: number; servers: number; background: number; seed?: number } & RunFacts) => {
  const random = randomFrom(seed)
  const busy = (at: number): number => Math.min(servers, (background + demand * rateAt(at)) * (0.97 + 0.06 * random()))
  return aRun({ shape: staircase, seed, latency: 5, probes: [aSeries('app.cpu', 'cores', seconds, busy, servers)], ...facts })
}

describe('which resource bounds throughput', () => {
  test('the rate at which its cores are full, from steps that did not fill them', () => {
    const { bound, resources } = capacityOf([aSystem({ demand: 0.01, servers: 2, background: 0.1 })])
    if ('declined' in bound) throw new Error(bound.because)
    expect(bound.resource).toBe('app.cpu')
    expect(Math.abs(bound.rate / 190 - 1)).toBeLessThan(0.05)
    expect(bound.because).toMatch(
      /^app\.cpu would be full at 1\d\d successful requests\/s \[1\d\d, 1\d\d\]: each takes [\d.]+ ms of a core, and there are 2 cores \(R² [\d.]+\)\. It is the lowest/,
    )
    expect(resources).toHaveLength(1)
  })

  test('the lowest of several is the bound', () => {
    const pool = (at: number): number => 1 + Math.min(4, 0.03 * rateAt(at))
    const { bound, resources } = capacityOf([
      aSystem({
        demand: 0.005,
        servers: 4,
        background: 0,
        probes: [
          aSeries('app.cpu', 'cores', seconds, (at) => 0.005 * rateAt(at), 1),
          aSeries('db.connections', 'count', seconds, () => 6, 97),
          aSeries('db.active', 'count', seconds, (at) => pool(at) - 1, null),
        ],
      }),
    ])
    expect(bound).toMatchObject({ resource: 'db.pool' })
    expect(resources.map(({ resource }) => resource)).toEqual(['db.pool', 'app.cpu'])
    expect((bound as { rate: number }).rate).toBeGreaterThan(150)
    expect((bound as { rate: number }).rate).toBeLessThan(185)
  })

  test('a resource that was hardly used is not extrapolated', () => {
    const { bound, resources } = capacityOf([aSystem({ demand: 0.001, servers: 4, background: 0 })])
    expect(bound).toMatchObject({ declined: true, because: expect.stringContaining('not known at which rate any of the resources') })
    expect(resources[0]?.rate).toMatchObject({ because: expect.stringMatching(/extrapolating from 2\.\d+ % of it in use, and 30 % is needed/) })
  })

  test('a resource that does not follow the load has no demand', () => {
    const random = randomFrom(4)
    const { bound, resources } = capacityOf([
      aSystem({ demand: 0, servers: 2, background: 0, probes: [aSeries('app.cpu', 'cores', seconds, () => 0.8 + random(), 2)] }),
    ])
    expect(bound).toMatchObject({ declined: true })
    expect(resources[0]?.demand).toMatchObject({ because: expect.stringContaining('its use does not follow throughput') })
  })

  test('without a probe it is unknown, and what to add is said', () => {
    expect(capacityOf([aRun({ shape: staircase })]).bound).toMatchObject({
      because: expect.stringMatching(/no probe watched one .* Add probes, and run again\.$/),
    })
  })

  test('an INVALID run tells nothing', () => {
    const { bound, resources } = capacityOf([aSystem({ demand: 0.01, servers: 2, background: 0, validity: 'INVALID' })])
    expect(resources).toEqual([])
    expect(bound).toMatchObject({ declined: true })
  })
})

describe('what each endpoint takes', () => {
  /** Journeys of one endpoint, with what each takes of a core. */
  const only = (endpoint: string, demand: number, seed: number) => aSystem({ demand, servers: 2, background: 0.1, seed, endpoints: [endpoint] })

  test('is told where runs had other mixes, though no one demand explains them', () => {
    const [cpu] = capacityOf([only('GET /', 0.002, 1), only('POST /order', 0.015, 2)]).resources
    expect(cpu?.demand).toMatchObject({ declined: true })
    expect(cpu?.byEndpoint).toEqual([
      { endpoint: 'POST /order', demand: expect.closeTo(0.015, 3), error: expect.any(Number) },
      { endpoint: 'GET /', demand: expect.closeTo(0.002, 3), error: expect.any(Number) },
    ])
  })

  test('lies within two standard errors of the truth in most of 60 systems', () => {
    const within = Array.from({ length: 60 }, (_, at) => {
      const [cpu] = capacityOf([only('GET /', 0.004, 2 * at + 1), only('POST /order', 0.012, 2 * at + 2)]).resources
      return (cpu?.byEndpoint ?? []).filter(({ endpoint, demand, error }) => Math.abs(demand - (endpoint === 'GET /' ? 0.004 : 0.012)) <= 2 * error).length
    })
    expect(within.reduce((sum, each) => sum + each, 0) / 120).toBeGreaterThan(0.8)
  })

  test('is not told of one mix', () => {
    const [cpu] = capacityOf([aSystem({ demand: 0.01, servers: 2, background: 0.1, endpoints: ['GET /', 'POST /order'] })]).resources
    expect(cpu?.demand.declined).toBe(false)
    expect(cpu).not.toHaveProperty('byEndpoint')
  })
})

describe('what several runs say together', () => {
  const sweep = aSweep({ throughput: (n) => (1000 * n) / (1 + 0.03 * (n - 1) + 5e-4 * n * (n - 1)), connections: doublings(128) })

  test('a sweep gives the law, a breakpoint test the rate, and each says when it is missing', () => {
    const swept = { ...aRun({ test: 'stress' }), sweep }
    const found = capacityOf([swept])
    expect(found.scalability).toMatchObject({ declined: false, peak: { kind: 'measured' } })
    expect(found.plateau).toBeDefined()
    expect(found.breakpoint).toMatchObject({ declined: true, because: expect.stringContaining('none of these runs is a breakpoint test') })
    const broken = capacityOf([aRun({ test: 'breakpoint', shape: staircase })])
    expect(broken.scalability).toMatchObject({ declined: true, because: expect.stringContaining('none of these runs is a sweep') })
    expect(broken.breakpoint).toMatchObject({ found: false, atLeast: 100 })
  })
})

test('an INVALID run is named with its reason: it was there, and tells nothing', () => {
  const late = { state: 'INVALID' as const, reasons: [{ code: 'generator-late', text: 'The generator was late. Add --workers.' }] }
  const found = capacityOf([{ ...aRun({ id: 'late', test: 'breakpoint', shape: staircase }), validity: late }])
  expect(found.breakpoint.because).toBe('The breakpoint is unknown, because breakpoint test late is INVALID: The generator was late. Add --workers.')
  expect(found.bound.because).toBe('Which resource bounds throughput is unknown, because run late is INVALID.')
  const calm = capacityOf([{ ...aRun({ id: 'calm' }), validity: late }])
  expect(calm.breakpoint.because).toContain('none of these runs is a breakpoint test')
  expect(calm.bound.because).toBe('Which resource bounds throughput is unknown, because run calm is INVALID: The generator was late. Add --workers.')
  const sweep = aSweep({ throughput: (n) => 10 * n, connections: [1, 2, 4] })
  expect(capacityOf([{ ...aRun({ id: 'swept', test: 'stress' }), sweep, validity: late }]).scalability).toMatchObject({
    because: 'No scalability fit, because sweep swept is INVALID: The generator was late. Add --workers.',
  })
})

test('200 systems with a known demand: the rate at which they are full is told within 10 %', () => {
  const random = randomFrom(11)
  let [told, near] = [0, 0]
  for (let seed = 1; seed <= 200; seed++) {
    const servers = 1 + Math.floor(4 * random())
    const [demand, background] = [(servers * (0.35 + 0.5 * random())) / 100, 0.1 * servers * random()]
    const { bound } = capacityOf([aSystem({ demand, servers, background, seed, latency: 1 })])
    if ('declined' in bound) continue
    told += 1
    if (Math.abs(bound.rate / ((servers - background) / demand) - 1) < 0.1) near += 1
  }
  expect(told).toBeGreaterThan(190)
  expect(near / told).toBeGreaterThan(0.95)
})

test('200 systems with a known bottleneck and demand: the interval of its rate holds the truth in 88 % or more', () => {
  const random = randomFrom(23)
  let [told, covered, named] = [0, 0, 0]
  for (let seed = 1; seed <= 200; seed++) {
    const servers = 1 + Math.floor(4 * random())
    const [demand, background] = [(servers * (0.35 + 0.5 * random())) / 100, 0.1 * servers * random()]
    const truth = (servers - background) / demand
    // Beside it a disk that allows from a tenth to three times more.
    const other = truth * (1.1 + 1.9 * random())
    const disk = aSeries('disk.cpu', 'cores', seconds, (at) => (rateAt(at) / other) * (0.97 + 0.06 * random()), 1)
    const run = aSystem({ demand, servers, background, seed, latency: 1 })
    const { bound, resources } = capacityOf([{ ...run, probes: [...run.probes, disk] }])
    const interval = resources.find(({ resource }) => resource === 'app.cpu')?.interval
    if ('declined' in bound || interval === undefined) continue
    told += 1
    if (interval.low <= truth && truth <= interval.high) covered += 1
    if (bound.resource === 'app.cpu') named += 1
  }
  expect(told).toBeGreaterThan(190)
  expect(covered / told).toBeGreaterThanOrEqual(0.88)
  expect(named / told).toBeGreaterThan(0.95)
})

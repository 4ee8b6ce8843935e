import { describe, expect, test } from 'vitest'
import { piecesOf, stretchesAbove } from '../../../../budgets/above.ts'
import { type Alerts, alertsOf } from '../../../../budgets/advice/alerts/alerts.ts'
import type { Decided } from '../../../../budgets/advice/alerts/evidence.ts'
import { kneeOf } from '../../../../budgets/advice/alerts/knee.ts'
import type { Alert } from '../../../../budgets/advice/recommendation.ts'
import { symptomsOf } from '../../../../budgets/attribution/symptoms.ts'
import { breakpointOf } from '../../../../budgets/capacity/breakpoint.ts'
import type { Run } from '../../../../runner/run.ts'
import { aRun, holds } from '../../../support/a-run.ts'
import { aService, aServiceBroken, aServiceCalm, aServiceRun } from '../../../support/a-service.ts'

const decided: Decided = {
  capacity: 90,
  size: { vcpu: 1, gigabytes: 0.5, architecture: 'x86', instances: 2, because: '' },
  scaling: {
    minimum: 2,
    maximum: 12,
    type: 'target-tracking',
    target: { metric: 'requests', value: 45 },
    scaleInBelow: 0.3,
    scaleOutCooldown: 120,
    scaleInCooldown: 300,
    period: 60,
    scheduled: [],
    because: '',
  },
}
const advised = (seed = 1): Alerts => alertsOf([aServiceBroken(seed), aServiceCalm(seed)], decided)
const the = (metric: Alert['metric'], { alerts }: Alerts = advised()): Alert => {
  const found = alerts.find((alert) => alert.metric === metric)
  if (found === undefined) throw new Error(`There is no alert on ${metric}.`)
  return found
}

/** What an alert watches, second by second, as it was in a run of one instance. */
const watchedIn = (run: Run, { metric, series }: Alert): { readonly at: readonly number[]; readonly values: readonly (number | null)[] } => {
  const symptoms = symptomsOf(run)
  const at = symptoms.map(({ second }) => second + 1)
  if (metric === 'p95') return { at, values: symptoms.map(({ p95 }) => (p95 === undefined ? null : p95 / 1000)) }
  if (metric === 'errors') return { at, values: symptoms.map(({ failed }) => failed) }
  if (metric === 'capacity') return { at, values: symptoms.map(({ offered }) => offered / 90) }
  const found = run.probes.find(({ name }) => name === series)
  if (found === undefined) return { at: [], values: [] }
  const limit = metric === 'memory' ? 0.5e9 : metric === 'queue' ? 1 : (found.limit ?? 1)
  return { at: found.at, values: found.values.map((value) => (value === null ? null : value / limit)) }
}
const soundsIn = (run: Run, alert: Alert, threshold: number, lasting = alert.lasting): number | undefined => {
  const { at, values } = watchedIn(run, alert)
  const [first] = stretchesAbove(piecesOf(at, values), threshold, lasting)
  return first && first.from + lasting
}

describe('of a service whose knee is known', () => {
  test('the knee is found between the last rate of calm answers and the first that broke', () => {
    const knee = kneeOf(aServiceBroken())
    expect(knee).toMatchObject({ declined: false, held: aService.breaking, isBroken: true })
    if (!knee.declined) expect(knee.knee).toBeGreaterThanOrEqual(aService.knee)
    if (!knee.declined) expect(knee.knee).toBeLessThan(aService.breaking)
  })

  test('every figure that was measured has an alert, in four severities, most severe first', () => {
    const { alerts, declined } = advised()
    expect(alerts.map(({ metric, severity }) => [metric, severity])).toEqual([
      ['p95', 'critical'],
      ['errors', 'critical'],
      ['capacity', 'high'],
      ['memory', 'high'],
      ['connections', 'high'],
      ['cpu', 'medium'],
      ['queue', 'medium'],
      ['instances', 'low'],
    ])
    expect(declined).toEqual([])
  })

  test('a warning lies below its alarm, and each says from which run it comes or which setting', () => {
    for (const { warn, critical, because, lasting } of advised().alerts) {
      expect(warn).toBeLessThan(critical)
      expect(lasting).toBeGreaterThanOrEqual(60)
      expect(because).toMatch(/2026-01-02-breakpoint|recommended|what was measured/)
    }
  })

  test('CPU is critical at the use that it had at the knee', () => {
    const knee = kneeOf(aServiceBroken())
    const expected = aService.background + aService.demand * (knee.declined ? 0 : knee.knee)
    expect(the('cpu').critical).toBeGreaterThan(expected * 0.95)
    expect(the('cpu').critical).toBeLessThan(expected * 1.05)
  })

  test('a probe’s own query is kept with the alert', () => {
    const observation = { probe: 'shop', kind: 'expression', subject: 'sum(cpu)', values: { series: 'cpu', limit: 'cores' } }
    const found = alertsOf([{ ...aServiceBroken(), observations: [observation] }, aServiceCalm()], decided)
    expect(the('cpu', found).query).toEqual({ value: 'sum(cpu)', limit: 'cores' })
    expect(the('memory', found).query).toBeUndefined()
  })

  test('more connections than there are, at the recommended maximum, are told', () => {
    const scaling = decided.scaling && { ...decided.scaling, maximum: 40 }
    expect(the('connections', alertsOf([aServiceBroken(), aServiceCalm()], { ...decided, scaling })).because).toContain(
      'The recommended maximum of 40 instances would open 240, more than there are.',
    )
  })
})

describe('when they sound', () => {
  const seeds = Array.from({ length: 12 }, (_, at) => at + 1)

  test('no warning sounds in another calm of the same kind, nor would one for ten seconds', () => {
    let briefly = 0
    for (const seed of seeds) {
      const tomorrow = aServiceCalm(seed + 1000)
      for (const alert of advised(seed).alerts) {
        expect(soundsIn(tomorrow, alert, alert.warn), `${alert.name}, seed ${seed}`).toBeUndefined()
        if (soundsIn(tomorrow, alert, alert.warn, 10) !== undefined) briefly += 1
      }
    }
    expect(briefly).toBe(0)
  }, 60_000)

  test('under a load that grows slowly, the warnings that follow it sound before a user waits too long', () => {
    const growing = aServiceRun(
      'growing',
      'custom',
      [40, 50, 60, 70, 80, 90, 100].map((rate) => [rate, 240] as const),
      7,
    )
    const objective = 0.2
    const felt = soundsIn(growing, { ...the('p95'), lasting: 10 }, objective) ?? Number.POSITIVE_INFINITY
    expect(felt).toBeLessThan(1680)
    for (const metric of ['p95', 'capacity', 'cpu', 'queue'] as const) {
      const alert = the(metric)
      expect(soundsIn(growing, alert, alert.warn), `${metric} warns`).toBeLessThan(felt)
      // Response time itself is what is felt: where it leaps over both, its alarm can't come first.
      if (metric !== 'p95') expect(soundsIn(growing, alert, alert.critical), `${metric} is critical`).toBeLessThan(felt)
    }
    const found = breakpointOf(aServiceBroken())
    expect(found.found && the('capacity').critical * 90).toBeLessThan(found.found ? found.firstBad : 0)
  }, 60_000)
})

describe('what was not measured has no alert', () => {
  const only = (...kept: readonly string[]): Run => ({ ...aServiceBroken(), probes: aServiceBroken().probes.filter(({ name }) => kept.includes(name)) })

  test.each([
    ['CPU', 'a process or cgroup probe'],
    ['memory', 'a process or cgroup probe'],
    ['connections', 'Add one under probes'],
    ['a queue', 'rabbitmq'],
  ])('%s without a probe is declined with what would tell', (subject, remedy) => {
    const { declined } = alertsOf([only(), aServiceCalm()], decided)
    expect(declined.find((because) => because.startsWith(`No alert on ${subject}`))).toContain(remedy)
  })

  test('without a breakpoint test there is none at all', () => {
    expect(alertsOf([aServiceCalm()], decided)).toEqual({ alerts: [], declined: [expect.stringContaining('perf run breakpoint')] })
  })

  test('a run that can’t be believed is none', () => {
    expect(alertsOf([{ ...aServiceBroken(), validity: { state: 'INVALID', reasons: [] } }, aServiceCalm()], decided).alerts).toEqual([])
  })

  test('too short a calm is no measure of noise', () => {
    const steep = aServiceRun('steep', 'breakpoint', [
      [10, 10],
      [60, 20],
      [110, 20],
    ])
    expect(alertsOf([steep], decided)).toEqual({
      alerts: [],
      declined: [expect.stringMatching(/^No alerts, because 10 s at an ordinary load were measured and 30 are needed/)],
    })
  })

  test('memory without a size and without a near limit is declined, because a share of nothing is no threshold', () => {
    const run = aServiceBroken()
    const probes = run.probes.map((series) => (series.name === 'shop.memory' ? { ...series, limit: 64e9 } : series))
    expect(alertsOf([{ ...run, probes }, aServiceCalm()], { ...decided, size: undefined }).declined).toEqual([expect.stringContaining('a share of nothing')])
  })

  test('what does not follow the load is no sign of it', () => {
    const run = aServiceBroken()
    const probes = run.probes.map((series) => (series.name === 'shop.cpu' ? { ...series, values: series.values.map((_, at) => ((at * 7) % 10) / 10) } : series))
    expect(alertsOf([{ ...run, probes }, aServiceCalm()], decided).declined[0]).toMatch(/^No alert on CPU: .*does not follow throughput/)
  })

  test('noise as high as the knee leaves no room for a warning', () => {
    const noisy = aRun({
      id: 'noisy',
      shape: holds([45, 120]),
      probes: aServiceCalm().probes.map((series) =>
        series.name === 'shop.cpu' ? { ...series, values: series.values.map((_, at) => (Math.floor(at / 15) % 2 === 0 ? 0.3 : 0.7)) } : series,
      ),
    })
    expect(alertsOf([aServiceBroken(), noisy], decided).declined[0]).toMatch(/^No alert on CPU, because chance alone may reach/)
  })

  test('one instance between minimum and maximum is no warning', () => {
    const scaling = decided.scaling && { ...decided.scaling, maximum: 3 }
    expect(alertsOf([aServiceBroken(), aServiceCalm()], { ...decided, scaling }).declined).toEqual([
      expect.stringContaining('between 2 at least and 3 at most'),
    ])
  })
})

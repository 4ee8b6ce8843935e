import { describe, expect, test } from 'vitest'
import { type DeployedPlay, playDeployed } from '../../../../budgets/advice/deployed/play-deployed.ts'
import type { Units } from '../../../../budgets/advice/deployed/played-metric.ts'
import { startUpFrom } from '../../../../budgets/advice/scaling/lag.ts'
import type { KnownNeed } from '../../../../budgets/advice/scaling/need.ts'
import { simulate } from '../../../../budgets/advice/scaling/simulate.ts'
import { targetTracking } from '../../../../budgets/advice/scaling/target-tracking.ts'
import { trafficOf } from '../../../../budgets/advice/scaling/traffic.ts'
import type { DeployedPolicy, Deployment } from '../../../../runner/deployments/deployment.ts'
import { aDeployment } from '../../../support/a-deployment.ts'
import { aDeployedAlarm, aStepPolicyOf, aTrackingPolicy, requestsMetric } from '../../../support/deployed-policies.ts'

/** 100/s that rise to 800/s at once, in second 900; an instance serves 100/s, at all of its CPU. */
const need: KnownNeed = {
  capacity: 100,
  startUp: 60,
  traffic: { base: 100, peak: 800, rise: 0, hold: 600 },
  longestWait: 0.5,
  tolerated: 0.001,
}
const rise = 900

const deployedWith = (policies: readonly DeployedPolicy[], more: Partial<Deployment> = {}): Deployment =>
  aDeployment({ instances: { desired: 2, running: 2, minimum: 2, maximum: 30 }, resourceLabel: 'app/shop/50dc/targetgroup/web/6d0e', policies, ...more })

const play = (deployment: Deployment, units: Partial<Units> = {}) =>
  playDeployed(deployment, need, startUpFrom(60), { deployment, useAtCapacity: 1, isCpuGuide: true, requestsPerArrival: 1, ...units })

const known = (played: ReturnType<typeof play>): DeployedPlay => {
  if (played.declined) throw new Error(played.because)
  return played
}
const stepsOf = (deployment: Deployment, units?: Partial<Units>) => known(play(deployment, units)).simulation.steps
const reasonOf = (deployment: Deployment, units?: Partial<Units>): string => {
  const played = play(deployment, units)
  return played.declined ? played.because : 'was played'
}

describe('target tracking', () => {
  test('with the alarms that AWS makes does what is documented of it', () => {
    const documented = targetTracking({ metric: 'use', target: 0.6, minimum: 2, maximum: 30 })
    const { simulation, lag, capacity } = known(play(deployedWith([aTrackingPolicy()])))
    // Of three moments of a period the first waits longest.
    const expected = simulate(trafficOf(need.traffic), { instances: 2, capacity: 100, startUp: 60, lines: 'per-instance' }, documented)
    expect(simulation.steps).toEqual(expected.steps)
    expect(capacity).toBe(100)
    expect(lag).toMatchObject({ least: 250, most: 360 })
    expect(lag?.parts[0]?.source).toBe('read')
  })

  test('of CPU alone climbs in rounds, and no sooner than is said', () => {
    const { simulation, caveats } = known(play(deployedWith([aTrackingPolicy()])))
    // 2 instances are 4, 7, 12 …: 800/s need 8, so two rounds are not enough and three are.
    expect(caveats[0]).toBe(
      "CPU can't show more than 100 %, so with a target of 60 % it takes 3 rounds and 430 s at least until there are enough instances; requests per instance show all of the rise at once.",
    )
    expect(simulation.seconds.findIndex(({ running }) => running >= 8)).toBeGreaterThanOrEqual(rise + 430)
    expect(known(play(deployedWith([aTrackingPolicy()], { instances: { desired: 2, running: 2, minimum: 2, maximum: 7 } }))).caveats[0]).toMatch(/^It begins/)
    // Where more than was reserved is used, 100 % are no end.
    expect(known(play(deployedWith([aTrackingPolicy({ target: 100 })]), { useAtCapacity: 1.2 })).caveats[0]).toMatch(/^It begins/)
  })

  test('takes the length of a point and how many of them from its alarms', () => {
    const quick = aTrackingPolicy({ alarms: [aDeployedAlarm(60, { period: 20, points: { needed: 2, of: 2 } })] })
    // Two points of 20 s, seen 10 s later.
    expect(stepsOf(deployedWith([quick]))[0]).toMatchObject({ at: rise + 50, from: 2 })
    expect(known(play(deployedWith([quick]))).caveats.join(' ')).toContain('Nothing takes instances away')
  })

  test('whose alarms were not read goes by what is documented, and says so', () => {
    const { alarms: _, ...unread } = aTrackingPolicy()
    const { simulation, lag } = known(play(deployedWith([unread])))
    expect(simulation.steps).toEqual(stepsOf(deployedWith([aTrackingPolicy()])))
    expect(lag?.parts[0]?.source).toBe('documented')
  })

  test('of requests counts those of a journey, by the minute', () => {
    const { alarms: _, ...policy } = aTrackingPolicy({ metric: 'ALBRequestCountPerTarget', target: 60 * 160 })
    // 160 requests a second are 80 journeys: 100/s need two instances, 800/s ten.
    const { simulation } = known(play(deployedWith([policy]), { requestsPerArrival: 2 }))
    expect(simulation.steps.find(({ from, to }) => to > from)).toMatchObject({ from: 2, to: 10 })
  })

  test('above what is played of CPU is unknown', () => {
    expect(reasonOf(deployedWith([aTrackingPolicy()]), { useAtCapacity: 0.5 })).toBe(
      'Policy cpu is not played, because CPU was 50 % at the rate that one instance holds, and what it is beyond that is not played.',
    )
  })
})

describe('scheduled actions', () => {
  const [from, until] = [
    { name: 'launch', expression: 'at(2026-12-01T17:50:00)', minimum: 10, maximum: 30 },
    { name: 'afterwards', expression: 'at(2026-12-01T18:20:00) UTC', minimum: 2 },
  ]
  const begins = Date.parse('2026-12-01T18:00:00Z') / 1000
  const scheduled = (schedules: Deployment['schedules'], at?: number) =>
    known(
      playDeployed(deployedWith([aTrackingPolicy()], { schedules }), { ...need, ...(at !== undefined && { begins: at }) }, startUpFrom(60), {
        deployment: deployedWith([]),
        useAtCapacity: 1,
        isCpuGuide: true,
        requestsPerArrival: 1,
      }),
    )

  test('of one moment are played where it is known when the rise begins', () => {
    const { simulation, violated, caveats } = scheduled([until, from], begins)
    expect(simulation.steps[0]).toMatchObject({ at: 300, from: 2, to: 10 })
    expect(violated).toBe(0)
    expect(simulation.seconds.at(-1)?.running).toBeLessThan(10)
    expect(caveats.join(' ')).toContain('It begins with 2 instances. Its scheduled actions launch, afterwards are played.')
  })

  test('that counted before are there from the beginning, and those that come later do not matter', () => {
    const { simulation, caveats } = scheduled([from, until], begins + 1200)
    expect(simulation.seconds[0]?.running).toBe(10)
    expect(simulation.steps[0]?.to).toBeLessThan(10)
    expect(caveats.join(' ')).toContain('It begins with 10 instances.')
    const { simulation: earlier, caveats: none } = scheduled([from, until], begins - 86_400)
    expect(earlier.steps).toEqual(scheduled([]).simulation.steps)
    expect(none.join(' ')).not.toContain('scheduled')
  })

  test('that come again, or at a moment nobody can place, are not played, and that is said', () => {
    const daily = { name: 'daily', expression: 'cron(50 17 * * ? *)', minimum: 10 }
    expect(scheduled([from, daily], begins).caveats.slice(-2)).toEqual([
      'Its scheduled action launch is played.',
      '1 scheduled action may set other bounds at the time; played are those of now.',
    ])
    expect(scheduled([from, until]).caveats.at(-1)).toBe(
      '2 scheduled actions may set other bounds at the time; played are those of now. Say when it begins by --at: what is scheduled for one moment is played then.',
    )
    expect(scheduled([{ ...from, expression: 'at(2026-12-01T18:50:00) Europe/Berlin' }], begins).caveats.at(-1)).toMatch(/^1 scheduled action may set/)
  })
})

describe('steps', () => {
  const busy = aDeployedAlarm(60 * 80, { watched: requestsMetric, points: { needed: 2, of: 2 } })

  test('count from the threshold of their alarm', () => {
    // 50/s at each of two become 400/s: 19,200 a minute beyond 4,800 by 19,200.
    const near = aStepPolicyOf(busy, {
      steps: [
        { from: 0, until: 19_201, change: 3 },
        { from: 19_201, change: 20 },
      ],
    })
    const far = aStepPolicyOf(busy, {
      steps: [
        { from: 0, until: 19_199, change: 3 },
        { from: 19_199, change: 20 },
      ],
    })
    // Two minutes, seen half a minute later.
    expect(stepsOf(deployedWith([near]))[0]).toEqual({ at: rise + 150, from: 2, to: 5 })
    expect(stepsOf(deployedWith([far]))[0]).toEqual({ at: rise + 150, from: 2, to: 22 })
  })

  test('in percent add at least so many', () => {
    const percent = { by: 'percent' as const, least: 4, steps: [{ from: 0, change: 50 }] }
    expect(stepsOf(deployedWith([aStepPolicyOf(busy, percent)]))[0]).toMatchObject({ from: 2, to: 6 })
  })

  test('a policy of its own takes them away below its threshold', () => {
    const calm = aDeployedAlarm(60 * 30, { name: 'calm', watched: requestsMetric, limit: { is: 'below', threshold: 60 * 30 } })
    const inward = aStepPolicyOf(calm, { steps: [{ until: 0, change: -1 }] }, { name: 'in' })
    const steps = stepsOf(deployedWith([aStepPolicyOf(busy, { steps: [{ from: 0, change: 20 }] }), inward]))
    expect(steps[0]).toMatchObject({ from: 2, to: 22 })
    expect(steps.filter(({ from, to }) => to === from - 1).length).toBeGreaterThan(0)
    expect(steps.every(({ from, to }) => to > from || from - to === 1)).toBe(true)
  })

  test('a window of five minutes slides by the minute', () => {
    // Beginning with the rise, (4 × 50 + 400) ÷ 5 = 120/s is above 80/s after the first minute. The worst moment is when a minute ends 20 s
    // after it: (4 × 50 + 167) ÷ 5 = 73/s is not yet, and the next minute is. Five whole minutes would take up to 330 s.
    const slow = aStepPolicyOf({ ...busy, period: 300, points: { needed: 1, of: 1 }, limit: { is: 'above', threshold: 300 * 80 } })
    expect(stepsOf(deployedWith([slow]))[0]).toEqual({ at: rise + 110, from: 2, to: 5 })
  })

  test('that go by what perf can not know are unknown, each with its reason', () => {
    const memory = { ...requestsMetric, namespace: 'AWS/ECS', name: 'MemoryUtilization', statistic: 'Average' }
    const reasons = [
      aStepPolicyOf({ ...busy, watched: { kind: 'expression', words: 'm1 / m2' } }),
      aStepPolicyOf({ ...busy, watched: memory }),
      aStepPolicyOf({ ...busy, watched: { ...requestsMetric, dimensions: { TargetGroup: 'targetgroup/api/1' } } }),
      aStepPolicyOf(aDeployedAlarm(60, { watched: { kind: 'composite', words: 'ALARM(a)' } })),
      aStepPolicyOf(busy, { aggregation: 'Maximum' }),
      aStepPolicyOf(busy, { steps: [{ from: 0, change: -2 }] }),
    ].map((policy) => reasonOf(deployedWith([policy])))
    expect(reasons).toEqual([
      'Policy out is not played, because it watches an expression.',
      'Policy out is not played, because what MemoryUtilization (Average) will be under this load is not known.',
      'Policy out is not played, because it watches another target group (targetgroup/api/1).',
      'Policy out is not played, because it watches other alarms.',
      'Policy out is not played, because it goes by the maximum within a period, and means are played.',
      'Policy out is not played, because it takes instances away when more is to do.',
    ])
    const { alarms: _, ...unread } = aStepPolicyOf(busy)
    expect(reasonOf(deployedWith([unread]))).toContain('its alarms could not be read, and its thresholds are theirs')
    expect(reasonOf(deployedWith([aStepPolicyOf(aDeployedAlarm(60))]), { useAtCapacity: undefined })).toContain('no probe watched CPU')
    expect(reasonOf(deployedWith([aStepPolicyOf(aDeployedAlarm(60))]), { isCpuGuide: false })).toContain('its CPU did not follow the load')
  })
})

test('a forecast of AWS is not played and says so', () => {
  expect(reasonOf(deployedWith([{ name: 'other', type: 'other', metric: 'PredictiveScaling' }]))).toBe(
    'Policy other is not played, because it follows a forecast of AWS.',
  )
})

describe('several policies', () => {
  test('act on one clock, each with periods of its own', () => {
    const quick = aTrackingPolicy({ name: 'quick', target: 90, alarms: [aDeployedAlarm(90, { period: 20 })] })
    const both = stepsOf(deployedWith([aTrackingPolicy(), quick]))
    // 3 points of 20 s and 10 s until they are seen, wherever within a point the rise begins.
    expect((both[0]?.at ?? 0) - rise).toBeGreaterThanOrEqual(70 - 20)
    expect((both[0]?.at ?? 0) - rise).toBeLessThanOrEqual(70 + 20)
    expect(both[0]?.at).toBeLessThan(stepsOf(deployedWith([aTrackingPolicy()]))[0]?.at ?? 0)
  })

  test('one that is not played beside one that is can only have added to it', () => {
    const { alarms: _, ...memory } = aTrackingPolicy({ name: 'memory', metric: 'ECSServiceAverageMemoryUtilization', target: 70 })
    const { simulation, caveats } = known(play(deployedWith([aTrackingPolicy(), memory])))
    expect(simulation.steps).toEqual(stepsOf(deployedWith([aTrackingPolicy()])))
    expect(caveats).toContain(
      'Policy memory is not played, because what ECSServiceAverageMemoryUtilization will be under this load is not known. It can only add instances, so waits may be shorter and cost more.',
    )
  })
})

describe('a number that nothing changes', () => {
  const fixed = (deployment: Deployment): string => {
    const { simulation, caveats, lag } = known(play(deployment))
    expect(simulation.steps).toEqual([])
    expect(lag).toBeUndefined()
    return caveats.join(' ')
  }

  test('is played as it is, with the reason', () => {
    expect(fixed(aDeployment())).toBe('Nothing scales it, so it is played with the 2 instances that there are.')
    expect(fixed(deployedWith([aTrackingPolicy()], { suspended: { out: true, in: false } }))).toMatch(/^Scaling out is suspended, so/)
    expect(fixed(deployedWith([aStepPolicyOf(aDeployedAlarm(60, { isActing: false }))]))).toBe(
      'Policy out does nothing, because its alarm busy never fires: its actions are switched off. Nothing scales it, so it is played with the 2 instances that there are.',
    )
    expect(fixed(deployedWith([aStepPolicyOf(aDeployedAlarm(60), {}, { alarms: [] })]))).toMatch(/^Policy out does nothing, because no alarm asks it\./)
    expect(fixed(deployedWith([aTrackingPolicy({ alarms: [] })]))).toMatch(/because its alarm above the target is not there\./)
  })

  test('with scaling in suspended goes out only', () => {
    const played = known(play(deployedWith([aTrackingPolicy()], { suspended: { out: false, in: true } })))
    expect(played.simulation.steps.length).toBeGreaterThan(0)
    for (const { from, to } of played.simulation.steps) expect(to).toBeGreaterThan(from)
  })
})

test('costs what its instances cost, in a month with such a rise each day', () => {
  const deployment = aDeployment()
  const priced = playDeployed(deployment, { ...need, price: { hourly: 0.05, currency: 'USD' } }, startUpFrom(60), {
    deployment,
    useAtCapacity: 1,
    isCpuGuide: true,
    requestsPerArrival: 1,
  })
  expect(known(priced)).toMatchObject({ monthlyHours: 1460, monthlyCost: { amount: 73, currency: 'USD' } })
})

import { describe, expect, test } from 'vitest'
import { type DeployedPlay, playDeployed } from '../../../../budgets/advice/deployed/play-deployed.ts'
import type { Units } from '../../../../budgets/advice/deployed/played-metric.ts'
import { startUpFrom } from '../../../../budgets/advice/scaling/lag.ts'
import type { KnownNeed } from '../../../../budgets/advice/scaling/need.ts'
import type { Deployment } from '../../../../runner/deployments/deployment.ts'
import { aPace, aPodPolicy, deployedPods } from '../../../support/deployed-pods.ts'

/** 100/s that rise to 800/s at once, in second 900; a pod serves 100/s, with all of a core. */
const need: KnownNeed = { capacity: 100, startUp: 60, traffic: { base: 100, peak: 800, rise: 0, hold: 600 }, longestWait: 0.5, tolerated: 0.001 }
const rise = 900

const play = (deployment: Deployment, units: Partial<Units> = {}) =>
  playDeployed(deployment, need, startUpFrom(60), { deployment, useAtCapacity: 1, coresAtCapacity: 1, isCpuGuide: true, requestsPerArrival: 1, ...units })

const known = (played: ReturnType<typeof play>): DeployedPlay => {
  if (played.declined) throw new Error(played.because)
  return played
}
const outIn = (deployment: Deployment, units?: Partial<Units>) => known(play(deployment, units)).simulation.steps.filter(({ from, to }) => to > from)
const reasonOf = (deployment: Deployment, units?: Partial<Units>): string => {
  const played = play(deployment, units)
  return played.declined ? played.because : 'was played'
}
const longest = (deployment: Deployment): number => Math.max(...known(play(deployment)).simulation.waits)

describe('a share of the CPU that is requested', () => {
  test('goes out a look after the metric has seen the rise, and again while it is above', () => {
    const { simulation, lag, caveats } = known(play(deployedPods([aPodPolicy()])))
    // 15 s of the metric, 15 s until it is looked at, and up to 15 s that the rise began after a reading.
    expect((simulation.steps[0]?.at ?? 0) - rise).toBeGreaterThanOrEqual(15)
    expect((simulation.steps[0]?.at ?? 0) - rise).toBeLessThanOrEqual(45)
    // It sees a part of the rise first, 83 %, and a pod that starts counts as unused: 66 % of three are within the tolerance until it runs.
    expect(simulation.steps[0]).toMatchObject({ from: 2, to: 3 })
    expect((simulation.steps[1]?.at ?? 0) - (simulation.steps[0]?.at ?? 0)).toBeGreaterThanOrEqual(60)
    expect(lag).toMatchObject({ least: 15 + 10 + 60, most: 15 + 15 + 30 + 60 })
    expect(caveats.join(' ')).toContain('It begins with 2 instances.')
  })

  test('is of the request, not of a core', () => {
    // 0.9 cores at capacity: 60 % of 1.5 cores requested is all of it, of 1 core two thirds.
    const generous = deployedPods([aPodPolicy()], { requests: { vcpu: 1.5, containers: [{ name: 'web', vcpu: 1.5 }] } })
    expect(reasonOf(generous, { coresAtCapacity: 0.9 })).toBe(
      'cpu of web-scaler is not played, because CPU was 60 % of what is requested at the rate that one pod holds, and what it is beyond that is not played.',
    )
    // 90 % ÷ 60 % of two pods.
    expect(outIn(deployedPods([aPodPolicy()]), { coresAtCapacity: 0.9 })[0]).toMatchObject({ from: 2, to: 3 })
    // A pod may use more than it requests: 400 % ÷ 60 % of two are 14, and 6 are as many as may be added at once.
    const small = deployedPods([aPodPolicy()], { requests: { vcpu: 0.25, containers: [{ name: 'web', vcpu: 0.25 }] } })
    expect(known(play(small)).caveats.join(' ')).toContain('It begins with 7 instances.')
  })

  test('in cores needs no request', () => {
    const cores = aPodPolicy({ target: 0.6 }, { unit: 'cores' })
    const unrequested = deployedPods([cores], { requests: { containers: [{ name: 'web' }] } })
    const [first, second] = outIn(unrequested)
    expect(first).toEqual(outIn(deployedPods([aPodPolicy()]))[0])
    // 0.666 of a core are beyond 110 % of 0.6, where 66 % are not beyond 110 % of 60 %: percents are cut off.
    expect(second?.at).toBe((first?.at ?? 0) + 15)
  })

  test('of one container is of what that one requests', () => {
    const requests = {
      vcpu: 1.5,
      containers: [
        { name: 'web', vcpu: 1 },
        { name: 'proxy', vcpu: 0.5 },
      ],
    }
    const played = deployedPods([aPodPolicy({}, { container: 'web' })], { requests })
    expect(outIn(played)).toEqual(outIn(deployedPods([aPodPolicy()])))
    expect(known(play(played)).caveats).toContain('The CPU that the runs watched is taken for that of container web.')
    expect(reasonOf(deployedPods([aPodPolicy({}, { container: 'wbe' })], { requests }))).toContain('there is no container wbe in its pods')
  })

  test('that nobody requests is unknown, with the container that leaves it out', () => {
    const requests = { containers: [{ name: 'web', vcpu: 1 }, { name: 'log' }] }
    expect(reasonOf(deployedPods([aPodPolicy()], { requests }))).toBe(
      "cpu of web-scaler is not played, because its target is a share of the CPU that is requested, and container log requests none (set resources.requests.cpu: without it Kubernetes can't tell the use either).",
    )
  })

  test('that no probe watched, or that did not follow the load, is unknown', () => {
    expect(reasonOf(deployedPods([aPodPolicy()]), { coresAtCapacity: undefined })).toContain('no probe watched CPU in these runs')
    expect(reasonOf(deployedPods([aPodPolicy()]), { isCpuGuide: false })).toContain('its CPU did not follow the load')
  })
})

describe('metrics', () => {
  test('that only an adapter knows are not played, each with its reason', () => {
    const custom = aPodPolicy({ metric: 'jobs_waiting', target: 5 }, { unit: 'each' })
    const external = aPodPolicy({ metric: 'queue_depth', target: 200 }, { unit: 'all', at: 'an external source' })
    const memory = aPodPolicy({ metric: 'memory', target: 80 })
    expect(reasonOf(deployedPods([custom, external, memory]))).toBe(
      ['jobs_waiting', 'queue_depth', 'memory']
        .map((each) => `${each} of web-scaler is not played, because what it will be under this load is not known.`)
        .join(' '),
    )
    const beside = known(play(deployedPods([aPodPolicy(), memory])))
    expect(beside.simulation.steps).toEqual(known(play(deployedPods([aPodPolicy()]))).simulation.steps)
    expect(beside.caveats.join(' ')).toContain('memory of web-scaler is not played, because what it will be under this load is not known. It can only add')
  })

  test('requests of a pod by the name that perf writes are played: of a journey there may be several', () => {
    const requests = aPodPolicy({ metric: 'http_requests_per_second', target: 80 }, { unit: 'each' })
    // 200 requests a second keep three pods; 1,600 ÷ 80 are 20, and of three no more than four may be added at once.
    expect(outIn(deployedPods([requests]), { requestsPerArrival: 2 })[0]).toMatchObject({ from: 3, to: 7 })
  })

  test('of several the largest wish counts', () => {
    const lazy = aPodPolicy({ target: 90 })
    const keen = aPodPolicy({ metric: 'http_requests_per_second', target: 50 }, { unit: 'each' })
    expect(outIn(deployedPods([lazy, keen]))).toEqual(outIn(deployedPods([keen])))
    expect(outIn(deployedPods([lazy, keen]))).not.toEqual(outIn(deployedPods([lazy])))
  })
})

describe('the behavior that is set', () => {
  /** Requests say how much more is wanted, which a use can't. */
  const paced = (...pace: Parameters<typeof aPace>): Deployment =>
    deployedPods([aPodPolicy({ metric: 'http_requests_per_second', target: 60 }, { unit: 'each', pace: aPace(...pace) })])

  test('too slow for the rise makes people wait longer, and a window of the way out is part of the lag', () => {
    const slow = paced({ limits: [{ by: 'pods', value: 1, period: 60 }] })
    expect(longest(slow)).toBeGreaterThan(1.5 * longest(paced()))
    const steps = outIn(slow)
    expect(steps.every(({ from, to }) => to === from + 1)).toBe(true)
    for (const [at, step] of steps.slice(1).entries()) expect(step.at - (steps[at]?.at ?? 0)).toBeGreaterThanOrEqual(60)
    const held = known(play(paced({ window: 120 })))
    expect(held.lag).toMatchObject({ least: 85 + 120, most: 120 + 120 })
    expect((held.simulation.steps[0]?.at ?? 0) - (outIn(paced())[0]?.at ?? 0)).toBeGreaterThanOrEqual(105)
  })

  test('of two limits takes the one that it is told to', () => {
    const limits = [
      { by: 'pods', value: 1, period: 15 },
      { by: 'percent', value: 100, period: 15 },
    ] as const
    expect(outIn(paced({ limits }))[0]).toMatchObject({ from: 2, to: 4 })
    expect(outIn(paced({ limits, select: 'least' }))[0]).toMatchObject({ from: 2, to: 3 })
  })

  test('with a tolerance of its own waits for more, or does not', () => {
    // 75/s each are 25 % beyond 60/s.
    const gentle = { ...need, traffic: { ...need.traffic, base: 100, peak: 150 } }
    const steps = (tolerance: number): number => {
      const deployment = paced({ tolerance })
      const played = playDeployed(deployment, gentle, startUpFrom(60), {
        deployment,
        useAtCapacity: 1,
        coresAtCapacity: 1,
        isCpuGuide: true,
        requestsPerArrival: 1,
      })
      return known(played).simulation.steps.length
    }
    expect(steps(0.3)).toBe(0)
    expect(steps(0.1)).toBeGreaterThan(0)
  })

  test('that lets it add none does nothing, and one that lets it take none away keeps them', () => {
    const never = known(play(paced({ select: 'none' })))
    expect(never.simulation.steps).toEqual([])
    expect(never.caveats.join(' ')).toContain('Policy web-scaler does nothing, because its behavior lets it add no pods (selectPolicy Disabled).')
    const kept = known(play(paced({}, { select: 'none' })))
    expect(kept.simulation.steps.every(({ from, to }) => to > from)).toBe(true)
    expect(kept.caveats.join(' ')).toContain('Nothing takes instances away')
  })

  test('that nobody set doubles, or makes four of one, where an API server fills in four more', () => {
    const one = { instances: { desired: 1, running: 1, minimum: 1, maximum: 30 } }
    const requests = { metric: 'http_requests_per_second', target: 100 }
    const plain: Deployment = deployedPods([aPodPolicy(requests, { unit: 'each' })], one)
    const { pace: _, ...without } = plain.policies[0]?.pods ?? { unit: 'each' }
    expect(outIn(plain)[0]).toMatchObject({ from: 1, to: 5 })
    expect(outIn(deployedPods([{ ...aPodPolicy(requests), pods: without }], one))[0]).toMatchObject({ from: 1, to: 4 })
  })
})

test('one that is stopped leaves the number as it is, with what it says of itself', () => {
  const stopped = aPodPolicy({}, { stopped: 'its condition ScalingActive is False (FailedGetResourceMetric)' })
  const { simulation, caveats } = known(play(deployedPods([stopped])))
  expect(simulation.steps).toEqual([])
  expect(caveats.join(' ')).toBe(
    'Policy web-scaler does nothing, because its condition ScalingActive is False (FailedGetResourceMetric). Nothing scales it, so it is played with the 2 instances that there are.',
  )
})

test('one that is stopped at none serves nobody, and is not played as if nobody waited', () => {
  const stopped = aPodPolicy({}, { stopped: 'its condition ScalingActive is False (ScalingDisabled)' })
  expect(reasonOf(deployedPods([stopped], { instances: { desired: 0, running: 0, minimum: 2, maximum: 30 } }))).toContain(
    'Nothing scales it, and no instance is wanted: nobody would be served.',
  )
})

describe('KEDA', () => {
  test('on CPU does as the autoscaler that it makes', () => {
    const keda = aPodPolicy({ name: 'web', type: 'keda' }, { polling: 10, cooldown: 60 })
    expect(outIn(deployedPods([keda]))).toEqual(outIn(deployedPods([aPodPolicy()])))
  })

  test('on a query is not played, and one with a schedule alone says that', () => {
    const query = aPodPolicy({ name: 'web', type: 'keda', metric: 'prometheus', target: 40 }, { unit: 'each' })
    expect(reasonOf(deployedPods([query]))).toBe('prometheus of web is not played, because what it will be under this load is not known.')
    const schedules = [{ name: 'web', expression: '0 18 * * 5 to 0 23 * * 5, Europe/Berlin', minimum: 12 }]
    expect(known(play(deployedPods([], { schedules }))).caveats.join(' ')).toMatch(/^Nothing but a schedule scales it/)
  })
})

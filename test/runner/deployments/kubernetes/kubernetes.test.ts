import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import type { Deployment } from '../../../../runner/deployments/deployment.ts'
import { kubernetesSource } from '../../../../runner/deployments/kubernetes/kubernetes.ts'
import { aPod, aRescale, aScaledObject } from '../../../support/a-pod.ts'
import { type KubernetesEndpoint, kubeconfigFor, startKubernetes, type Thing } from '../../../support/kubernetes-endpoint.ts'

const fixture: Thing[] = parseAllDocuments(readFileSync(new URL('../../../fixtures/kubernetes/web.yaml', import.meta.url), 'utf8')).map((each) => each.toJS())
const template = fixture[0].spec.template
const pods = [
  aPod({ name: 'web-7d4b9c-a', ready: '2026-11-21T10:00:31Z' }, template),
  aPod({ name: 'web-7d4b9c-b', ready: '2026-11-21T10:00:40Z' }, template),
  aPod({ name: 'web-7d4b9c-c', created: '2026-11-21T10:20:00Z', ready: '2026-11-21T10:20:35Z' }, template),
]

const folder = mkdtempSync(join(tmpdir(), 'perf-kubernetes-'))
const before = process.env.KUBECONFIG
let endpoint: KubernetesEndpoint

const start = async (things: readonly Thing[], options?: Parameters<typeof startKubernetes>[1]): Promise<void> => {
  endpoint = await startKubernetes(things, options)
  writeFileSync(join(folder, 'config'), kubeconfigFor(endpoint.url))
}
const use = (file: string): void => {
  process.env.KUBECONFIG = join(folder, file)
}
const read = async (deployment = 'web', context?: string) =>
  (await kubernetesSource({ namespace: 'shop', deployment, context })).read([], AbortSignal.timeout(10_000))

beforeAll(() => use('config'))
afterAll(() => {
  if (before === undefined) delete process.env.KUBECONFIG
  else process.env.KUBECONFIG = before
  rmSync(folder, { recursive: true, force: true })
})
afterEach(() => endpoint.stop())

describe('a Deployment with a HorizontalPodAutoscaler', () => {
  beforeEach(() => start([...fixture, ...pods, aRescale('web-scaler.1', 5, '2026-11-21T10:19:58Z', '2026-11-21T10:40:00Z')]))

  test('is read with its size, its number and what scales it', async () => {
    expect(await read()).toMatchObject({
      name: { kind: 'kubernetes', context: 'tests', namespace: 'shop', deployment: 'web' },
      architecture: 'arm',
      // web 250m, log 100m by its limit, proxy 50m as it never ends; migrate ends before the others begin.
      size: { vcpu: 0.4, gigabytes: 0.625 },
      // proxy has no limit on its CPU, so there is none on the pod's.
      limits: { gigabytes: 0.625 },
      instances: { desired: 3, running: 3, minimum: 2, maximum: 10 },
      requests: {
        vcpu: 0.4,
        containers: [
          { name: 'web', vcpu: 0.25 },
          { name: 'log', vcpu: 0.1 },
          { name: 'proxy', vcpu: 0.05 },
        ],
      },
      policies: [
        { name: 'web-scaler', type: 'horizontal-pod-autoscaler', metric: 'cpu', target: 60, scaleInCooldown: 300, pods: { unit: 'percent' } },
        { name: 'web-scaler', type: 'horizontal-pod-autoscaler', metric: 'http_requests_per_second', target: 40.5, pods: { unit: 'each' } },
      ],
      startUps: [31, 40, 35],
      caveats: [],
    })
  })

  test('tells when it was scaled, first and last of alike events', async () => {
    expect((await read()).activities).toEqual([
      { at: '2026-11-21T10:19:58.000Z', to: 5, cause: expect.stringContaining('above target') },
      { at: '2026-11-21T10:40:00.000Z', to: 5, cause: expect.stringContaining('above target') },
    ])
  })

  test('is announced with context, address and namespace before anything is asked', async () => {
    const { announcement } = await kubernetesSource({ namespace: 'shop', deployment: 'web' })
    expect(announcement).toBe(`Kubernetes context tests at ${endpoint.url}, namespace shop, deployment web; it is read, and not changed.`)
    expect(endpoint.asked).toEqual([])
  })

  test('is only read: no request but get and list', async () => {
    await read()
    expect(endpoint.asked.toSorted()).toEqual(['get deployments', 'list events', 'list horizontalpodautoscalers', 'list pods', 'list scaledobjects'])
  })
})

describe('pods that tell no start-up time', () => {
  test.each([
    ['restarted', aPod({ name: 'web-7d4b9c-d', ready: '2026-11-21T10:05:00Z', restarts: 1 }, template)],
    ['ready again, later than a roll-out may take', aPod({ name: 'web-7d4b9c-d', ready: '2026-11-21T15:00:00Z' }, template)],
  ])('%s: left out, and said', async (_, pod) => {
    await start([...fixture, ...pods, pod])
    const { startUps, caveats } = await read()
    expect(startUps).toEqual([31, 40, 35])
    expect(caveats).toEqual([expect.stringContaining('1 of 4 ready pods tell no start-up time')])
  })

  test('not ready yet, or of another Deployment with the same labels: left out', async () => {
    await start([
      ...fixture,
      ...pods,
      aPod({ name: 'web-7d4b9c-d' }, template),
      aPod({ name: 'x', deployment: 'other', ready: '2026-11-21T10:09:00Z' }, template),
    ])
    expect(await read()).toMatchObject({ startUps: [31, 40, 35], caveats: [] })
  })
})

describe('an autoscaler', () => {
  const readWith = async (spec: Thing, status: Thing = {}) => {
    const things = structuredClone(fixture)
    things[1] = { ...things[1], spec: { ...things[1].spec, ...spec }, status: { ...things[1].status, ...status } }
    await start(things)
    return read()
  }
  const aimsOf = ({ policies }: Deployment) => policies.map(({ metric, target, pods }) => [metric, target, pods?.unit, pods?.container ?? pods?.at])

  test('tells of each metric what its target is a figure of', async () => {
    const [cpu, described] = ['cpu', { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'main' }]
    const metrics = [
      { type: 'Resource', resource: { name: cpu, target: { type: 'Utilization', averageUtilization: 60 } } },
      { type: 'Resource', resource: { name: cpu, target: { type: 'AverageValue', averageValue: '500m' } } },
      { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '512Mi' } } },
      { type: 'ContainerResource', containerResource: { name: cpu, container: 'web', target: { type: 'Utilization', averageUtilization: 70 } } },
      { type: 'Object', object: { metric: { name: 'requests' }, describedObject: described, target: { type: 'Value', value: '2k' } } },
      { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '30' } } },
    ]
    expect(aimsOf(await readWith({ metrics }))).toEqual([
      ['cpu', 60, 'percent', undefined],
      ['cpu', 0.5, 'cores', undefined],
      ['memory', 2 ** 29, 'bytes', undefined],
      ['cpu', 70, 'percent', 'web'],
      ['requests', 2000, 'all', 'Ingress main'],
      ['queue', 30, 'each', 'an external source'],
    ])
  })

  test('tells how quickly it goes, tolerance included, and nothing where nothing is set', async () => {
    const behavior = {
      scaleUp: { stabilizationWindowSeconds: 60, selectPolicy: 'Min', policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }], tolerance: '50m' },
      scaleDown: { selectPolicy: 'Disabled', policies: [{ type: 'Percent', value: 10, periodSeconds: 30 }] },
    }
    const { policies } = await readWith({ behavior })
    expect(policies[0]).toMatchObject({ scaleOutCooldown: 60, scalesIn: false })
    expect(policies[0]?.pods?.pace).toEqual({
      out: { window: 60, select: 'least', limits: [{ by: 'pods', value: 2, period: 60 }], tolerance: 0.05 },
      in: { select: 'none', limits: [{ by: 'percent', value: 10, period: 30 }] },
    })
    await endpoint.stop()
    expect((await readWith({ behavior: undefined })).policies[0]?.pods).toEqual({ unit: 'percent' })
  })

  const condition = (type: string, status: string, reason: string): Thing => ({ conditions: [{ type, status, reason, message: 'because so' }] })

  test('that can not scale says why, and one with a metric left takes none away', async () => {
    const failing = condition('ScalingActive', 'False', 'FailedGetResourceMetric')
    const stopped = await readWith({}, failing)
    expect(stopped.policies.map(({ pods }) => pods?.stopped)).toEqual(Array(2).fill('its condition ScalingActive is False (FailedGetResourceMetric)'))
    await endpoint.stop()
    const current = { type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: 20 } } }
    const half = await readWith({}, { ...failing, currentMetrics: [current, { type: '' }] })
    expect(half.policies[0]?.pods).not.toHaveProperty('stopped')
    expect(half.caveats).toEqual([expect.stringContaining('takes no pods away now (FailedGetResourceMetric: because so)')])
  })

  test.each([
    ['TooManyReplicas', 'is at its maximum and wants more'],
    ['ScaleUpLimit', 'wants more than its behavior lets it add at once'],
  ])('held back by %s says so', async (reason, words) => {
    expect((await readWith({}, condition('ScalingLimited', 'True', reason))).caveats).toEqual([expect.stringContaining(words)])
  })

  test('at its minimum says nothing of it', async () => {
    expect((await readWith({}, condition('ScalingLimited', 'True', 'TooFewReplicas'))).caveats).toEqual([])
  })

  test('beside another one of the same pods does nothing', async () => {
    const [deployment, scaler] = fixture
    await start([deployment, scaler, { ...scaler, metadata: { ...scaler.metadata, name: 'another' } }])
    const { policies, caveats } = await read()
    expect(policies.every(({ pods }) => pods?.stopped?.startsWith('another one scales the same pods'))).toBe(true)
    expect(caveats).toEqual([expect.stringContaining('2 HorizontalPodAutoscalers scale this Deployment')])
  })
})

describe('KEDA', () => {
  test('tells units, containers, behavior and its own pace', async () => {
    const scaled = structuredClone(aScaledObject)
    scaled.spec.pollingInterval = 10
    scaled.spec.cooldownPeriod = 60
    scaled.spec.advanced = { horizontalPodAutoscalerConfig: { behavior: { scaleUp: { policies: [{ type: 'Pods', value: 1, periodSeconds: 30 }] } } } }
    scaled.spec.triggers = [
      { type: 'cpu', metricType: 'Utilization', metadata: { value: '70', containerName: 'web' } },
      { type: 'memory', metricType: 'AverageValue', metadata: { value: '512Mi' } },
      { type: 'rabbitmq', metricType: 'Value', metadata: { queueLength: '200' } },
    ]
    await start([...fixture, scaled], { hasKeda: true })
    const { policies } = await read()
    expect(policies.map(({ metric, target, pods }) => [metric, target, pods?.unit, pods?.container])).toEqual([
      ['cpu', 70, 'percent', 'web'],
      ['memory', 2 ** 29, 'bytes', undefined],
      ['rabbitmq', 200, 'all', undefined],
    ])
    const limits = [{ by: 'pods', value: 1, period: 30 }]
    expect(policies[0]?.pods).toMatchObject({ polling: 10, cooldown: 60, pace: { out: { window: 0, limits }, in: { select: 'most' } } })
  })

  test.each([
    ['paused', { metadata: { annotations: { 'autoscaling.keda.sh/paused-replicas': '4' } } }, 'its annotation autoscaling.keda.sh/paused-replicas stops it'],
    [
      'not ready',
      { status: { conditions: [{ type: 'Ready', status: 'False', reason: 'ScaledObjectCheckFailed' }] } },
      'KEDA says that it is not ready (ScaledObjectCheckFailed)',
    ],
  ])('%s does not scale, and says so', async (_, { metadata, status }: Thing, words) => {
    const scaled = { ...aScaledObject, metadata: { ...aScaledObject.metadata, ...metadata }, status: { ...aScaledObject.status, ...status } }
    await start([...fixture, scaled], { hasKeda: true })
    const { policies, caveats } = await read()
    expect(policies[0]?.pods?.stopped).toBe(words)
    expect(caveats).toEqual([`ScaledObject web does not scale now: ${words}. What is deployed is to scale. Mend that before its settings are changed.`])
  })

  test('by a formula has no trigger with a target of its own', async () => {
    const scaled = structuredClone(aScaledObject)
    scaled.spec.advanced = { scalingModifiers: { formula: 'a + b', target: '2' } }
    await start([...fixture, scaled], { hasKeda: true })
    expect((await read()).policies).toEqual([{ name: 'web', type: 'keda', metric: 'the formula a + b', pods: { unit: 'each' } }])
  })

  test('a ScaledObject takes the place of the autoscaler that it made', async () => {
    await start([...fixture, ...pods, aScaledObject], { hasKeda: true })
    expect(await read()).toMatchObject({
      instances: { minimum: 1, maximum: 20 },
      policies: [{ name: 'web', type: 'keda', metric: 'prometheus', target: 40 }],
      schedules: [{ name: 'web', expression: '0 18 * * 5 to 0 23 * * 5, Europe/Berlin', minimum: 12 }],
    })
  })

  test('a ScaledObject of another Deployment is none of ours', async () => {
    const other = structuredClone(aScaledObject)
    other.spec.scaleTargetRef.name = 'other'
    await start([...fixture, other], { hasKeda: true })
    expect((await read()).policies.map(({ type }) => type)).toEqual(['horizontal-pod-autoscaler', 'horizontal-pod-autoscaler'])
  })
})

describe('what a file is written to replace', () => {
  const named = async (things: readonly Thing[], options?: Parameters<typeof startKubernetes>[1]) => {
    await start(things, options)
    return (await read()).name
  }
  const [deployment, scaler] = structuredClone(fixture)

  test('the one autoscaler, and a ScaledObject before the one that it made', async () => {
    expect(await named(fixture)).toMatchObject({ autoscaler: { kind: 'HorizontalPodAutoscaler', name: 'web-scaler' } })
    await endpoint.stop()
    expect(await named([...fixture, aScaledObject], { hasKeda: true })).toMatchObject({ autoscaler: { kind: 'ScaledObject', name: 'web' } })
  })

  test('none of several', async () => {
    expect(await named([deployment, scaler, { ...scaler, metadata: { ...scaler.metadata, name: 'another' } }])).not.toHaveProperty('autoscaler')
  })

  test('the only container, and none of several', async () => {
    expect(await named(fixture)).not.toHaveProperty('container')
    await endpoint.stop()
    deployment.spec.template.spec.containers.splice(1)
    expect(await named([deployment])).toMatchObject({ container: 'web' })
  })
})

describe('what a reader must know', () => {
  test('a container without requests leaves the size unknown', async () => {
    const things = structuredClone(fixture)
    delete things[0].spec.template.spec.containers[0].resources.requests
    delete things[0].spec.template.spec.containers[0].resources.limits
    await start(things)
    const { size, caveats } = await read()
    expect(size).toBeUndefined()
    expect(caveats.join('\n')).toContain('container web requests no cpu')
    expect(caveats.join('\n')).toContain('container web requests no memory')
  })

  test('an autoscaler without metrics does not scale', async () => {
    const things = structuredClone(fixture)
    things[1].status.conditions[1] = { type: 'ScalingActive', status: 'False', reason: 'FailedGetResourceMetric', message: 'no metrics known' }
    await start(things)
    expect((await read()).caveats).toEqual([
      expect.stringContaining('HorizontalPodAutoscaler web-scaler does not scale now (FailedGetResourceMetric: no metrics known).'),
    ])
  })

  test('what admission has set in the pods counts before the template', async () => {
    const changed = structuredClone(template)
    changed.spec.containers[0].resources.requests.cpu = '1'
    await start([...fixture, aPod({ name: 'web-7d4b9c-a', ready: '2026-11-21T10:00:31Z' }, changed)])
    expect((await read()).size).toEqual({ vcpu: 1.15, gigabytes: 0.625 })
  })
})

describe('refusals', () => {
  beforeEach(() => start([...fixture, ...pods, aScaledObject], { hasKeda: true }))

  test.each([
    ['get deployments', 'get deployments "web" in namespace shop'],
    ['list horizontalpodautoscalers', 'list horizontalpodautoscalers in namespace shop'],
  ])('%s: nothing can be said without it', async (right, words) => {
    endpoint.denied.add(right)
    await expect(read()).rejects.toMatchObject({
      exitCode: 5,
      message: expect.stringMatching(new RegExp(`does not allow to ${words} \\(403: .*cannot ${right.split(' ')[0]} resource`)),
    })
    await expect(read()).rejects.toThrow('- apiGroups: ["apps"]\n    resources: ["deployments"]\n    verbs: ["get"]')
  })

  test.each([
    ['list pods', 'Start-up times are unknown.'],
    ['list events', 'When it was scaled is unknown.'],
    ['list scaledobjects', 'Whether KEDA scales it is unknown.'],
  ])('%s: the rest is read, and the Role is named', async (right, words) => {
    endpoint.denied.add(right)
    const { caveats, policies } = await read()
    expect(policies.length).toBeGreaterThan(0)
    expect(caveats).toEqual([
      expect.stringContaining(`${words} ${endpoint.url} does not allow to ${right} in namespace shop (403:`),
      expect.stringContaining('kind: Role'),
    ])
  })

  test('a name that is not there', async () => {
    await expect(read('wbe')).rejects.toThrow(`${endpoint.url} knows no deployments "wbe" in namespace shop (404).`)
  })

  test('a token that is not taken', async () => {
    writeFileSync(join(folder, 'config'), kubeconfigFor(endpoint.url, 'an-old-token'))
    await expect(read()).rejects.toThrow('takes no credentials of this context (401 to get deployments')
    await expect(read()).rejects.not.toThrow('an-old-token')
  })

  test('a cluster that does not answer', async () => {
    await expect(read('web', 'nowhere')).rejects.toThrow(/http:\/\/127\.0\.0\.1:1 can't be reached \(ECONNREFUSED/)
  })

  test('a context that is not there: usage, with those that are', async () => {
    await expect(read('web', 'prod')).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('Its contexts are tests, nowhere.') })
  })
})

describe('long lists and a busy server', () => {
  const many = Array.from({ length: 250 }, (_, index) => aPod({ name: `web-7d4b9c-${index}`, ready: '2026-11-21T10:00:31Z' }, template))
  const listed = () => endpoint.asked.filter((each) => each === 'list pods').length

  test('every page is read', async () => {
    await start([...fixture, ...many])
    expect((await read()).startUps).toHaveLength(250)
    expect(listed()).toBe(3)
  })

  test('a list that expires is read from its beginning, so that no pod counts twice', async () => {
    await start([...fixture, ...many])
    endpoint.expire(1)
    expect((await read()).startUps).toHaveLength(250)
    expect(listed()).toBe(5)
  })

  test('one that always expires is given up', async () => {
    await start([...fixture, ...many])
    endpoint.expire(100)
    await expect(read()).rejects.toThrow('ended the list before it was read whole (410 to list pods in namespace shop)')
  })

  test('three refusals for being busy are waited out, and more are said', async () => {
    await start(fixture)
    endpoint.throttle(3)
    expect((await read()).instances.desired).toBe(3)
    endpoint.throttle(100)
    await expect(read()).rejects.toThrow('had too many requests (429 to get deployments "web" in namespace shop), 4 times in a row')
  })
})

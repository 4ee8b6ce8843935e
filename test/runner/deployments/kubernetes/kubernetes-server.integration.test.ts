/** A Deployment as a real API server tells of it, with the pods that its controllers made; only what a node would say of them is played. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { kubernetesSource } from '../../../../runner/deployments/kubernetes/kubernetes.ts'
import { aScaledObject } from '../../../support/a-pod.ts'
import { scaledObjectDefinition } from '../../../support/keda.ts'
import type { Thing } from '../../../support/kubernetes-endpoint.ts'
import { hasKubernetesServer, type KubernetesServer, startKubernetesServer } from '../../../support/kubernetes-server.ts'

const [deployment, scaler]: Thing[] = parseAllDocuments(readFileSync(new URL('../../../fixtures/kubernetes/web.yaml', import.meta.url), 'utf8')).map((each) =>
  each.toJS(),
)

const namespace = 'shop'
const named = (apiVersion: string, kind: string, name: string, more: Thing = {}): Thing => ({ apiVersion, kind, metadata: { name, namespace }, ...more })
/** What a file may say; the rest of the fixture is the server's to tell. */
const written = ({ apiVersion, kind, metadata: { name }, spec }: Thing, more: Thing = {}): Thing =>
  named(apiVersion, kind, name, { spec: { ...spec, ...more } })

const folder = mkdtempSync(join(tmpdir(), 'perf-kubernetes-server-'))
const before = process.env.KUBECONFIG
let server: KubernetesServer

const read = (token: string, { name = 'web', context, authority }: { name?: string; context?: string; authority?: string } = {}) => {
  process.env.KUBECONFIG = join(folder, 'config')
  writeFileSync(process.env.KUBECONFIG, server.kubeconfig(token, authority))
  return kubernetesSource({ namespace, deployment: name, context }).then((source) => source.read([], AbortSignal.timeout(20_000)))
}

const podsOf = async (app: string): Promise<Thing[]> =>
  (await server.ask('GET', `/api/v1/namespaces/${namespace}/pods`, undefined, { query: { labelSelector: `app=${app}` } })).body.items

/** As a node tells it. @param seconds from the making of the pod until it is ready */
const becomeReady = async ({ metadata: { name, creationTimestamp }, spec }: Thing, seconds: number, restartCount = 0): Promise<void> => {
  const at = new Date(Date.parse(creationTimestamp) + seconds * 1000).toISOString().replace('.000', '')
  const image = { image: 'example/web:1', imageID: '', ready: true, restartCount, state: { running: { startedAt: at } } }
  const status = {
    phase: 'Running',
    startTime: creationTimestamp,
    conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: at }],
    containerStatuses: spec.containers.map((container: Thing) => ({ name: container.name, ...image })),
  }
  const { code, body } = await server.ask('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}/status`, { status }, { type: 'application/merge-patch+json' })
  if (code !== 200) throw new Error(body.message)
}

/** A service account with these rules, and its token. @param rules undefined: no Role at all */
const accountWith = async (name: string, role: Thing | undefined): Promise<string> => {
  await server.make(named('v1', 'ServiceAccount', name))
  if (role !== undefined) {
    await server.make({ ...role, metadata: { ...role.metadata, name } })
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name }
    await server.make(named('rbac.authorization.k8s.io/v1', 'RoleBinding', name, { roleRef, subjects: [{ kind: 'ServiceAccount', name, namespace }] }))
  }
  return server.tokenOf(namespace, name)
}

/** The server takes in new Roles a moment after they are made. */
const untilAllowed = (token: string, verb: string, group: string, resource: string): Promise<void> =>
  expect
    .poll(
      async () => {
        const spec = { resourceAttributes: { namespace, verb, group, resource } }
        const review = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec }
        return (await server.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review, { token })).body.status?.allowed
      },
      { timeout: 20_000, interval: 50 },
    )
    .toBe(true)

describe.skipIf(!hasKubernetesServer)('a real API server', () => {
  let [nobody, reader] = ['', '']
  let role: Thing

  beforeAll(async () => {
    server = await startKubernetesServer()
    await server.make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
    await server.make(named('v1', 'ServiceAccount', 'default'))
    await server.control(['deployment-controller', 'replicaset-controller', 'horizontal-pod-autoscaler-controller'])
    // The autoscaler makes three of one by itself: there are to be so many at least.
    await server.make(written(deployment, { replicas: 1 }))
    await server.make(written(scaler, { minReplicas: 3 }))
    await vi.waitFor(async () => expect(await podsOf('web')).toHaveLength(3), { timeout: 60_000, interval: 100 })
    nobody = await accountWith('nobody', undefined)
  }, 150_000)
  afterAll(async () => {
    if (before === undefined) delete process.env.KUBECONFIG
    else process.env.KUBECONFIG = before
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('refuses whoever has no rights, and the Role that is printed is one', async () => {
    const refusal: Error = await read(nobody).catch((error) => error)
    expect(refusal).toMatchObject({ exitCode: 5 })
    expect(refusal.message).toContain(
      `${server.url} does not allow to get deployments "web" in namespace shop (403: deployments.apps "web" is forbidden: User "system:serviceaccount:shop:nobody" cannot get resource "deployments" in API group "apps" in the namespace "shop").`,
    )
    role = parse(refusal.message.slice(refusal.message.indexOf('\n\n')))
    reader = await accountWith('reader', role)
    for (const { apiGroups, resources, verbs } of role.rules) await untilAllowed(reader, verbs[0], apiGroups[0], resources[0])
  })

  test('tells size, number, autoscaler, start-ups and activities by those rights alone', async () => {
    const pods = await podsOf('web')
    for (const [index, pod] of pods.entries()) await becomeReady(pod, 30 + index)
    await expect
      .poll(async () => (await read(reader)).instances, { timeout: 20_000, interval: 100 })
      .toEqual({ desired: 3, running: 3, minimum: 3, maximum: 10 })
    // The controller looks every 15 s, and finds no metrics of the pods that became ready.
    await vi.waitFor(async () => expect((await read(reader)).policies[0]?.pods?.stopped).toContain('ScalingActive'), { timeout: 45_000, interval: 250 })
    const { startUps, activities, caveats, policies, ...told } = await read(reader)
    // The file says nothing but the 300 s: the rest is the server's.
    const limits = [{ by: 'percent', value: 100, period: 15 }]
    const pace = {
      out: { window: 0, limits: [{ by: 'pods', value: 4, period: 15 }, ...limits], select: 'most' },
      in: { window: 300, limits, select: 'most' },
    }
    const stopped = 'its condition ScalingActive is False (FailedGetResourceMetric)'
    const common = { name: 'web-scaler', type: 'horizontal-pod-autoscaler', scaleInCooldown: 300 }
    expect(policies).toEqual([
      { ...common, metric: 'cpu', target: 60, pods: { unit: 'percent', pace, stopped } },
      { ...common, metric: 'http_requests_per_second', target: 40.5, pods: { unit: 'each', pace, stopped } },
    ])
    expect(told).toMatchObject({
      name: { kind: 'kubernetes', context: 'tests', namespace, deployment: 'web', autoscaler: { kind: 'HorizontalPodAutoscaler', name: 'web-scaler' } },
      architecture: 'arm',
      // The log's request, which the file leaves out, is its limit: the server has set it.
      size: { vcpu: 0.4, gigabytes: 0.625 },
      requests: { vcpu: 0.4 },
      limits: { gigabytes: 0.625 },
    })
    expect(startUps.toSorted()).toEqual([30, 31, 32])
    expect(activities).toEqual([{ at: expect.any(String), to: 3, cause: 'New size: 3; reason: Current number of replicas below Spec.MinReplicas' }])
    // There is no server of metrics, as in a cluster where nobody has installed one.
    expect(caveats).toEqual([
      expect.stringMatching(/^HorizontalPodAutoscaler web-scaler does not scale now \(FailedGetResourceMetric: .+\)\. It needs its metrics/),
    ])
  })

  test('has got no request of the reader but get and list', async () => {
    const asked = (await server.asked()).filter(({ user }) => user === 'system:serviceaccount:shop:reader')
    const rights = role.rules.map(({ resources, verbs }: Thing) => `${verbs[0]} ${resources[0]}`)
    // The review of its own rights is this test's.
    expect([...new Set(asked.map(({ verb, resource }) => `${verb} ${resource}`))].toSorted()).toEqual([...rights, 'create selfsubjectaccessreviews'].toSorted())
  })

  describe('that takes one right away', () => {
    test.each([
      ['deployments', 'get deployments "web" in namespace shop', undefined],
      ['horizontalpodautoscalers', 'list horizontalpodautoscalers in namespace shop', undefined],
      ['pods', 'list pods in namespace shop', 'Start-up times are unknown.'],
      ['events', 'list events in namespace shop', 'When it was scaled is unknown.'],
      ['scaledobjects', 'list scaledobjects in namespace shop', 'Whether KEDA scales it is unknown.'],
    ])('%s: it is named', async (resource, words, unknown) => {
      const rules = role.rules.filter(({ resources }: Thing) => resources[0] !== resource)
      expect(rules).toHaveLength(role.rules.length - 1)
      const token = await accountWith(`without-${resource}`, { ...role, rules })
      for (const { apiGroups, resources, verbs } of rules) await untilAllowed(token, verbs[0], apiGroups[0], resources[0])
      const sentence = `${server.url} does not allow to ${words} (403: ${resource}`
      if (unknown === undefined) await expect(read(token)).rejects.toThrow(sentence)
      else expect((await read(token)).caveats).toContainEqual(expect.stringContaining(`${unknown} ${sentence}`))
    })
  })

  test('lets two autoscalers of a Deployment stop each other, and that is told', async () => {
    await server.make({ ...written(scaler, { minReplicas: 3 }), metadata: { name: 'another', namespace } })
    const told = async (): Promise<string> => (await read(reader)).caveats.join('\n')
    await expect.poll(told, { timeout: 20_000, interval: 200 }).toContain('HorizontalPodAutoscaler web-scaler does not scale now (AmbiguousSelector: ')
    expect(await told()).toContain('2 HorizontalPodAutoscalers scale this Deployment: another, web-scaler.')
    expect((await server.ask('DELETE', `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/another`)).code).toBe(200)
  })

  test('tells 230 pods in pages, and every one counts once', async () => {
    const labels = { app: 'crowd', tier: 'front' }
    const template = { metadata: { labels }, spec: { containers: [{ name: 'crowd', image: 'example/crowd:1' }] } }
    const matchExpressions = [
      { key: 'app', operator: 'In', values: ['crowd', 'throng'] },
      { key: 'track', operator: 'NotIn', values: ['canary'] },
      { key: 'tier', operator: 'Exists' },
      { key: 'old', operator: 'DoesNotExist' },
    ]
    await server.make(named('v1', 'LimitRange', 'usual', { spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '100m', memory: '128Mi' } }] } }))
    await server.make(named('apps/v1', 'Deployment', 'crowd', { spec: { replicas: 230, selector: { matchExpressions }, template } }))
    await expect.poll(async () => (await podsOf('crowd')).length, { timeout: 60_000, interval: 200 }).toBe(230)
    const pods = await podsOf('crowd')
    await Promise.all(pods.map((pod, index) => becomeReady(pod, 10, index < 2 ? 1 : 0)))
    const { startUps, caveats, size } = await read(reader, { name: 'crowd' })
    // Nothing of it stands in the Deployment: the LimitRange has set it in the pods.
    expect(size).toEqual({ vcpu: 0.1, gigabytes: 0.125 })
    expect(startUps).toEqual(Array(228).fill(10))
    expect(caveats).toContainEqual(expect.stringContaining('2 of 230 ready pods tell no start-up time'))
    const pages = (await server.asked()).filter(({ resource, uri }) => resource === 'pods' && uri.includes('throng') && uri.includes('limit=100'))
    expect(pages.map(({ uri }) => uri.includes('continue='))).toEqual([false, true, true])
  })

  test('fills in what an autoscaler leaves out, and takes every kind of metric', async () => {
    const labels = { app: 'bare' }
    const template = { metadata: { labels }, spec: { containers: [{ name: 'bare', image: 'example/bare:1' }] } }
    await server.make(named('apps/v1', 'Deployment', 'bare', { spec: { replicas: 0, selector: { matchLabels: labels }, template } }))
    const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'bare' }
    const [path, policiesOf] = [
      `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers/bare`,
      async () => (await read(reader, { name: 'bare' })).policies,
    ]
    // Neither metrics nor behavior: the server writes CPU at 80 % and no behavior at all.
    await server.make(named('autoscaling/v2', 'HorizontalPodAutoscaler', 'bare', { spec: { scaleTargetRef, maxReplicas: 5 } }))
    expect(await policiesOf()).toMatchObject([{ metric: 'cpu', target: 80, pods: { unit: 'percent' } }])
    expect((await policiesOf())[0]?.pods).not.toHaveProperty('pace')
    const metrics = [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '0.5' } } },
      { type: 'ContainerResource', containerResource: { name: 'cpu', container: 'bare', target: { type: 'Utilization', averageUtilization: 70 } } },
      {
        type: 'Object',
        object: {
          metric: { name: 'requests' },
          describedObject: { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'main' },
          target: { type: 'Value', value: '2k' },
        },
      },
      { type: 'External', external: { metric: { name: 'queue' }, target: { type: 'AverageValue', averageValue: '30' } } },
    ]
    const behavior = { scaleUp: { tolerance: '0.05' }, scaleDown: { selectPolicy: 'Disabled' } }
    const { code, body } = await server.ask('PATCH', path, { spec: { metrics, behavior } }, { type: 'application/merge-patch+json' })
    expect(code, body.message).toBe(200)
    const policies = await policiesOf()
    expect(policies.map(({ metric, target, pods }) => [metric, target, pods?.unit, pods?.container ?? pods?.at])).toEqual([
      ['cpu', 0.5, 'cores', undefined],
      ['cpu', 70, 'percent', 'bare'],
      ['requests', 2000, 'all', 'Ingress main'],
      ['queue', 30, 'each', 'an external source'],
    ])
    expect(policies[0]?.pods?.pace).toMatchObject({
      out: { window: 0, tolerance: 0.05, limits: [{ by: 'pods', value: 4 }, { value: 100 }] },
      in: { select: 'none' },
    })
    // How long the controller waits by itself stands in its flags, which nobody can read.
    expect(policies[0]?.pods?.pace?.in).not.toHaveProperty('window')
  })

  test('tells what is requested for a whole pod', async () => {
    const [labels, resources] = [{ app: 'whole' }, { requests: { cpu: '500m', memory: '1Gi' }, limits: { cpu: '1', memory: '1Gi' } }]
    const template = {
      metadata: { labels },
      spec: {
        resources,
        containers: [
          { name: 'a', image: 'example/a:1' },
          { name: 'b', image: 'example/b:1' },
        ],
      },
    }
    await server.make(named('apps/v1', 'Deployment', 'whole', { spec: { replicas: 0, selector: { matchLabels: labels }, template } }))
    expect(await read(reader, { name: 'whole' })).toMatchObject({
      size: { vcpu: 0.5, gigabytes: 1 },
      limits: { vcpu: 1, gigabytes: 1 },
      startUps: [],
      policies: [],
    })
  })

  test('tells ScaledObjects in pages where KEDA is installed, and only then its autoscaler is KEDA', async () => {
    await server.make(scaledObjectDefinition)
    const another = (index: number): Thing => written(aScaledObject, { scaleTargetRef: { name: `other-${index}` } })
    const others = Array.from({ length: 120 }, (_, index) => ({ ...another(index), metadata: { name: `other-${index}`, namespace } }))
    await expect
      .poll(async () => (await server.ask('POST', '/apis/keda.sh/v1alpha1/namespaces/shop/scaledobjects', others[0])).code, { timeout: 20_000 })
      .toBe(201)
    await Promise.all(others.slice(1).map(server.make))
    await server.make(written(aScaledObject))
    await server.make({ ...written(scaler, { minReplicas: 3 }), metadata: { name: 'keda-hpa-web', namespace } })
    expect(await read(reader)).toMatchObject({
      instances: { minimum: 1, maximum: 20 },
      policies: [{ name: 'web', type: 'keda', metric: 'prometheus', target: 40 }],
      schedules: [{ name: 'web', expression: '0 18 * * 5 to 0 23 * * 5, Europe/Berlin', minimum: 12 }],
    })
  })

  describe('that is not to be had', () => {
    test('a name that is not there', async () => {
      await expect(read(reader, { name: 'wbe' })).rejects.toThrow(`${server.url} knows no deployments "wbe" in namespace shop (404).`)
    })

    test('a token that has ended, and one that never was', async () => {
      const refusal = `${server.url} takes no credentials of this context (401 to get deployments "web" in namespace shop).`
      await expect(read(server.expired(reader))).rejects.toThrow(refusal)
      await expect(read('an-old-token')).rejects.toThrow(refusal)
    })

    test('a context that is not there, and one that leads nowhere', async () => {
      await expect(read(reader, { context: 'prod' })).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringContaining('Its contexts are tests, nowhere.'),
      })
      await expect(read(reader, { context: 'nowhere' })).rejects.toThrow("https://127.0.0.1:1 can't be reached (ECONNREFUSED")
    })

    test('a server with a certificate of somebody else', async () => {
      await expect(read(reader, { authority: '' })).rejects.toThrow(`${server.url} can't be reached (`)
    })

    test('a server that is down', async () => {
      await server.stop()
      await expect(read(reader)).rejects.toThrow(`${server.url} can't be reached (ECONNREFUSED, to get deployments "web" in namespace shop)`)
    })
  })
})

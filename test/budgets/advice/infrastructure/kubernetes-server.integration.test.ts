/** What is written for Kubernetes and KEDA, as a real API server takes it: tried by it, strictly, and not kept. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import type { Artefact, Writer } from '../../../../budgets/advice/infrastructure/artefact.ts'
import { horizontalPodAutoscaler } from '../../../../budgets/advice/infrastructure/hpa.ts'
import { keda } from '../../../../budgets/advice/infrastructure/keda.ts'
import type { Recommendation } from '../../../../budgets/advice/recommendation.ts'
import { quantityOf } from '../../../../runner/deployments/kubernetes/quantity.ts'
import { situationsOnKubernetes } from '../../../support/alerts.ts'
import { scaledObjectDefinition } from '../../../support/keda.ts'
import type { Thing } from '../../../support/kubernetes-endpoint.ts'
import { type Answer, hasKubernetesServer, type KubernetesServer, pathOf, startKubernetesServer } from '../../../support/kubernetes-server.ts'

const tried = { dryRun: 'All', fieldValidation: 'Strict' }
const merging = 'application/strategic-merge-patch+json'
const usual = 'default' // namespace of what says none

const written = (writer: Writer, recommendation: Recommendation | undefined): readonly Artefact[] => {
  const artefacts = writer(recommendation as Recommendation)
  if ('because' in artefacts) throw new Error(artefacts.because)
  return artefacts
}
const files = (
  [
    ['hpa', horizontalPodAutoscaler],
    ['keda', keda],
  ] as const
).flatMap(([format, writer]) =>
  Object.entries(situationsOnKubernetes).flatMap(([situation, recommendation]) =>
    written(writer, recommendation).map(({ file, text }) => ({ name: `${situation}, ${format}: ${file}`, file, text })),
  ),
)
const objects = files.filter(({ file }) => file !== 'resources-patch.yaml')
const patches = files.filter(({ name, file }) => file === 'resources-patch.yaml' && name.includes('hpa'))

let server: KubernetesServer

/** As kubectl does, which puts what names no namespace into the usual one. */
const make = (thing: Thing): Promise<Answer> => {
  const there = { ...thing, metadata: { namespace: usual, ...thing.metadata } }
  return server.ask('POST', pathOf(there), there, { query: tried })
}

/** A Deployment that requests something else, as kubectl patch finds it. */
const aDeployment = (namespace: string, name: string): Thing => {
  const [labels, resources] = [{ app: 'shop' }, { requests: { cpu: '100m' }, limits: { cpu: '2', memory: '4Gi' } }]
  const containers = [
    { name: 'main', image: 'example/shop:1', resources },
    { name: 'log', image: 'example/log:1' },
  ]
  const spec = { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } }
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace, name }, spec }
}

/** A server writes 1024Mi as 1Gi. */
const plain = ({ requests, limits }: Thing): unknown => [requests, limits].map(({ cpu, memory }: Thing) => [quantityOf(cpu), quantityOf(memory)])

describe.skipIf(!hasKubernetesServer)('a real API server', () => {
  beforeAll(async () => {
    server = await startKubernetesServer()
    const namespaces = new Set(objects.flatMap(({ text }) => parse(text).metadata.namespace ?? []))
    for (const name of namespaces) await server.make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    await server.make(scaledObjectDefinition)
    const sample = parse(objects.find(({ file }) => file === 'scaled-object.yaml')?.text ?? '')
    await vi.waitFor(async () => expect((await make(sample)).code).toBe(201), { timeout: 20_000, interval: 100 })
  }, 150_000)
  afterAll(() => server?.stop())

  test.each(objects)('takes $name', async ({ text }) => {
    expect(await make(parse(text))).toMatchObject({ code: 201 })
  })

  test.each(patches)('takes $name', async ({ text }) => {
    const [, name = '', , namespace = usual] = /kubectl patch deployment (\S+)( --namespace (\S+))?/.exec(text.replace(/\n# /g, ' ')) ?? []
    const path = pathOf(aDeployment(namespace, name))
    const { code } = await server.ask('POST', path, aDeployment(namespace, name))
    expect([201, 409]).toContain(code)
    // The container's name is the one thing that the file says is to be filled in.
    const patch = parse(text.replace(/(containers:\n\s+- name: ).*/, '$1main'))
    const { code: taken, body } = await server.ask('PATCH', `${path}/${name}`, patch, { query: tried, type: merging })
    expect({ code: taken, message: body.message }).toEqual({ code: 200 })
    const [main, log] = body.spec.template.spec.containers
    expect(main.image).toBe('example/shop:1')
    expect(plain(main.resources)).toEqual(plain(patch.spec.template.spec.containers[0].resources))
    expect(log.name).toBe('log')
  })

  test('refuses a patch whose container nobody has named, and adds none', async () => {
    const { text = '' } = patches.find(({ name }) => name.startsWith('size only')) ?? {}
    const path = pathOf(aDeployment(usual, 'unnamed'))
    expect((await server.ask('POST', path, aDeployment(usual, 'unnamed'))).code).toBe(201)
    const { code, body } = await server.ask('PATCH', `${path}/unnamed`, parse(text), { query: tried, type: merging })
    expect(code).toBe(422)
    expect(body.message).toContain('spec.template.spec.containers[0].image: Required value')
  })

  test.each([
    ['hpa', 'a field that there is none of', 'minReplicas:', 'minReplica:', 'unknown field "spec.minReplica"'],
    ['hpa', 'a wrong type', 'maxReplicas: 13', 'maxReplicas: many', 'cannot unmarshal'],
    ['hpa', 'more at least than at most', 'minReplicas: 4', 'minReplicas: 40', 'must be greater than or equal to `minReplicas`'],
    ['hpa', 'a window of two hours', 'stabilizationWindowSeconds: 300', 'stabilizationWindowSeconds: 7200', 'must be less than or equal to 3600'],
    ['hpa', 'a name with capitals', 'name: web.front', 'name: Web_Front', 'RFC 1123'],
    ['keda', 'a field that there is none of', 'pollingInterval:', 'pollInterval:', 'unknown field "spec.pollInterval"'],
    ['keda', 'a number as the value of a trigger', 'value: "50"', 'value: 50', 'must be of type string'],
    ['keda', 'more at least than at most', 'minReplicaCount: 4', 'minReplicaCount: 40', 'minReplicaCount must be less than or equal to maxReplicaCount'],
    ['keda', 'no look at all', 'pollingInterval: 30', 'pollingInterval: 0', 'should be greater than or equal to 1'],
  ])('refuses, as %s, %s', async (format, _, from, to, words) => {
    const whole = files.find(({ name }) => name.startsWith(`cpu target and size, ${format}`))?.text ?? ''
    expect(whole).toContain(from)
    const { code, body } = await make(parse(whole.replaceAll(from, to)))
    expect([400, 422]).toContain(code)
    expect(body.message).toContain(words)
  })
})

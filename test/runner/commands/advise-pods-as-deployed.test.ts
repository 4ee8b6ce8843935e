import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { aPod } from '../../support/a-pod.ts'
import { aServiceBroken, aServiceRun } from '../../support/a-service.ts'
import { saveRuns } from '../../support/a-store.ts'
import { type KubernetesEndpoint, kubeconfigFor, startKubernetes, type Thing } from '../../support/kubernetes-endpoint.ts'
import { perfHere } from '../../support/perf-here.ts'
// Loaded with this file: several hundred modules, which are not to count as its first test's time.
import '../../../runner/commands/advise.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-pods-as-deployed-'))
let endpoint: KubernetesEndpoint
let [deployment, scaler]: Thing[] = []

/** One container that requests a core, as was measured, and CPU at 60 % of it with two pods more a minute at most. */
beforeAll(async () => {
  const things: Thing[] = parseAllDocuments(readFileSync(new URL('../../fixtures/kubernetes/web.yaml', import.meta.url), 'utf8')).map((each) => each.toJS())
  const { spec } = things[0].spec.template
  delete spec.initContainers
  spec.containers = [{ name: 'web', image: 'example/web:1', resources: { requests: { cpu: '1', memory: '2Gi' } } }]
  things[1].spec.metrics.splice(1)
  things[1].spec.behavior.scaleUp = { stabilizationWindowSeconds: 60, policies: [{ type: 'Pods', value: 2, periodSeconds: 60 }] }
  endpoint = await startKubernetes([...things, aPod({ name: 'web-7d4b9c-0', ready: '2026-11-21T10:00:40Z' }, things[0].spec.template)])
  deployment = endpoint.things[0]
  scaler = endpoint.things[1]
  writeFileSync(join(cwd, 'kubeconfig'), kubeconfigFor(endpoint.url))
  vi.stubEnv('KUBECONFIG', join(cwd, 'kubeconfig'))
  await saveRuns(cwd, [aServiceBroken(), aServiceRun('calm', 'baseline', [[40, 120]])])
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await endpoint.stop()
  rmSync(cwd, { recursive: true, force: true })
})

const advise = async () => {
  const argv = ['advise', '2026-01-02-breakpoint', 'calm', '--rate', '60/s', '--expect', '400/s', '--kubernetes', 'shop/web']
  const { stdout } = await perfHere(argv, { cwd })
  return { stdout, prose: stdout.replace(/\s+/g, ' ') }
}

test('an autoscaler too slow for the rise is played beside the recommended one', async () => {
  const { stdout, prose } = await advise()
  expect(prose).toContain(
    'Scaled by cpu at 60 % of what a pod requests (web-scaler) - Out: at most 2 pods in 60 s, to the lowest wish of 60 s - In: at most 100 % in 15 s, to the highest wish of 300 s',
  )
  expect(prose).toMatch(/As now Waits up to [\d,.]+ s; [\d,]+ arrivals \([\d.]+ %\) wait longer than 0\.5 s\./)
  expect(prose).toContain('Advised Nobody waits.')
  // 15 s of the metric, 10 to 30 s until it is seen, a window of 60 s, 40 s to start.
  expect(prose).toContain('From the rise until there is more capacity it takes 125 to 160 s, by its window and the periods that Kubernetes documents.')
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('without a request its use is unknown, with what to set', async () => {
  const [container] = deployment.spec.template.spec.containers
  const { resources } = container
  endpoint.things.splice(2)
  container.resources = { requests: { memory: '2Gi' } }
  const { prose } = await advise()
  container.resources = resources
  expect(prose).toContain(
    'As now Unknown. cpu of web-scaler is not played, because its target is a share of the CPU that is requested, and container web requests none (set resources.requests.cpu',
  )
})

test('a metric of its own is not played, and says why', async () => {
  const { metrics } = scaler.spec
  scaler.spec.metrics = [{ type: 'External', external: { metric: { name: 'queue_depth' }, target: { type: 'Value', value: '2k' } } }]
  const { prose } = await advise()
  scaler.spec.metrics = metrics
  expect(prose).toContain('Scaled by queue_depth of an external source at 2,000 in all (web-scaler)')
  expect(prose).toContain('As now Unknown. queue_depth of web-scaler is not played, because what it will be under this load is not known.')
})

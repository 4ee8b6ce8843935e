import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { aPod } from '../../support/a-pod.ts'
import { aRun } from '../../support/a-run.ts'
import { saveRuns } from '../../support/a-store.ts'
import { type KubernetesEndpoint, kubeconfigFor, startKubernetes, type Thing } from '../../support/kubernetes-endpoint.ts'
import { perfHere } from '../../support/perf-here.ts'
// Loaded with this file: several hundred modules, which are not to count as its first test's time.
import '../../../runner/commands/advise.ts'

const cwd = mkdtempSync(join(tmpdir(), 'perf-advise-kubernetes-'))
const before = process.env.KUBECONFIG
let endpoint: KubernetesEndpoint

beforeAll(async () => {
  const things: Thing[] = parseAllDocuments(readFileSync(new URL('../../fixtures/kubernetes/web.yaml', import.meta.url), 'utf8')).map((each) => each.toJS())
  const template = things[0].spec.template
  const pods = ['2026-11-21T10:00:31Z', '2026-11-21T10:00:40Z'].map((ready, index) => aPod({ name: `web-7d4b9c-${index}`, ready }, template))
  endpoint = await startKubernetes([...things, ...pods])
  writeFileSync(join(cwd, 'kubeconfig'), kubeconfigFor(endpoint.url))
  process.env.KUBECONFIG = join(cwd, 'kubeconfig')
  await saveRuns(cwd, [aRun({ id: 'broken', test: 'breakpoint' })])
})
afterAll(async () => {
  if (before === undefined) delete process.env.KUBECONFIG
  else process.env.KUBECONFIG = before
  await endpoint.stop()
  rmSync(cwd, { recursive: true, force: true })
})

const expected = ['--rate', '20/s', '--expect', '500/s']

test('the cluster is named first, and the slowest start of a pod is what scaling has to wait for', async () => {
  const { code, stdout, stderr } = await perfHere(['advise', 'broken', ...expected, '--kubernetes', 'shop/web'], { cwd })
  expect(code).toBe(0)
  expect(stderr.split('\n')[0]).toBe(`Kubernetes context tests at ${endpoint.url}, namespace shop, deployment web; it is read, and not changed.`)
  expect(stdout.slice(0, stdout.indexOf('\n\n'))).toBe(
    [
      'As deployed: shop/web, context tests',
      '  Size       0.4 vCPU, 0.625 GB, arm',
      '  Instances  3 wanted, 3 running; 2 at least, 10 at most',
      '  Scaled by  cpu at 60 % of what a pod requests (web-scaler)',
      '  Scaled by  http_requests_per_second at 40.5 a pod (web-scaler)',
      '    - Out: at most 4 pods or 100 % in 15 s, whichever is more',
      '    - In: at most 100 % in 15 s, to the highest wish of 300 s',
      '  Start-up   40 s: the slowest of 2 starts (31 to 40 s from when a pod was made',
      '             until it was ready).',
    ].join('\n'),
  )
  // Without --start-up there is a target all the same.
  expect(stdout).not.toContain('the time until a new instance is in service was not measured')
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
})

test('what is deployed stands in the recommendation', async () => {
  const { stdout } = await perfHere(['advise', 'broken', ...expected, '--kubernetes', 'shop/web', '--json'], { cwd })
  expect(JSON.parse(stdout)).toMatchObject({
    deployment: { kind: 'kubernetes', context: 'tests', namespace: 'shop', deployment: 'web' },
    now: { instances: 3, minimum: 2, maximum: 10, size: { vcpu: 0.4, gigabytes: 0.625 } },
  })
})

test.each([
  [['--kubernetes', 'web'], '--kubernetes "web" names no deployment.'],
  [['--kubernetes', 'shop/web/1'], '--kubernetes "shop/web/1" names no deployment.'],
  [['--context', 'tests'], '--context names a cluster, and no deployment in it.'],
])('%j is refused as usage', async (argv, words) => {
  const { code, stderr } = await perfHere(['advise', 'broken', ...expected, ...argv], { cwd })
  expect(code).toBe(2)
  expect(stderr).toContain(words)
})

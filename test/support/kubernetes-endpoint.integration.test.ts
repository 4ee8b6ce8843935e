import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { aPod, aRescale } from './a-pod.ts'
import type { Thing } from './kubernetes-endpoint.ts'
import { hasKubernetesValidate, pathWithPython } from './python.ts'

const folder = mkdtempSync(join(tmpdir(), 'perf-kubernetes-objects-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const fixture: Thing[] = parseAllDocuments(readFileSync(new URL('../fixtures/kubernetes/web.yaml', import.meta.url), 'utf8')).map((each) => each.toJS())

describe.skipIf(!hasKubernetesValidate)('what the endpoint tells, by the published schemas of Kubernetes', () => {
  const validate = (things: readonly Thing[]) => {
    // JSON: a moment without quotes is a date to YAML, and no string.
    const file = join(folder, 'objects.yaml')
    writeFileSync(file, things.map((thing) => JSON.stringify(thing)).join('\n---\n'))
    return execa('kubernetes-validate', ['--strict', file], { reject: false, all: true, env: { PATH: pathWithPython } })
  }

  test('a Deployment, its autoscalers, pods and events are as an API server tells them', async () => {
    const pods = [aPod({ name: 'a', ready: '2026-11-21T10:00:31Z', restarts: 1 }, fixture[0].spec.template), aPod({ name: 'b' }, fixture[0].spec.template)]
    const { exitCode, all } = await validate([...fixture, ...pods, aRescale('web-scaler.1', 5, '2026-11-21T10:19:58Z', '2026-11-21T10:40:00Z')])
    expect(all).not.toMatch(/ERROR|unknown/i)
    expect(exitCode).toBe(0)
  })

  test('and one that is not would be told', async () => {
    const wrong = structuredClone(fixture)
    wrong[1].spec.maxReplicaz = wrong[1].spec.maxReplicas
    expect((await validate(wrong)).exitCode).not.toBe(0)
  })
})

/** What is written for Kubernetes, as kubernetes-validate takes it. */
import { describe, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { horizontalPodAutoscaler } from '../../../../budgets/advice/infrastructure/hpa.ts'
import { askValidators } from '../../../../runner/validators/index.ts'
import { situationsOnKubernetes } from '../../../support/alerts.ts'
import { hasKubernetesValidate, pathWithPython } from '../../../support/python.ts'

const world = { env: { ...process.env, PATH: pathWithPython }, cwd: process.cwd() }

/** A Deployment that has nothing but what the patch says, as Kubernetes would have it after patching. */
const patched = (text: string): string => {
  const { containers } = parse(text).spec.template.spec
  const labels = { app: 'shop' }
  const template = { metadata: { labels }, spec: { containers: containers.map((each: object) => ({ image: 'shop', ...each })) } }
  return stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'shop' }, spec: { selector: { matchLabels: labels }, template } })
}

const files = Object.values(situationsOnKubernetes).flatMap((recommendation, at) => {
  const artefacts = horizontalPodAutoscaler(recommendation)
  if ('because' in artefacts) throw new Error(artefacts.because)
  return artefacts.map(({ file, text }) => ({
    file: `${at}-${file}`,
    text: file.startsWith('resources') ? patched(text) : text,
    validators: ['kubernetes-validate'] as const,
  }))
})

describe.skipIf(!hasKubernetesValidate)('kubernetes-validate', () => {
  test('accepts every autoscaler, and a Deployment with the patch', async () => {
    expect(files.length).toBeGreaterThan(Object.keys(situationsOnKubernetes).length)
    expect(await askValidators(files, world)).toEqual([{ validator: 'kubernetes-validate', outcome: { state: 'accepted' } }])
  }, 60_000)

  test.each([
    ['a field that there is none of', 'minReplicas:', 'minReplica:'],
    ['a wrong type', /maxReplicas: \d+/g, 'maxReplicas: many'],
  ])(
    'refuses %s',
    async (_, from, to) => {
      const [first] = files
      const text = first?.text.replaceAll(from, to) ?? ''
      expect(text).not.toBe(first?.text)
      expect(await askValidators([{ file: 'a.yaml', text, validators: ['kubernetes-validate'] }], world)).toMatchObject([{ outcome: { state: 'refused' } }])
    },
    60_000,
  )
})

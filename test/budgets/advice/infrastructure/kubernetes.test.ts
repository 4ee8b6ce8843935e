/** What is written for Kubernetes, held against what schemas do not see. */
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Artefact, Writer } from '../../../../budgets/advice/infrastructure/artefact.ts'
import { horizontalPodAutoscaler } from '../../../../budgets/advice/infrastructure/hpa.ts'
import { cronOf } from '../../../../budgets/advice/infrastructure/keda/schedule.ts'
import { keda } from '../../../../budgets/advice/infrastructure/keda.ts'
import type { Recommendation } from '../../../../budgets/advice/recommendation.ts'
import { aRecommendation, aScaling } from '../../../support/a-recommendation.ts'
import { onKubernetes, situationsOnKubernetes } from '../../../support/alerts.ts'

const written = (writer: Writer, recommendation: Recommendation): readonly Artefact[] => {
  const artefacts = writer(recommendation)
  if ('because' in artefacts) throw new Error(artefacts.because)
  return artefacts
}
const main = (writer: Writer, recommendation: Recommendation): Artefact => written(writer, recommendation)[0] as Artefact
const wrongIn = ({ wrong, text }: Artefact, change: (text: string) => string = (same) => same): readonly string[] => wrong?.(change(text)) ?? []
const here = aRecommendation({ deployment: onKubernetes })
const withRequests = aRecommendation({ deployment: onKubernetes, scaling: aScaling({ target: { metric: 'requests', value: 32.5 } }) })

describe.each([
  ['hpa', horizontalPodAutoscaler],
  ['keda', keda],
] as const)('--as %s', (_, writer) => {
  test.each(Object.entries(situationsOnKubernetes))('%s: nothing is wrong in it', (__, recommendation) => {
    for (const artefact of written(writer, recommendation)) {
      expect(wrongIn(artefact)).toEqual([])
      expect(parse(artefact.text)).toBeTypeOf('object')
    }
  })

  test.each([
    ['a name with capitals', (text: string) => text.replaceAll('name: web.front', 'name: Web_Front'), 'is no name of Kubernetes'],
    ['more at least than at most', (text: string) => text.replace(/(min\w+): 4\n/, '$1: 40\n'), "can't both be"],
  ])('%s is caught', (__, change, words) => {
    expect(wrongIn(main(writer, here), change).join(' ')).toContain(words)
  })

  test('requests and limits are those of the size that was measured, alike', () => {
    const patch = written(writer, here).find(({ file }) => file === 'resources-patch.yaml')
    const { containers } = parse(patch?.text ?? '').spec.template.spec
    expect(containers).toEqual([{ name: 'web.front', resources: { requests: { cpu: '500m', memory: '1024Mi' }, limits: { cpu: '500m', memory: '1024Mi' } } }])
  })

  test('what is deployed on ECS is refused with the format to take', () => {
    expect(writer(aRecommendation())).toMatchObject({ declined: true, because: expect.stringContaining('--as terraform') })
  })

  test('nothing recommended is nothing written, with the reasons', () => {
    expect(writer(aRecommendation({ deployment: undefined, scaling: undefined, size: undefined, declined: ['Not measured.'] }))).toMatchObject({
      because: expect.stringContaining('Not measured.'),
    })
  })
})

describe('where it was read what is there', () => {
  const deployment = { ...onKubernetes, autoscaler: { kind: 'HorizontalPodAutoscaler', name: 'web-scaler' }, container: 'node' } as const
  const plainly = (writer: Writer): string => main(writer, { ...here, deployment }).text.replace(/\n# /g, ' ')

  test('an autoscaler of the same kind is replaced by its name, for two of a Deployment stop each other', () => {
    expect(parse(plainly(horizontalPodAutoscaler))).toMatchObject({ metadata: { name: 'web-scaler' }, spec: { scaleTargetRef: { name: 'web.front' } } })
    expect(plainly(horizontalPodAutoscaler)).toContain('the HorizontalPodAutoscaler that is there, which it replaces.')
  })

  test('one of another kind is to be deleted, by the command that does it', () => {
    expect(parse(plainly(keda)).metadata.name).toBe('web.front')
    expect(plainly(keda)).toContain('kubectl delete horizontalpodautoscaler web-scaler --namespace shop.')
  })

  test('the only container of its pods is the one that the patch changes', () => {
    const patch = written(keda, { ...here, deployment }).find(({ file }) => file === 'resources-patch.yaml')?.text ?? ''
    expect(parse(patch).spec.template.spec.containers[0].name).toBe('node')
    expect(patch).not.toContain('in place of')
  })
})

describe('a HorizontalPodAutoscaler', () => {
  test('a share of the CPU needs a request: where the Deployment has none, it is refused', () => {
    const { now: _, ...rest } = aRecommendation({ deployment: onKubernetes, size: undefined })
    expect(wrongIn(main(horizontalPodAutoscaler, rest)).join()).toContain('those of web.front request none')
  })

  test('a target beyond 100 % is caught', () => {
    expect(wrongIn(main(horizontalPodAutoscaler, here), (text) => text.replace('averageUtilization: 50', 'averageUtilization: 150')).join()).toContain(
      'A target of 150 %',
    )
  })

  test('a requests target is in thousandths, and its metric is said to be assumed', () => {
    const { text } = main(horizontalPodAutoscaler, withRequests)
    expect(parse(text).spec.metrics[0].pods.target.averageValue).toBe('32500m')
    expect(text.replace(/\n# /g, ' ')).toContain('Its name is assumed: correct it.')
  })

  test('a schedule is told to be missing', () => {
    const scaling = aScaling({ scheduled: [{ name: 'sale', from: '2026-11-27T07:00:00Z', minimum: 13, maximum: 20 }] })
    expect(main(horizontalPodAutoscaler, { ...here, scaling }).text.replace(/\n# /g, ' ')).toContain('knows no schedule; --as keda does')
  })
})

describe('a ScaledObject', () => {
  test('a schedule becomes a cron trigger, and raises the maximum', () => {
    const scaling = aScaling({ scheduled: [{ name: 'sale', from: '2026-11-27T08:00:00+01:00', until: '2026-11-27T23:30:00+01:00', minimum: 13, maximum: 20 }] })
    const { text } = main(keda, { ...here, scaling })
    expect(parse(text).spec).toMatchObject({
      maxReplicaCount: 20,
      triggers: [{ type: 'cpu' }, { type: 'cron', metadata: { timezone: 'UTC', start: '0 7 27 11 *', end: '30 22 27 11 *', desiredReplicas: '13' } }],
    })
    expect(text.replace(/\n# /g, ' ')).toContain('Cron has no years')
  })

  test.each([
    ['45 7 * * 1-5', '45 7 * * 1-5'],
    ['cron(45 7 * * 1-5)', '45 7 * * 1-5'],
    ['2026-11-27T07:00:00', '0 7 27 11 *'],
    ['45 7 ? * MON-FRI *', undefined],
    ['soon', undefined],
    ['2026-13-40T00:00:00Z', undefined],
  ])('%s is %s in cron', (moment, cron) => {
    expect(cronOf(moment)).toBe(cron)
  })

  test('the autoscaler that KEDA makes has nine characters more in its name than it, and a name has 63 at most', () => {
    const deployment = { ...onKubernetes, deployment: `${'a'.repeat(53)}-front` }
    const { text } = main(keda, { ...here, deployment })
    expect(parse(text)).toMatchObject({ metadata: { name: 'a'.repeat(53) }, spec: { scaleTargetRef: { name: deployment.deployment } } })
    expect(wrongIn(main(keda, here), (whole) => whole.replace('name: web.front', `name: ${'a'.repeat(55)}`)).join()).toContain('KEDA takes 54 at most')
  })

  test('a schedule without length is caught', () => {
    const scaling = aScaling({ scheduled: [{ name: 'sale', from: '0 7 * * *', until: '0 7 * * *', minimum: 13, maximum: 20 }] })
    expect(wrongIn(main(keda, { ...here, scaling })).join()).toContain('A schedule begins and ends at 0 7 * * *.')
  })

  test('a query has a number to fall back to, a share of CPU has none, as KEDA has it', () => {
    expect(parse(main(keda, withRequests).text).spec.fallback).toEqual({ failureThreshold: 3, replicas: 9 })
    expect(parse(main(keda, here).text).spec.fallback).toBeUndefined()
    const fallback = (text: string): string => text.replace('  pollingInterval', '  fallback:\n    failureThreshold: 3\n    replicas: 4\n  pollingInterval')
    expect(wrongIn(main(keda, here), fallback).join()).toContain('KEDA has none for triggers of CPU')
  })

  test.each([
    ['a field that it does not have', 'pollingInterval', 'pollInterval'],
    ['a number that is no string', 'value: "50"', 'value: 50'],
    ['a trigger that it does not know', 'type: cpu', 'type: cpus'],
    ['another kind', 'kind: ScaledObject', 'kind: ScaledJob'],
    ['half a percent of the CPU', 'value: "50"', 'value: "50.5"'],
  ])('%s is caught', (_, from, to) => {
    expect(main(keda, here).text).toContain(from)
    expect(wrongIn(main(keda, here), (text) => text.replace(from, to)).join()).toContain('The ScaledObject is none')
  })
})

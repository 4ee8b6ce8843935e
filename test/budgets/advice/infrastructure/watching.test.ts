/** Files of the formats that watch. `UPDATE_GOLDEN=1` renews the golden ones; then read the difference as the one who is woken by them. */
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Artefact } from '../../../../budgets/advice/infrastructure/artefact.ts'
import { type Format, writers } from '../../../../budgets/advice/infrastructure/index.ts'
import type { Recommendation } from '../../../../budgets/advice/recommendation.ts'
import { expectGoldenIn } from '../../../reports/support/golden.ts'
import { aScaling } from '../../../support/a-recommendation.ts'
import { situationsOnKubernetes, watchedSituations } from '../../../support/alerts.ts'

const written = (format: Format, recommendation: Recommendation): readonly Artefact[] => {
  const artefacts = writers[format](recommendation)
  if ('because' in artefacts) throw new Error(artefacts.because)
  return artefacts
}
const of = (name: string): Recommendation => watchedSituations[name] as Recommendation
const onKubernetes = of('on Kubernetes')
const scheduled = { ...onKubernetes, scaling: situationsOnKubernetes['scheduled and size']?.scaling ?? aScaling() }
const requests = { ...onKubernetes, scaling: aScaling({ target: { metric: 'requests', value: 32.5 } }) }

test.each([
  ['prometheus-rules', 'on-Kubernetes', onKubernetes],
  ['prometheus-rules', 'own-queries', of('the probe’s own queries')],
  ['cloudwatch-alarms', 'on-ECS', of('on ECS')],
  ['grafana', 'on-Kubernetes', onKubernetes],
  ['hpa', 'scheduled', scheduled],
  ['keda', 'scheduled', scheduled],
  ['keda', 'requests', requests],
] as const)('%s, %s, as it was read last', (format, name, recommendation) => {
  for (const { file, text } of written(format, recommendation)) expectGoldenIn('infrastructure', `${format}/${name}/${file}`, text)
})

describe('what Grafana takes', () => {
  const [dashboard, alerts] = written('grafana', onKubernetes) as [Artefact, Artefact]
  const broken = ({ wrong, text }: Artefact, from: string | RegExp, to: string): string => {
    expect(text).toMatch(from)
    return (wrong?.(text.replace(from, to)) ?? []).join(' ')
  }

  test.each(Object.keys(watchedSituations))('%s: nothing is wrong in it', (name) => {
    for (const { text, wrong } of written('grafana', of(name))) expect(wrong?.(text)).toEqual([])
  })

  test('each panel has the thresholds of its alert as lines', () => {
    const { panels } = JSON.parse(dashboard.text)
    const cpu = panels.find(({ title }: { title: string }) => title === 'CPU')
    expect(cpu.fieldConfig.defaults.thresholds.steps.map(({ value }: { value: number | null }) => value)).toEqual([null, 0.643, 0.726])
    expect(cpu.fieldConfig.defaults.custom.thresholdsStyle).toEqual({ mode: 'line' })
    expect(cpu.targets[0].datasource.uid).toBe('$datasource')
  })

  test('what Grafana would fill in is written so that it does not', () => {
    const { groups } = parse(written('grafana', of('hostile names'))[1]?.text ?? '')
    for (const { labels, annotations } of groups[0].rules) {
      expect(labels.service).toContain('$$(touch x)')
      expect(annotations.because).toContain('{{ "{{" }}i}}')
    }
  })

  test.each([
    ['thresholds that do not rise', /"value": 0.643/, '"value": 0.843', 'do not rise'],
    ['a panel that is there twice', /"id": 3/, '"id": 2', 'Panel 2 is there twice'],
    ['a kind of panel that perf does not write', /"type": "timeseries"/, '"type": "timesries"', 'The dashboard is none'],
    ['a panel beyond the edge', /"x": 12/, '"x": 20', 'beyond the 24 columns'],
  ])('%s in a dashboard is caught', (_, from, to, words) => {
    expect(broken(dashboard, from, to)).toContain(words)
  })

  test.each([
    ['a rule that decides by nothing', 'condition: C', 'condition: B', 'decides by B'],
    ['a name that a rule has not', 'noDataState:', 'noData:', 'Unrecognized key: "noData"'],
    ['a length of time without a unit', 'for: 180s', 'for: 180', 'provisioned alerts are none'],
    ['a rule that is there twice', /uid: (\S+)-1-crit/, 'uid: $1-1-warn', 'is there twice'],
  ])('%s in the alerts is caught', (_, from, to, words) => {
    expect(broken(alerts, from, to)).toContain(words)
  })
})

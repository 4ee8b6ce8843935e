import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { cloudwatchAlarms } from '../../../../budgets/advice/infrastructure/cloudwatch-alarms.ts'
import type { Recommendation } from '../../../../budgets/advice/recommendation.ts'
import { aRecommendation } from '../../../support/a-recommendation.ts'
import { onKubernetes, watchedSituations } from '../../../support/alerts.ts'

const onEcs = watchedSituations['on ECS'] as Recommendation
const written = (recommendation: Recommendation): { readonly text: string; readonly template: ReturnType<typeof parse> } => {
  const artefacts = cloudwatchAlarms(recommendation)
  if ('because' in artefacts) throw new Error(artefacts.because)
  const text = artefacts[0]?.text ?? ''
  return { text, template: parse(text) }
}
const of = (name: string): Record<string, unknown> => written(onEcs).template.Resources[name].Properties

describe('alarms of CloudWatch', () => {
  test('thresholds are in its own units: percent, requests for each target and minute, seconds', () => {
    expect(of('CPUWarning')).toMatchObject({ MetricName: 'CPUUtilization', Threshold: 64.3, Statistic: 'Average' })
    expect(of('CPUCritical').Threshold).toBe(72.6)
    // 87.5 % of 80/s.
    expect(of('CapacityInUseCritical')).toMatchObject({ MetricName: 'RequestCountPerTarget', Statistic: 'Sum', Threshold: 4200 })
    expect(of('ResponseTimeCritical')).toMatchObject({ ExtendedStatistic: 'p95', Threshold: 0.18 })
    expect(of('ConnectionsOfDbWarning')).toMatchObject({ MetricName: 'DatabaseConnections', Threshold: 77.6 })
    expect(of('InstancesAtMaximumCritical')).toMatchObject({ ComparisonOperator: 'GreaterThanOrEqualToThreshold', Threshold: 13 })
    expect(of('ErrorsCritical')).toMatchObject({ Threshold: 1, TreatMissingData: 'notBreaching' })
  })

  test('each must last as long as the alert, in whole minutes', () => {
    expect(of('CPUWarning')).toMatchObject({ Period: 60, EvaluationPeriods: 3, DatapointsToAlarm: 3 })
    expect(of('MemoryWarning').EvaluationPeriods).toBe(1)
  })

  test('only what users are about to feel wakes somebody', () => {
    expect(of('ResponseTimeCritical').AlarmActions).toEqual([{ Ref: 'PagingTopic' }])
    expect(of('ResponseTimeWarning').AlarmActions).toEqual([{ Ref: 'NotifyingTopic' }])
    expect(of('CPUCritical').AlarmActions).toEqual([{ Ref: 'NotifyingTopic' }])
  })

  test('what was not told is a parameter, and nothing else is', () => {
    expect(Object.keys(written(onEcs).template.Parameters)).toEqual(['DatabaseInstance', 'PagingTopic', 'NotifyingTopic'])
    expect(Object.keys(written(watchedSituations['not told where'] as Recommendation).template.Parameters)).toEqual([
      'ClusterName',
      'ServiceName',
      'LoadBalancer',
      'TargetGroup',
      'DatabaseInstance',
      'PagingTopic',
      'NotifyingTopic',
    ])
  })

  test('a queue that CloudWatch does not know is told to be left out', () => {
    const { text, template } = written(onEcs)
    expect(Object.keys(template.Resources)).toHaveLength(14)
    expect(text.replace(/\n# /g, ' ')).toContain('CloudWatch knows the queues of SQS, and it was measured on another.')
  })

  test('two alerts of one name stay two', () => {
    const [first] = onEcs.alerts
    if (first === undefined) throw new Error('There is no alert.')
    expect(Object.keys(written({ ...onEcs, alerts: [first, first] }).template.Resources)).toHaveLength(4)
  })

  test('no alert is nothing written, with the reasons', () => {
    expect(cloudwatchAlarms(aRecommendation({ alerts: [], declined: ['No breakpoint test.'] }))).toMatchObject({
      because: expect.stringContaining('No breakpoint test.'),
    })
    expect(cloudwatchAlarms(aRecommendation({ deployment: onKubernetes }))).toMatchObject({ because: expect.stringContaining('--as prometheus-rules') })
  })
})

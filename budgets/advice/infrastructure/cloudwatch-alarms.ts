/** `--as cloudwatch-alarms`: a CloudFormation template with two alarms for each alert, at its warning and at its critical threshold. */
import { declined } from '../../../runner/stats/few.ts'
import type { Alert, Recommendation } from '../recommendation.ts'
import type { Writer } from './artefact.ts'
import { type Dimensions, type Statistic, type Watched, watchedBy } from './cloudwatch/metrics.ts'
import { oneLine } from './comment.ts'
import { headOf } from './derivation.ts'
import { identifier, label, serviceName } from './names.ts'
import { tagsOf, tagValue } from './tags.ts'
import { yamlText } from './yaml.ts'

const file = 'cloudwatch-alarms.yaml'
const period = 60 // seconds: what ECS and balancers send without extra cost
const longestDescription = 1024 // characters that CloudWatch takes

const longestName = 60 // characters of a name, of which an alarm has several

type Level = 'warning' | 'critical'
const levels: readonly Level[] = ['warning', 'critical']

const described = {
  ClusterName: ['Name of the ECS cluster', '[A-Za-z0-9_-]+'],
  ServiceName: ['Name of the ECS service', '[A-Za-z0-9_-]+'],
  LoadBalancer: ['Full name of the load balancer, the end of its ARN: app/<name>/<id>', 'app/[^/]+/[0-9a-f]+'],
  TargetGroup: ['Full name of the target group, the end of its ARN: targetgroup/<name>/<id>', 'targetgroup/[^/]+/[0-9a-f]+'],
  DatabaseInstance: ['Identifier of the RDS instance', '[A-Za-z0-9-]+'],
  QueueName: ['Name of the SQS queue', '[A-Za-z0-9_.-]+'],
  PagingTopic: ['ARN of the SNS topic that wakes somebody', 'arn:aws[a-z-]*:sns:[^:]+:[0-9]{12}:.+'],
  NotifyingTopic: ['ARN of the SNS topic that somebody reads in the morning', 'arn:aws[a-z-]*:sns:[^:]+:[0-9]{12}:.+'],
} as const
type Parameter = keyof typeof described

const dimensionList = (dimensions: Dimensions): unknown[] => Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))

const statOf = ({ statistic }: Statistic): object => (/^p\d/.test(statistic) ? { ExtendedStatistic: statistic } : { Statistic: statistic })

const measured = (watched: Watched): object => {
  if (watched.kind === 'metric') {
    const { metric } = watched
    return { Namespace: metric.namespace, MetricName: metric.name, Dimensions: dimensionList(metric.dimensions), ...statOf(metric), Period: period }
  }
  const metrics = Object.entries(watched.metrics).map(([Id, { namespace, name, dimensions, statistic }]) => ({
    Id,
    ReturnData: false,
    MetricStat: { Stat: statistic, Period: period, Metric: { Namespace: namespace, MetricName: name, Dimensions: dimensionList(dimensions) } },
  }))
  return { Metrics: [...metrics, { Id: 'share', Label: 'Share of the requests that failed, %', Expression: watched.expression, ReturnData: true }] }
}

/** Who is told: an alarm that users are about to feel wakes somebody. */
const topicOf = ({ severity }: Alert, level: Level): Parameter =>
  level === 'critical' && (severity === 'critical' || severity === 'high') ? 'PagingTopic' : 'NotifyingTopic'

const rounded = (value: number): number => Number(value.toPrecision(4))

const alarmOf = (alert: Alert, level: Level, watched: Watched, name: string, recommendation: Recommendation): unknown => {
  const periods = Math.max(1, Math.ceil(alert.lasting / period))
  const topic = [{ Ref: topicOf(alert, level) }]
  const tags = { ...tagsOf(recommendation), 'perf:severity': alert.severity, 'perf:level': level }
  return {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${label(serviceName(recommendation))}-${name}-${level}`.toLowerCase(),
      AlarmDescription: oneLine(`${alert.severity}: ${alert.name}, ${level}. ${alert.because}`).slice(0, longestDescription),
      ...measured(watched),
      ComparisonOperator: alert.metric === 'instances' ? 'GreaterThanOrEqualToThreshold' : 'GreaterThanThreshold',
      Threshold: rounded((level === 'warning' ? alert.warn : alert.critical) * watched.factor),
      EvaluationPeriods: periods,
      DatapointsToAlarm: periods,
      // Balancers send counts of failures only when there are some.
      TreatMissingData: alert.metric === 'errors' ? 'notBreaching' : 'missing',
      AlarmActions: topic,
      OKActions: topic,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value: tagValue(Value) })),
    },
  }
}

const parametersIn = (resources: unknown): unknown => {
  const used = new Set([...JSON.stringify(resources).matchAll(/\{"Ref":"(\w+)"\}/g)].map(([, name]) => name))
  const given = (Object.keys(described) as Parameter[]).filter((name) => used.has(name))
  return Object.fromEntries(given.map((name) => [name, { Type: 'String', Description: described[name][0], AllowedPattern: described[name][1] }]))
}

/** Names by which two alerts of one name stay two. */
const distinct = (alerts: readonly Alert[]): string[] => {
  const names = alerts.map(({ name }) => identifier(name).slice(0, longestName))
  return names.map((name, at) => (names.indexOf(name) === at ? name : `${name}_${at + 1}`))
}

const logicalId = (name: string, level: Level): string => {
  const words = [...identifier(name).split('_'), level]
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

export const cloudwatchAlarms: Writer = (recommendation) => {
  const { deployment, alerts } = recommendation
  if (deployment?.kind === 'kubernetes')
    return declined(
      `--as cloudwatch-alarms writes for Amazon ECS, and ${oneLine(deployment.deployment)} is deployed on Kubernetes. Write --as prometheus-rules or --as grafana.`,
    )
  const names = distinct(alerts)
  const all = alerts.map((alert, at) => ({ alert, name: names[at] ?? alert.name, watched: watchedBy(alert, recommendation) }))
  const known = all.flatMap(({ watched, ...rest }) => ('without' in watched ? [] : [{ ...rest, watched }]))
  const without = all.flatMap(({ watched }) => ('without' in watched ? [watched.without] : []))
  if (known.length === 0)
    return declined(
      `There is nothing to write as cloudwatch-alarms, because no alert was derived that CloudWatch can watch. ${[...recommendation.declined, ...without].join(' ')}`.trimEnd(),
    )
  const resources = Object.fromEntries(
    known.flatMap(({ alert, name, watched }) =>
      levels.map((level) => [logicalId(name, level), alarmOf(alert, level, watched, name.replaceAll('_', '-'), recommendation)]),
    ),
  )
  const needs = [...new Set(known.flatMap(({ watched }) => (watched.kind === 'metric' ? (watched.needs ?? []) : [])))]
  const head = [
    ...headOf(recommendation, `${file}: alarms whose thresholds were measured.`),
    ...without,
    '',
    'CPU and memory are in percent of what the task reserves, requests for each target and minute, response time in seconds.',
    ...needs,
    'Who deploys it needs cloudwatch:PutMetricAlarm, DeleteAlarms, DescribeAlarms, TagResource and UntagResource. Alarms need no role.',
  ]
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'Alarms of an ECS service, with measured thresholds',
    Parameters: parametersIn(resources),
    Resources: resources,
  }
  return [{ file, text: yamlText(head, template), validators: ['cfn-lint'] }]
}

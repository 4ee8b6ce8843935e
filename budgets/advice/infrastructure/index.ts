/** The formats of `perf advise --as`, by name. */
import type { Writer } from './artefact.ts'
import { awsCli } from './aws-cli.ts'
import { cdk } from './cdk.ts'
import { cloudformation } from './cloudformation.ts'
import { cloudwatchAlarms } from './cloudwatch-alarms.ts'
import { grafana } from './grafana.ts'
import { horizontalPodAutoscaler } from './hpa.ts'
import { keda } from './keda.ts'
import { prometheusRules } from './prometheus-rules.ts'
import { terraform } from './terraform.ts'

export const writers = {
  terraform,
  cloudformation,
  cdk,
  'aws-cli': awsCli,
  hpa: horizontalPodAutoscaler,
  keda,
  'prometheus-rules': prometheusRules,
  'cloudwatch-alarms': cloudwatchAlarms,
  grafana,
} as const satisfies Record<string, Writer>

export type Format = keyof typeof writers

/** Where each is deployed: its autoscaler is the one that must have been played. */
export const platforms: Readonly<Record<Format, 'ecs' | 'kubernetes' | 'any'>> = {
  terraform: 'ecs',
  cloudformation: 'ecs',
  cdk: 'ecs',
  'aws-cli': 'ecs',
  hpa: 'kubernetes',
  keda: 'kubernetes',
  'prometheus-rules': 'any',
  'cloudwatch-alarms': 'any',
  grafana: 'any',
}

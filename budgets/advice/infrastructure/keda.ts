/** `--as keda`: a ScaledObject with the recommended target, scheduled changes as cron triggers, and a number to fall back to. */
import type { Recommendation, RecommendedScaling } from '../recommendation.ts'
import type { Artefact } from './artefact.ts'
import { longestName, wrongInScaledObject } from './check/keda.ts'
import { headOf, reasonsOf } from './derivation.ts'
import { type CronTrigger, cronTriggers } from './keda/schedule.ts'
import { behaviorOf } from './kubernetes/behavior.ts'
import { kubernetesFiles } from './kubernetes/files.ts'
import { autoscalerMetadata, namesToFillIn, type Place, replaced } from './kubernetes/place.ts'
import { label } from './names.ts'
import { requestsQuery, responseTimeQuery } from './prometheus/figures.ts'
import { yamlText } from './yaml.ts'

const kind = 'ScaledObject'
const failures = 3 // polls in a row without an answer before the fallback counts
const polling = 30 // seconds
const address = 'http://prometheus-server.monitoring.svc'

type Trigger = {
  readonly trigger: unknown
  readonly needs: string /** Whether it may have a fallback: CPU and memory may not. */
  readonly isExternal: boolean
}

const prometheus = (query: string, threshold: number, metricType: 'AverageValue' | 'Value', needs: string): Trigger => ({
  trigger: { type: 'prometheus', metricType, metadata: { serverAddress: address, query, threshold: String(Number(threshold.toPrecision(6))) } },
  needs: `${needs} serverAddress is assumed: correct it.`,
  isExternal: true,
})

const triggerOf = ({ target: { metric, value } }: RecommendedScaling, recommendation: Recommendation): Trigger => {
  switch (metric) {
    case 'cpu':
    case 'memory':
      return {
        trigger: { type: metric, metricType: 'Utilization', metadata: { value: String(Math.round(value * 100)) } },
        needs: `The target is a share of what the containers request: each needs a request of ${metric} (resources-patch.yaml), and the cluster metrics-server.`,
        isExternal: false,
      }
    case 'requests': {
      const { expression, assumes } = requestsQuery(recommendation)
      return prometheus(expression, value, 'AverageValue', `The query assumes ${assumes}.`)
    }
    case 'p95': {
      const { expression, assumes } = responseTimeQuery(recommendation)
      return prometheus(expression, value, 'Value', `The query assumes ${assumes}.`)
    }
    case 'queue':
      return prometheus(
        'sum(rabbitmq_queue_messages_ready)',
        value,
        'AverageValue',
        'The query assumes the plug-in rabbitmq_prometheus, and that every queue counts: name yours.',
      )
  }
}

/** KEDA calls the autoscaler that it makes keda-hpa-NAME, and refuses more than 63 characters of that. */
const metadataOf = (place: Place) => {
  const { name, ...rest } = autoscalerMetadata(place, kind)
  return { name: name.length > longestName ? label(name, longestName) : name, ...rest }
}

/** Most that any schedule asks for, or the usual maximum. */
const highest = ({ maximum, scheduled }: RecommendedScaling): number => scheduled.reduce((most, each) => Math.max(most, each.maximum), maximum)

const specOf = (scaling: RecommendedScaling, { deployment }: Place, { trigger, isExternal }: Trigger, crons: readonly CronTrigger[]): unknown => ({
  scaleTargetRef: { name: deployment },
  pollingInterval: polling,
  minReplicaCount: scaling.minimum,
  maxReplicaCount: highest(scaling),
  ...(isExternal && { fallback: { failureThreshold: failures, replicas: Math.max(scaling.minimum, Math.ceil((scaling.minimum + scaling.maximum) / 2)) } }),
  advanced: { horizontalPodAutoscalerConfig: { behavior: behaviorOf(scaling) } },
  triggers: [trigger, ...crons],
})

const scaledObject = (recommendation: Recommendation, place: Place): Artefact | undefined => {
  const { scaling } = recommendation
  if (scaling === undefined) return undefined
  const trigger = triggerOf(scaling, recommendation)
  const { crons, notes } = cronTriggers(scaling)
  const reasons = reasonsOf(recommendation)
  const file = 'scaled-object.yaml'
  return {
    file,
    text: yamlText(
      [
        ...headOf(recommendation, `${file}: how many pods there are.`),
        ...namesToFillIn(place),
        '',
        `minReplicaCount: ${reasons.minimum}.`,
        `maxReplicaCount: ${reasons.maximum}${highest(scaling) > scaling.maximum ? `; raised to ${highest(scaling)}, which a schedule asks for` : ''}.`,
        `Target: ${reasons.target}.`,
        trigger.needs,
        ...(trigger.isExternal
          ? [`fallback: when the query fails ${failures} times in a row there are as many as lie halfway between the least and the most.`]
          : ['There is no fallback: KEDA has none for triggers of CPU and memory.']),
        ...notes,
        'KEDA makes the HorizontalPodAutoscaler itself. The Deployment must not set replicas.',
        replaced(place, kind),
        'Checked by the rules of KEDA 2.21. What your KEDA thinks of it: kubectl apply --dry-run=server.',
      ],
      { apiVersion: 'keda.sh/v1alpha1', kind, metadata: metadataOf(place), spec: specOf(scaling, place, trigger, crons) },
    ),
    validators: [],
    wrong: wrongInScaledObject,
  }
}

export const keda = kubernetesFiles('keda', scaledObject)

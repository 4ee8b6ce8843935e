/** `--as hpa`: a HorizontalPodAutoscaler (autoscaling/v2) with the pace that was played, and requests and limits as a patch. */
import type { Recommendation, ScalingTarget } from '../recommendation.ts'
import type { Artefact } from './artefact.ts'
import { wrongInAutoscaler } from './check/kubernetes.ts'
import { oneLine } from './comment.ts'
import { headOf, reasonsOf } from './derivation.ts'
import { behaviorOf } from './kubernetes/behavior.ts'
import { kubernetesFiles } from './kubernetes/files.ts'
import { autoscalerMetadata, namesToFillIn, type Place, replaced } from './kubernetes/place.ts'
import { yamlText } from './yaml.ts'

const kind = 'HorizontalPodAutoscaler'
const milli = 1000

/** A quantity of Kubernetes: thousandths where it is no whole number. @example quantity(32.5) // '32500m' */
const quantity = (value: number): string => (Number.isInteger(value) ? String(value) : `${Math.round(value * milli)}m`)

/** What it watches, and what must be there for that. */
const metricOf = ({ metric, value }: ScalingTarget, { deployment }: Place): { readonly metric: unknown; readonly needs: string } => {
  switch (metric) {
    case 'cpu':
    case 'memory':
      return {
        metric: { type: 'Resource', resource: { name: metric, target: { type: 'Utilization', averageUtilization: Math.round(value * 100) } } },
        needs: `The target is a share of what the containers request: each needs a request of ${metric} (resources-patch.yaml), and the cluster metrics-server.`,
      }
    case 'requests':
      return {
        metric: { type: 'Pods', pods: { metric: { name: 'http_requests_per_second' }, target: { type: 'AverageValue', averageValue: quantity(value) } } },
        needs: 'The metric http_requests_per_second of each pod must be served by an adapter such as prometheus-adapter. Its name is assumed: correct it.',
      }
    case 'queue':
      return {
        metric: {
          type: 'External',
          external: {
            metric: { name: 'queue_messages_ready', selector: { matchLabels: { service: deployment } } },
            target: { type: 'AverageValue', averageValue: quantity(value) },
          },
        },
        needs: 'The external metric queue_messages_ready must be served by an adapter. Its name and label are assumed: correct them.',
      }
    case 'p95':
      return {
        metric: {
          type: 'External',
          external: {
            metric: { name: 'http_request_duration_p95_seconds', selector: { matchLabels: { service: deployment } } },
            target: { type: 'Value', value: quantity(value) },
          },
        },
        needs:
          'The external metric http_request_duration_p95_seconds must be served by an adapter. Response time does not fall in proportion to instances, so expect it to overshoot.',
      }
  }
}

const autoscaler = (recommendation: Recommendation, place: Place): Artefact | undefined => {
  const { scaling } = recommendation
  if (scaling === undefined) return undefined
  const { metric, needs } = metricOf(scaling.target, place)
  const reasons = reasonsOf(recommendation)
  const file = 'horizontal-pod-autoscaler.yaml'
  const scheduled = scaling.scheduled.map(
    ({ name, from, minimum }) =>
      `Not in this file: ${oneLine(name)}, ${minimum} instances from ${oneLine(from)} on. A HorizontalPodAutoscaler knows no schedule; --as keda does.`,
  )
  return {
    file,
    text: yamlText(
      [
        ...headOf(recommendation, `${file}: how many pods there are.`),
        ...namesToFillIn(place),
        '',
        `minReplicas: ${reasons.minimum}.`,
        `maxReplicas: ${reasons.maximum}.`,
        `Target: ${reasons.target}.`,
        needs,
        'The Deployment must not set replicas, or each apply of it undoes the autoscaler.',
        replaced(place, kind),
        ...scheduled,
      ],
      {
        apiVersion: 'autoscaling/v2',
        kind,
        metadata: autoscalerMetadata(place, kind),
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: place.deployment },
          minReplicas: scaling.minimum,
          maxReplicas: scaling.maximum,
          metrics: [metric],
          behavior: behaviorOf(scaling),
        },
      },
    ),
    validators: ['kubernetes-validate'],
    wrong: (text) => wrongInAutoscaler(text, recommendation),
  }
}

export const horizontalPodAutoscaler = kubernetesFiles('hpa', autoscaler)

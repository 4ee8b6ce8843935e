/** Names of cadvisor, kube-state-metrics and ingress-nginx, for a Deployment. */
import { growing, literally, matching, type Names, over, type Query, quoted, steady } from './query.ts'
import { serverQuery } from './servers.ts'

type Place = { readonly namespace: string; readonly deployment: string }

const ofIngress =
  'ingress-nginx, whose labels are exported_namespace and exported_service where Prometheus renames them (namespace and service with honorLabels)'

const requests = 'nginx_ingress_controller_requests'
const ingressOf = ({ namespace, deployment }: Place): Readonly<Record<string, string>> => ({ exported_namespace: namespace, exported_service: deployment })

/** All requests per second. */
export const ingressRequests = (place: Place): Pick<Query, 'expression' | 'assumes'> => ({
  expression: `sum(rate(${requests}${matching(ingressOf(place))}${over}))`,
  assumes: ofIngress,
})

/** @param capacity requests per second that one instance holds */
export const kubernetesNames = ({ namespace, deployment }: Place, capacity: number): Names => {
  const pods = matching({ namespace }, `pod=~${quoted(`${literally(deployment)}-[a-z0-9]+-[a-z0-9]+`)}`, 'container!=""')
  const limits = (resource: string): string =>
    matching({ namespace }, `pod=~${quoted(`${literally(deployment)}-[a-z0-9]+-[a-z0-9]+`)}`, `resource="${resource}"`)
  const pod = `${deployment}-5d9c7b8f6-x2x2x`
  const one = matching({ namespace, pod, container: 'app' })
  const limitOf = (resource: string): string => `kube_pod_container_resource_limits${matching({ namespace, pod, container: 'app', resource })}`
  const ingress = ingressOf({ namespace, deployment })
  const replicas = `kube_deployment_status_replicas_available${matching({ namespace, deployment })}`
  const all = ingressRequests({ namespace, deployment }).expression
  const known: Readonly<Partial<Record<Parameters<Names>[0]['metric'], Query>>> = {
    cpu: {
      expression: `sum(rate(container_cpu_usage_seconds_total${pods}${over})) / sum(kube_pod_container_resource_limits${limits('cpu')})`,
      assumes: 'cadvisor and kube-state-metrics, and a limit of CPU on each container',
      feed: (value) => [growing(`container_cpu_usage_seconds_total${one}`, value), steady(limitOf('cpu'), 1)],
    },
    memory: {
      expression: `max(container_memory_working_set_bytes${pods}) / max(kube_pod_container_resource_limits${limits('memory')})`,
      assumes: 'cadvisor and kube-state-metrics, and one container of a pod with the limit of memory that counts',
      feed: (value) => [steady(`container_memory_working_set_bytes${one}`, value * 1e9), steady(limitOf('memory'), 1e9)],
    },
    p95: {
      expression: `histogram_quantile(0.95, sum by (le) (rate(nginx_ingress_controller_request_duration_seconds_bucket${matching(ingress)}${over})))`,
      assumes: ofIngress,
      feed: (value) =>
        [String(value / 0.95), '+Inf'].map((le) => growing(`nginx_ingress_controller_request_duration_seconds_bucket${matching({ ...ingress, le })}`, 100)),
    },
    errors: {
      expression: `(sum(rate(${requests}${matching(ingress, 'status=~"5.."')}${over})) or vector(0)) / ${all}`,
      assumes: ofIngress,
      feed: (value) => [
        growing(`${requests}${matching({ ...ingress, status: '503' })}`, 1000 * value),
        growing(`${requests}${matching({ ...ingress, status: '200' })}`, 1000 * (1 - value)),
      ],
    },
    capacity: {
      expression: `${all} / (sum(${replicas}) * ${capacity})`,
      assumes: `${ofIngress}, and kube-state-metrics`,
      feed: (value) => [growing(`${requests}${matching({ ...ingress, status: '200' })}`, value * 2 * capacity), steady(replicas, 2)],
    },
    instances: { expression: `sum(${replicas})`, assumes: 'kube-state-metrics', feed: (value) => [steady(replicas, value)] },
  }
  return (alert) => known[alert.metric] ?? serverQuery(alert)
}

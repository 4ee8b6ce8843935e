/** Metrics of CloudWatch that probes and readers of deployments ask for alike: those of an ECS service and of an Application Load Balancer. */
import type { Metric } from './metric-data.ts'

/** Ends of ARNs: app/<name>/<id> and targetgroup/<name>/<id>. */
export type Balancer = { readonly loadBalancer: string; readonly targetGroup?: string | undefined }

const percent = 0.01
const milliseconds = 1000

export const ofService = ({ cluster, service }: { readonly cluster: string; readonly service: string }): Metric[] => {
  const dimensions = { ClusterName: cluster, ServiceName: service }
  const use = (what: string, metric: string, statistic: string): Metric => ({
    what: `ecs.${what}`,
    unit: 'ratio',
    limit: 1,
    namespace: 'AWS/ECS',
    metric,
    dimensions,
    statistic,
    factor: percent,
  })
  return [
    use('cpu', 'CPUUtilization', 'Average'),
    use('cpu_max', 'CPUUtilization', 'Maximum'),
    use('memory', 'MemoryUtilization', 'Average'),
    use('memory_max', 'MemoryUtilization', 'Maximum'),
  ]
}

/** @param period seconds that a sum is of */
export const ofLoadBalancer = ({ loadBalancer, targetGroup }: Balancer, period: number): Metric[] => {
  const namespace = 'AWS/ApplicationELB'
  const whole = { LoadBalancer: loadBalancer }
  const of = (what: string, unit: string, metric: string, statistic: string, factor: number, more: Partial<Metric> = {}): Metric => ({
    what: `alb.${what}`,
    unit,
    limit: null,
    namespace,
    metric,
    dimensions: whole,
    statistic,
    factor,
    ...more,
  })
  const sparse = { isSparse: true } // sent only when there were any
  const all = [
    of('response_time', 'ms', 'TargetResponseTime', 'Average', milliseconds),
    of('response_time_p95', 'ms', 'TargetResponseTime', 'p95', milliseconds),
    of('requests', '/s', 'RequestCount', 'Sum', 1 / period),
    of('target_5xx', '/s', 'HTTPCode_Target_5XX_Count', 'Sum', 1 / period, sparse),
    of('own_5xx', '/s', 'HTTPCode_ELB_5XX_Count', 'Sum', 1 / period, sparse),
    of('rejected_connections', 'count', 'RejectedConnectionCount', 'Sum', 1, sparse),
  ]
  if (targetGroup === undefined) return all
  const dimensions = { LoadBalancer: loadBalancer, TargetGroup: targetGroup }
  return [
    ...all,
    of('requests_per_target', '/s', 'RequestCountPerTarget', 'Sum', 1 / period, { dimensions: { TargetGroup: targetGroup } }),
    of('healthy_hosts', 'count', 'HealthyHostCount', 'Minimum', 1, { dimensions }),
    of('unhealthy_hosts', 'count', 'UnHealthyHostCount', 'Maximum', 1, { dimensions }),
  ]
}

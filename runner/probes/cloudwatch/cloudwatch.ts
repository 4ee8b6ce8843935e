/** Watches what CloudWatch knows of a service, a load balancer, a database: joined after the load, because it tells of a minute only later. */
import { z } from 'zod'
import { accountFields } from '../../aws/account.ts'
import { metricData } from '../../aws/metric-data.ts'
import { policyOf } from '../../aws/policy.ts'
import { probeKind } from '../kind.ts'
import { LateSeries, realWorld, type World } from '../late-series.ts'
import type { Parting, Probe, Sample } from '../probe.ts'
import { metricsOf, setFields } from './metrics.ts'

const options = z
  .strictObject({
    ...accountFields,
    ...setFields,
    period: z
      .int()
      .refine((period) => [10, 20, 30].includes(period) || (period > 0 && period % 60 === 0), 'periods are 10, 20, 30, or a multiple of 60 seconds')
      .default(60)
      .describe('seconds of a point; below 60 only for metrics that are sent so often'),
    wait: z.int().min(0).max(900).default(300).describe('seconds after the load, at most, for points that come late'),
  })
  .refine(
    ({ ecs, alb, rds, metrics }) => ecs !== undefined || alb !== undefined || rds !== undefined || Object.keys(metrics).length > 0,
    'at least one of ecs, alb, rds and metrics is needed',
  )
type Options = z.output<typeof options>

export class CloudWatchProbe implements Probe {
  readonly every = 60
  readonly waits: NonNullable<Probe['waits']>
  #late: LateSeries | undefined
  #close = (): void => {}
  #from: number | undefined

  constructor(
    readonly name: string,
    private readonly given: Options,
    private readonly world: World,
  ) {
    this.waits = { most: given.wait, what: 'the last minutes of CloudWatch' }
  }

  async start(signal: AbortSignal): Promise<void> {
    const { period, wait } = this.given
    const { ask, close } = await metricData(this.given, period)
    this.#close = close
    this.#late = new LateSeries(this.name, metricsOf(this.given, period), ask, period, wait, this.world)
    await this.#late.begin(signal)
  }

  begin(from: number): void {
    this.#from = this.world.now() + from
  }

  /** All is read at the end: each request costs money, and what it answers now is to come once more anyway. */
  async read(): Promise<readonly Sample[]> {
    return []
  }

  async stop(hurry: AbortSignal = new AbortController().signal): Promise<Parting> {
    try {
      if (this.#late === undefined || this.#from === undefined) return {}
      return await this.#late.join({ from: this.#from, until: this.world.now() }, hurry)
    } finally {
      this.#close()
    }
  }
}

export const cloudWatchKind = probeKind({
  kind: 'cloudwatch',
  reads: 'metrics of CloudWatch after the load: of an ECS service, a load balancer, an RDS instance, or by their names',
  // Metrics can't be told apart in a policy.
  needs: policyOf([{ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }]),
  package: '@aws-sdk/client-cloudwatch',
  options,
  example: { ecs: { cluster: '…', service: '…' } },
  create: (name, given) => new CloudWatchProbe(name, given, realWorld),
})

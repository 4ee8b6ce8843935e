/** The clients of one account, each made when it is first asked for: their packages are large, and installed only by those who need them. */
import type { ApplicationAutoScalingClient } from '@aws-sdk/client-application-auto-scaling'
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import type { ECSClient } from '@aws-sdk/client-ecs'
import type { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2'
import type { PricingClient } from '@aws-sdk/client-pricing'
import type { STSClient } from '@aws-sdk/client-sts'
import { packageFor } from '../optional-package.ts'
import { type Account, type ClientConfiguration, configurationOf } from './account.ts'

/** Patience with a service that throttles: the SDK waits longer before each of these, and slows down its other requests. */
const attempts = 6
/** Milliseconds. */
const patience = { connectionTimeout: 5_000, requestTimeout: 30_000 } as const

/** What speaks with each service: the whole package, and a client that it made. */
type Services = {
  readonly sts: { readonly library: typeof import('@aws-sdk/client-sts'); readonly client: STSClient }
  readonly ecs: { readonly library: typeof import('@aws-sdk/client-ecs'); readonly client: ECSClient }
  readonly scaling: { readonly library: typeof import('@aws-sdk/client-application-auto-scaling'); readonly client: ApplicationAutoScalingClient }
  readonly watching: { readonly library: typeof import('@aws-sdk/client-cloudwatch'); readonly client: CloudWatchClient }
  readonly balancing: { readonly library: typeof import('@aws-sdk/client-elastic-load-balancing-v2'); readonly client: ElasticLoadBalancingV2Client }
  readonly pricing: { readonly library: typeof import('@aws-sdk/client-pricing'); readonly client: PricingClient }
}
type Name = keyof Services

const makers: { readonly [Each in Name]: (given: ClientConfiguration) => Promise<Services[Each]> } = {
  sts: async (given) => {
    const library = await packageFor('STS', '@aws-sdk/client-sts', () => import('@aws-sdk/client-sts'))
    return { library, client: new library.STSClient(given) }
  },
  ecs: async (given) => {
    const library = await packageFor('ECS', '@aws-sdk/client-ecs', () => import('@aws-sdk/client-ecs'))
    return { library, client: new library.ECSClient(given) }
  },
  scaling: async (given) => {
    const name = '@aws-sdk/client-application-auto-scaling'
    const library = await packageFor('Application Auto Scaling', name, () => import('@aws-sdk/client-application-auto-scaling'))
    return { library, client: new library.ApplicationAutoScalingClient(given) }
  },
  watching: async (given) => {
    const library = await packageFor('CloudWatch', '@aws-sdk/client-cloudwatch', () => import('@aws-sdk/client-cloudwatch'))
    return { library, client: new library.CloudWatchClient(given) }
  },
  balancing: async (given) => {
    const name = '@aws-sdk/client-elastic-load-balancing-v2'
    const library = await packageFor('load balancers', name, () => import('@aws-sdk/client-elastic-load-balancing-v2'))
    return { library, client: new library.ElasticLoadBalancingV2Client(given) }
  },
  pricing: async (given) => {
    const library = await packageFor("AWS's price list", '@aws-sdk/client-pricing', () => import('@aws-sdk/client-pricing'))
    return { library, client: new library.PricingClient(given) }
  },
}

export class AwsClients {
  readonly #opened = new Map<Name, Promise<{ readonly client: { destroy(): void } }>>()
  readonly #configuration: ClientConfiguration & { readonly retryMode?: string; readonly maxAttempts?: number; readonly requestHandler: typeof patience }

  constructor(readonly account: Account) {
    // Who sets AWS_RETRY_MODE or AWS_MAX_ATTEMPTS means it.
    this.#configuration = {
      ...configurationOf(account),
      ...(process.env.AWS_RETRY_MODE === undefined && { retryMode: 'adaptive' }),
      ...(process.env.AWS_MAX_ATTEMPTS === undefined && { maxAttempts: attempts }),
      requestHandler: patience,
    }
  }

  /** @throws {Error} when the package is not installed: the middle of a sentence, with the line that installs it */
  open<N extends Name>(name: N): Promise<Services[N]> {
    const opened = this.#opened.get(name) ?? makers[name](this.#configuration)
    this.#opened.set(name, opened)
    return opened as Promise<Services[N]>
  }

  async close(): Promise<void> {
    for (const opened of await Promise.allSettled(this.#opened.values())) if (opened.status === 'fulfilled') opened.value.client.destroy()
  }
}

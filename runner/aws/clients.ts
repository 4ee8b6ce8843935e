/** The clients of one account, each made when it is first asked for: their packages are large, and installed only by those who need them. */
import { packageFor } from '../optional-package.ts'
import { type Account, type ClientConfiguration, configurationOf } from './account.ts'

/** Patience with a service that throttles: the SDK waits longer before each of these, and slows down its other requests. */
const attempts = 6
/** Milliseconds. */
const patience = { connectionTimeout: 5_000, requestTimeout: 30_000 } as const

const makers = {
  sts: async (given: ClientConfiguration) => {
    const library = await packageFor('STS', '@aws-sdk/client-sts', () => import('@aws-sdk/client-sts'))
    return { library, client: new library.STSClient(given) }
  },
  ecs: async (given: ClientConfiguration) => {
    const library = await packageFor('ECS', '@aws-sdk/client-ecs', () => import('@aws-sdk/client-ecs'))
    return { library, client: new library.ECSClient(given) }
  },
  scaling: async (given: ClientConfiguration) => {
    const name = '@aws-sdk/client-application-auto-scaling'
    const library = await packageFor('Application Auto Scaling', name, () => import('@aws-sdk/client-application-auto-scaling'))
    return { library, client: new library.ApplicationAutoScalingClient(given) }
  },
  balancing: async (given: ClientConfiguration) => {
    const name = '@aws-sdk/client-elastic-load-balancing-v2'
    const library = await packageFor('load balancers', name, () => import('@aws-sdk/client-elastic-load-balancing-v2'))
    return { library, client: new library.ElasticLoadBalancingV2Client(given) }
  },
  pricing: async (given: ClientConfiguration) => {
    const library = await packageFor("AWS's price list", '@aws-sdk/client-pricing', () => import('@aws-sdk/client-pricing'))
    return { library, client: new library.PricingClient(given) }
  },
}
type Name = keyof typeof makers
type Opened<N extends Name> = Awaited<ReturnType<(typeof makers)[N]>>

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
  open<N extends Name>(name: N): Promise<Opened<N>> {
    const opened = this.#opened.get(name) ?? makers[name](this.#configuration)
    this.#opened.set(name, opened)
    return opened as Promise<Opened<N>>
  }

  async close(): Promise<void> {
    for (const opened of await Promise.allSettled(this.#opened.values())) if (opened.status === 'fulfilled') opened.value.client.destroy()
  }
}

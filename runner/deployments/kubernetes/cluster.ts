/** A cluster as the kubeconfig reaches it, by the client's own rules: KUBECONFIG, ~/.kube/config, the service account of a pod. */
import type { ConfigurationOptions, KubeConfig } from '@kubernetes/client-node'
import { UsageError } from '../../errors/usage-error.ts'
import { packageFor } from '../../optional-package.ts'
import { type Asked, refusalOf } from './asking.ts'

export type Library = typeof import('@kubernetes/client-node')

export type Cluster = {
  readonly library: Library
  readonly config: KubeConfig
  readonly context: string
  /** Its address, without credentials. */
  readonly server: string
  /** @throws {KubernetesError} */
  readonly asking: <Answer>(asked: Asked, work: (options: ConfigurationOptions) => Promise<Answer>, signal: AbortSignal) => Promise<Answer>
}

/** Milliseconds that one answer may take. */
const longestAnswer = 15_000

const loaded = (library: Library): KubeConfig => {
  const config = new library.KubeConfig()
  try {
    config.loadFromDefault()
  } catch (cause) {
    throw new UsageError(
      `The kubeconfig can't be read (${(cause as Error).message.split('\n')[0]}). It says how a cluster is reached. Correct the file that KUBECONFIG names, or ~/.kube/config.`,
      { cause },
    )
  }
  return config
}

const choose = (config: KubeConfig, context: string | undefined): void => {
  const names = config.getContexts().map(({ name }) => name)
  // Without any kubeconfig the client asks http://localhost:8080, which nobody meant.
  if (config.getCurrentContext() === 'loaded-context')
    throw new UsageError('There is no kubeconfig. It says how a cluster is reached. Set KUBECONFIG, or log in so that ~/.kube/config is written.')
  if (context !== undefined) {
    if (!names.includes(context))
      throw new UsageError(`--context "${context}" is not in the kubeconfig. Its contexts are ${names.join(', ')}. Write --context ${names[0]}.`)
    config.setCurrentContext(context)
  }
  if (config.getCurrentCluster() === null)
    throw new UsageError(
      `The kubeconfig has no current context that leads to a cluster. Its contexts are ${names.join(', ') || 'none'}. Choose one: --context ${names[0] ?? 'NAME'}.`,
    )
}

const withoutCredentials = (address: string): string => {
  if (!URL.canParse(address)) return address
  const { protocol, host, pathname } = new URL(address)
  return `${protocol}//${host}${pathname.replace(/\/$/, '')}`
}

/** @throws {UsageError} when there is no such context, or the client is not installed */
export const openCluster = async (context: string | undefined): Promise<Cluster> => {
  const library = await packageFor('Kubernetes', '@kubernetes/client-node', () => import('@kubernetes/client-node')).catch((cause: Error) => {
    throw new UsageError(`Nothing was read, because ${cause.message}. It is optional, as most people need no cluster. Install it beside scale-surgeon.`, {
      cause,
    })
  })
  const config = loaded(library)
  choose(config, context)
  const server = withoutCredentials(config.getCurrentCluster()?.server ?? '')
  return {
    library,
    config,
    context: config.getCurrentContext(),
    server,
    asking: async (asked, work, signal) => {
      const until = AbortSignal.any([signal, AbortSignal.timeout(longestAnswer)])
      const options: ConfigurationOptions = {
        middleware: [
          {
            pre: (request) => {
              request.setSignal(until)
              return new library.Observable(Promise.resolve(request))
            },
            post: (response) => new library.Observable(Promise.resolve(response)),
          },
        ],
        middlewareMergeStrategy: 'append',
      }
      try {
        return await work(options)
      } catch (error) {
        if (signal.aborted) throw signal.reason
        throw refusalOf(error, asked, server)
      }
    },
  }
}

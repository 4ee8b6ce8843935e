/**
 * Answers the client of Kubernetes as an API server does where it refuses: token, rights by verb and resource, pages, lists that expire,
 * unknown names. It is none: nothing is validated, watched or changed.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind, as YAML has them
export type Thing = any

export type KubernetesEndpoint = {
  readonly url: string
  /** `get deployments`, `list pods`, in the order in which they were asked. */
  readonly asked: string[]
  readonly things: Thing[]
  /** `list pods`: refused from now on. */
  readonly denied: Set<string>
  /** The next lists that are continued end with 410. */
  expire(times: number): void
  /** The next requests end with 429. */
  throttle(times: number): void
  stop(): Promise<void>
}

const token = 'a-token-of-the-tests'

type Kind = { readonly group: string; readonly version: string; readonly kind: string }

const kinds: Readonly<Record<string, Kind>> = {
  deployments: { group: 'apps', version: 'v1', kind: 'Deployment' },
  horizontalpodautoscalers: { group: 'autoscaling', version: 'v2', kind: 'HorizontalPodAutoscaler' },
  pods: { group: '', version: 'v1', kind: 'Pod' },
  events: { group: '', version: 'v1', kind: 'Event' },
  scaledobjects: { group: 'keda.sh', version: 'v1alpha1', kind: 'ScaledObject' },
}

const fullName = (resource: string, { group }: Kind): string => (group === '' ? resource : `${resource}.${group}`)

type Answer = { readonly code: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }

const send = (response: ServerResponse, { code, body, headers = {} }: Answer): void => {
  const isText = typeof body === 'string'
  response.writeHead(code, { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json', ...headers })
  response.end(isText ? body : JSON.stringify(body))
}

const refusal = (code: number, reason: string, message: string): Answer => ({
  code,
  body: { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
})

/** Only `key=value` and `!key`: what the tests select by. */
const selected = (thing: Thing, selector: string): boolean =>
  selector
    .split(',')
    .filter((part) => part !== '')
    .every((part) => {
      const labels = thing.metadata.labels ?? {}
      const [key = '', value] = part.split('=')
      return key.startsWith('!') ? !(key.slice(1) in labels) : labels[key] === value
    })

const fieldOf = (thing: Thing, path: string): unknown => path.split('.').reduce((value, key) => value?.[key], thing)

/** @param hasKeda whether the cluster has KEDA's kinds @param longest list, whatever the client asks for; API servers have such a limit too */
export const startKubernetes = async (things: readonly Thing[], { hasKeda = false, longest = 500 } = {}): Promise<KubernetesEndpoint> => {
  const own: Thing[] = structuredClone([...things])
  const [asked, denied] = [[] as string[], new Set<string>()]
  let [expiring, throttled] = [0, 0]

  const list = (kind: Kind, namespace: string, query: URLSearchParams): Answer => {
    const from = Number(query.get('continue') ?? 0)
    if (from > 0 && expiring > 0) {
      expiring -= 1
      return refusal(410, 'Expired', 'The provided continue parameter is too old to display a consistent list result.')
    }
    const fields = (query.get('fieldSelector') ?? '').split(',').filter((part) => part !== '')
    const found = own.filter(
      (thing) =>
        thing.kind === kind.kind &&
        thing.metadata.namespace === namespace &&
        selected(thing, query.get('labelSelector') ?? '') &&
        fields.every((field) => String(fieldOf(thing, field.split('=')[0] ?? '')) === field.split('=')[1]),
    )
    const limit = Math.min(longest, Number(query.get('limit') ?? 500))
    const next = from + limit
    const metadata = { resourceVersion: '1', ...(next < found.length && { continue: String(next), remainingItemCount: found.length - next }) }
    const apiVersion = kind.group === '' ? kind.version : `${kind.group}/${kind.version}`
    return { code: 200, body: { kind: `${kind.kind}List`, apiVersion, metadata, items: found.slice(from, next) } }
  }

  const answer = (request: IncomingMessage): Answer => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const [, group = '', version, namespace = '', resource = '', name] =
      /^[/]apis?[/](?:([^/]+)[/])?([^/]+)[/]namespaces[/]([^/]+)[/]([^/]+)(?:[/]([^/]+))?$/.exec(pathname) ?? []
    const verb = name === undefined ? 'list' : 'get'
    asked.push(`${verb} ${resource}`)
    if (request.headers.authorization !== `Bearer ${token}`) return refusal(401, 'Unauthorized', 'Unauthorized')
    if (throttled > 0) {
      throttled -= 1
      return { ...refusal(429, 'TooManyRequests', 'too many requests'), headers: { 'retry-after': '0' } }
    }
    const kind = kinds[resource]
    // Rights are looked at first: who has none is not told whether there is such a kind, or such a name.
    if (kind !== undefined && denied.has(`${verb} ${resource}`)) {
      const what = `${fullName(resource, kind)}${name === undefined ? '' : ` "${name}"`}`
      const whose = `User "system:serviceaccount:ci:perf" cannot ${verb} resource "${resource}" in API group "${kind.group}" in the namespace "${namespace}"`
      return refusal(403, 'Forbidden', `${what} is forbidden: ${whose}`)
    }
    if (kind === undefined || kind.group !== group || kind.version !== version || (resource === 'scaledobjects' && !hasKeda))
      return { code: 404, body: '404 page not found\n' }
    if (name === undefined) return list(kind, namespace, searchParams)
    const thing = own.find((each) => each.kind === kind.kind && each.metadata.namespace === namespace && each.metadata.name === name)
    return thing === undefined ? refusal(404, 'NotFound', `${fullName(resource, kind)} "${name}" not found`) : { code: 200, body: thing }
  }

  const server = createServer((request, response) => send(response, answer(request)))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    things: own,
    denied,
    expire: (times) => {
      expiring = times
    },
    throttle: (times) => {
      throttled = times
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Plain HTTP is taken by the client only with this. */
const plain = { 'insecure-skip-tls-verify': true }

/** A kubeconfig with two contexts: `tests`, which is current, and `nowhere`, where nothing listens. */
export const kubeconfigFor = (url: string, bearer = token): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'tests',
    clusters: [
      { name: 'tests', cluster: { server: url, ...plain } },
      { name: 'nowhere', cluster: { server: 'http://127.0.0.1:1', ...plain } },
    ],
    users: [{ name: 'tester', user: { token: bearer } }],
    contexts: [
      { name: 'tests', context: { cluster: 'tests', user: 'tester' } },
      { name: 'nowhere', context: { cluster: 'nowhere', user: 'tester' } },
    ],
  })

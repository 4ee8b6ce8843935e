/** Asks the API server, and says what it answers against a request: verb, resource and namespace, in which a Role is written. */
import { DeploymentError } from '../../errors/deployment-error.ts'

/** @param name of one object; undefined: all of them, which is another right */
export type Asked = { readonly verb: 'get' | 'list'; readonly group: string; readonly resource: string; readonly namespace: string; readonly name?: string }

/** All that is read, so that a Role needs to be made once. */
const rights: readonly (readonly [group: string, resource: string, verb: Asked['verb']])[] = [
  ['apps', 'deployments', 'get'],
  ['autoscaling', 'horizontalpodautoscalers', 'list'],
  ['', 'pods', 'list'],
  ['', 'events', 'list'],
  ['keda.sh', 'scaledobjects', 'list'],
]

/** As `kubectl apply -f -` takes it; who is meant stands in a RoleBinding, which is the cluster's own matter. */
export const roleFor = (namespace: string): string =>
  [
    'apiVersion: rbac.authorization.k8s.io/v1',
    'kind: Role',
    'metadata:',
    '  name: scale-surgeon-read',
    `  namespace: ${namespace}`,
    'rules:',
    ...rights.flatMap(([group, resource, verb]) => [`  - apiGroups: ["${group}"]`, `    resources: ["${resource}"]`, `    verbs: ["${verb}"]`]),
  ].join('\n')

export type Refusal = 'credentials' | 'forbidden' | 'absent' | 'expired' | 'busy' | 'unreachable' | 'other'

export class KubernetesError extends DeploymentError {
  /** @param role to paste, which stands below the sentence */
  constructor(
    readonly sentence: string,
    readonly kind: Refusal,
    options?: ErrorOptions,
    readonly role?: string,
  ) {
    super(role === undefined ? sentence : `${sentence}\n\n${role}`, options)
  }
}

type Failure = { readonly code?: number | string; readonly body?: unknown; readonly message?: string; readonly name?: string; readonly type?: string }

/** The sentence of a Status object; a proxy before the API server answers with a page. */
const saidIn = ({ body }: Failure): string => {
  try {
    const { message } = (typeof body === 'string' ? JSON.parse(body) : body) as { message?: string }
    return (message ?? '').replace(/\.$/, '')
  } catch {
    return 'it does not answer as an API server does'
  }
}

const thing = ({ resource, namespace, name }: Asked): string =>
  name === undefined ? `${resource} in namespace ${namespace}` : `${resource} "${name}" in namespace ${namespace}`

/** @param server the address that was asked @param error whatever the client has thrown */
export const refusalOf = (error: unknown, asked: Asked, server: string): KubernetesError => {
  const failure = error as Failure
  const { code } = failure
  const what = `${asked.verb} ${thing(asked)}`
  const refused = (kind: Refusal, message: string): KubernetesError => new KubernetesError(message, kind, { cause: error })
  if (code === 401)
    return refused(
      'credentials',
      `${server} takes no credentials of this context (401 to ${what}). They come from the kubeconfig. Log in again as for kubectl, or choose another --context.`,
    )
  if (code === 403) {
    const sentence = `${server} does not allow to ${what} (403: ${saidIn(failure)}). Reading needs the Role below, bound to whoever runs perf.`
    return new KubernetesError(sentence, 'forbidden', { cause: error }, roleFor(asked.namespace))
  }
  if (code === 404)
    return refused(
      'absent',
      `${server} knows no ${thing(asked)} (404). A name is known by its namespace and cluster together. Compare with: kubectl get ${asked.resource} -n ${asked.namespace}.`,
    )
  if (code === 410) return refused('expired', `${server} ended the list before it was read whole (410 to ${what}). It keeps a list for minutes. Read again.`)
  if (code === 429)
    return refused('busy', `${server} had too many requests (429 to ${what}), 4 times in a row. It takes them again when it is less busy. Read again later.`)
  if (typeof code === 'number')
    return refused(
      'other',
      `${server} failed with status ${code} to ${what} (${saidIn(failure)}). A healthy API server answers 200. Look at its log, or read again.`,
    )
  const why = failure.name === 'TimeoutError' || failure.name === 'AbortError' ? 'no answer in time' : (code ?? failure.message?.split('\n')[0] ?? 'unknown')
  return refused(
    'unreachable',
    `${server} can't be reached (${why}, to ${what}). The context's cluster must answer from here. Check its address, VPN and certificate, or choose another --context.`,
  )
}

/** A private Kubernetes API server with its etcd, on free loopback ports and with RBAC on, gone without a trace when it is stopped. */
import { createSign, generateKeyPairSync } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type RequestOptions, request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { execa } from 'execa'
import { freePort } from './free-port.ts'
import { cacheFolder } from './k6.ts'
import type { Thing } from './kubernetes-endpoint.ts'
import { untilAnswering } from './until-answering.ts'
import { untilReady } from './until-ready.ts'

// node .ci/kubernetes.mjs builds this version.
const programs = join(cacheFolder, 'kubernetes', '1.36.3')
const [etcd, apiServer, controllerManager] = ['etcd', 'kube-apiserver', 'kube-controller-manager'].map((name) => join(programs, name)) as [
  string,
  string,
  string,
]
export const hasKubernetesServer = [etcd, apiServer, controllerManager].every(existsSync)

export type Asking = { readonly token?: string; readonly query?: Readonly<Record<string, string>>; readonly type?: string }
export type Answer = { readonly code: number; readonly body: Thing }

export type Asked = { readonly user: string; readonly verb: string; readonly resource: string; readonly uri: string }

export type KubernetesServer = {
  readonly url: string
  /** PEM of the authority that it has made itself. */
  readonly authority: string
  /** As one who may do everything, unless a token says otherwise. */
  ask(method: string, path: string, body?: Thing, asking?: Asking): Promise<Answer>
  /** @throws {Error} when it is refused */
  make(thing: Thing): Promise<Thing>
  /** A token of a service account, valid for ten minutes. */
  tokenOf(namespace: string, account: string): Promise<string>
  /** A token like the one given, signed by the same key, that ended a minute ago. */
  expired(token: string): string
  /** `tests`, which is current, and `nowhere`, where nothing listens. @param authority undefined: those that the system trusts */
  kubeconfig(token: string, authority?: string): string
  /** What was asked of it, in order, by its own log. */
  asked(): Promise<readonly Asked[]>
  /** Deployments get ReplicaSets and pods, HorizontalPodAutoscalers are obeyed; no pod ever runs. */
  control(controllers: readonly string[]): Promise<void>
  stop(): Promise<void>
}

const administrator = 'a-token-of-the-administrator'

/** Where things of this kind are. @example pathOf({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { namespace: 'a' } }) // '/apis/apps/v1/namespaces/a/deployments' */
export const pathOf = ({ apiVersion, kind, metadata: { namespace } }: Thing): string =>
  `/${apiVersion.includes('/') ? 'apis' : 'api'}/${apiVersion}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${kind.toLowerCase()}s`

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const parsed = (answer: string): Thing => {
  try {
    return JSON.parse(answer)
  } catch {
    return answer
  }
}

const answerOf = (address: string | URL, options: RequestOptions, body?: Thing): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const asked = request(address, options, async (response) => resolve({ code: response.statusCode ?? 0, body: parsed(await text(response)) }))
    asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body))
  })

const started = (program: string, args: readonly string[], folder: string) =>
  execa(program, args, { cwd: folder, reject: false, stdin: 'ignore', stdout: 'ignore', maxBuffer: 1 << 20 })

export const startKubernetesServer = async (): Promise<KubernetesServer> => {
  if (!hasKubernetesServer) throw new Error('No API server of Kubernetes was built. Tests that need it skip when hasKubernetesServer is false.')
  const folder = await mkdtemp(join(tmpdir(), 'scale-surgeon-kubernetes-'))
  const running: ReturnType<typeof started>[] = []
  const start = (program: string, args: readonly string[]) => {
    const process = started(program, args, folder)
    running.push(process)
    return process
  }
  const stop = async (): Promise<void> => {
    // The last one first: what has lost its server waits for it.
    for (const process of running.splice(0).reverse()) {
      process.kill('SIGKILL')
      await process
    }
    await rm(folder, { recursive: true, force: true })
  }

  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  await writeFile(join(folder, 'accounts.key'), privateKey.export({ type: 'sec1', format: 'pem' }))
  await writeFile(join(folder, 'accounts.pub'), publicKey.export({ type: 'spki', format: 'pem' }))
  await writeFile(join(folder, 'tokens.csv'), `${administrator},administrator,1,"system:masters"\n`)

  const audited = { apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata', omitStages: ['RequestReceived'] }] }
  await writeFile(join(folder, 'audited.json'), JSON.stringify(audited))

  const [clients, peers, port] = [await freePort(), await freePort(), await freePort()]
  const store = `http://127.0.0.1:${clients}`
  const peer = `http://127.0.0.1:${peers}`
  const etcdArgs = { 'data-dir': 'etcd', 'listen-client-urls': store, 'advertise-client-urls': store, 'listen-peer-urls': peer }
  const members = { 'initial-advertise-peer-urls': peer, 'initial-cluster': `default=${peer}`, 'unsafe-no-fsync': 'true' }
  const flags = (values: object): string[] => Object.entries(values).map(([name, value]) => `--${name}=${value}`)
  try {
    await untilAnswering(`${store}/health`, start(etcd, flags({ ...etcdArgs, ...members })))
  } catch (error) {
    await stop()
    throw error
  }
  const server = start(
    apiServer,
    flags({
      'etcd-servers': store,
      'bind-address': '127.0.0.1',
      'advertise-address': '127.0.0.1',
      'secure-port': port,
      'cert-dir': 'certificates',
      'endpoint-reconciler-type': 'none',
      'service-cluster-ip-range': '10.0.0.0/24',
      'authorization-mode': 'RBAC',
      'token-auth-file': 'tokens.csv',
      'audit-policy-file': 'audited.json',
      'audit-log-path': 'asked.log',
      'service-account-issuer': 'https://kubernetes.default.svc',
      'service-account-key-file': 'accounts.pub',
      'service-account-signing-key-file': 'accounts.key',
    }),
  )
  const url = `https://127.0.0.1:${port}`
  let authority = ''

  const ask: KubernetesServer['ask'] = (method, path, body, { token = administrator, query = {}, type = 'application/json' } = {}) => {
    const address = new URL(path, url)
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
    const headers = { authorization: `Bearer ${token}`, 'content-type': type }
    return answerOf(address, { method, ca: authority, headers }, body)
  }
  const isReady = async (): Promise<boolean> => {
    authority = await readFile(join(folder, 'certificates', 'apiserver.crt'), 'utf8')
    return (await ask('GET', '/readyz')).code === 200
  }
  await untilReady({ server: 'kube-apiserver', running: server, isReady, stop, patience: 60_000 })

  const make: KubernetesServer['make'] = async (thing) => {
    const { code, body } = await ask('POST', pathOf(thing), thing)
    if (code !== 201) throw new Error(`${thing.kind} was not made (${code}): ${body.message ?? body}`)
    return body
  }
  const kubeconfig: KubernetesServer['kubeconfig'] = (token, trusted = authority) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'tests',
      clusters: [
        { name: 'tests', cluster: { server: url, 'certificate-authority-data': Buffer.from(trusted).toString('base64') } },
        { name: 'nowhere', cluster: { server: 'https://127.0.0.1:1' } },
      ],
      users: [{ name: 'tester', user: { token } }],
      contexts: ['tests', 'nowhere'].map((name) => ({ name, context: { cluster: name, user: 'tester' } })),
    })
  return {
    url,
    authority,
    ask,
    make,
    kubeconfig,
    tokenOf: async (namespace, account) => {
      const spec = { expirationSeconds: 600 }
      return (await ask('POST', `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, { kind: 'TokenRequest', spec })).body.status.token
    },
    expired: (token) => {
      const [header = '', claims = ''] = token.split('.')
      const before = JSON.parse(Buffer.from(claims, 'base64url').toString())
      const past = (seconds: number): number => Math.floor(Date.now() / 1000) - seconds
      const signed = `${header}.${base64url({ ...before, iat: past(700), nbf: past(700), exp: past(60) })}`
      return `${signed}.${createSign('SHA256').update(signed).sign({ key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
    },
    asked: async () => {
      const lines = (await readFile(join(folder, 'asked.log'), 'utf8')).trim().split('\n')
      return lines.map((line) => {
        const { user, verb, objectRef, requestURI } = JSON.parse(line)
        return { user: user.username, verb, resource: objectRef?.resource ?? '', uri: requestURI }
      })
    },
    control: async (controllers) => {
      await writeFile(join(folder, 'controllers.json'), kubeconfig(administrator))
      const secure = await freePort()
      const args = { kubeconfig: 'controllers.json', 'secure-port': secure, 'bind-address': '127.0.0.1', 'leader-elect': 'false' }
      // As quick as one machine is, in place of what a cluster shares.
      const pace = { 'kube-api-qps': 500, 'kube-api-burst': 500, 'horizontal-pod-autoscaler-sync-period': '1s' }
      const manager = start(controllerManager, flags({ ...args, ...pace, controllers: controllers.join(',') }))
      const isReady = async (): Promise<boolean> => (await answerOf(`https://127.0.0.1:${secure}/healthz`, { rejectUnauthorized: false })).code === 200
      await untilReady({ server: 'kube-controller-manager', running: manager, isReady, stop, patience: 60_000 })
    },
    stop,
  }
}

/** The kinds of probes by name. Each is loaded when a configuration names it: most runs watch one or two things. */
import { z } from 'zod'
import { UsageError } from '../errors/usage-error.ts'
import { sentenceOf } from '../fields.ts'
import type { ProbeEntry } from '../settings.ts'
import type { ProbeKind, ProbeWorld } from './kind.ts'
import type { Probe } from './probe.ts'

const kinds: Readonly<Record<string, () => Promise<ProbeKind>>> = {
  browser: async () => (await import('./browser/browser.ts')).browserKind as unknown as ProbeKind,
  cgroup: async () => (await import('./cgroup.ts')).cgroupKind as unknown as ProbeKind,
  cloudwatch: async () => (await import('./cloudwatch/cloudwatch.ts')).cloudWatchKind as unknown as ProbeKind,
  command: async () => (await import('./command.ts')).commandKind as unknown as ProbeKind,
  host: async () => (await import('./host/host.ts')).hostKind as unknown as ProbeKind,
  mariadb: async () => (await import('./mysql/mysql.ts')).mysqlKind as unknown as ProbeKind,
  mysql: async () => (await import('./mysql/mysql.ts')).mysqlKind as unknown as ProbeKind,
  nginx: async () => (await import('./nginx.ts')).nginxKind as unknown as ProbeKind,
  node: async () => (await import('./node/node.ts')).nodeKind as unknown as ProbeKind,
  otlp: async () => (await import('./otlp/otlp.ts')).otlpKind as unknown as ProbeKind,
  'php-fpm': async () => (await import('./php-fpm/php-fpm.ts')).phpFpmKind as unknown as ProbeKind,
  postgres: async () => (await import('./postgres/postgres.ts')).postgresKind as unknown as ProbeKind,
  process: async () => (await import('./process.ts')).processKind as unknown as ProbeKind,
  prometheus: async () => (await import('./prometheus/prometheus.ts')).prometheusKind as unknown as ProbeKind,
  rabbitmq: async () => (await import('./rabbitmq/rabbitmq.ts')).rabbitMqKind as unknown as ProbeKind,
  redis: async () => (await import('./redis/redis.ts')).redisKind as unknown as ProbeKind,
  sqs: async () => (await import('./sqs/sqs.ts')).sqsKind as unknown as ProbeKind,
}

const probeKinds = Object.keys(kinds)

/** @throws {UsageError} when there is no such kind */
export const kindOf = async (name: string): Promise<ProbeKind> => {
  const load = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (load === undefined)
    throw new UsageError(`Probe kind "${name}" is not known. The kinds are ${probeKinds.join(', ')}. Correct it under probes in the configuration.`)
  return load()
}

/**
 * The probes of a run, in the order of the configuration.
 * @throws {UsageError} when an entry's kind is not known or its options are wrong, or two have one name
 */
export const makeProbes = async (entries: readonly ProbeEntry[], world: ProbeWorld): Promise<Probe[]> => {
  const names = new Set<string>()
  const probes: Probe[] = []
  for (const { kind: kindName, name = kindName, options } of entries) {
    const kind = await kindOf(kindName)
    const parsed = z.safeParse(kind.options, options)
    if (!parsed.success)
      throw new UsageError(`Probe "${name}" ${sentenceOf(parsed.error)}. A probe of this kind reads ${kind.reads}. Correct its entry under probes.`)
    if (names.has(name))
      throw new UsageError(`Two probes are called "${name}". Their series would have one name. Give one of them another: { kind: '${kindName}', name: '…' }.`)
    names.add(name)
    probes.push(Object.assign(kind.create(name, parsed.data, world), { kind: kindName }))
  }
  return probes
}

/** Probes that need no configuration, because what they watch is on this machine. */
export const detectedProbes = async (taken: ReadonlySet<string>, world: ProbeWorld): Promise<Probe[]> => {
  const { processKind } = await import('./process.ts')
  const name = 'target'
  if (taken.has(name)) return []
  const [found] = (await processKind.detect?.(world)) ?? []
  return found === undefined ? [] : [Object.assign(processKind.create(name, found.options, world), { kind: 'process' })]
}

/** Every kind, once where it has two names. */
export const everyKind = async (): Promise<ProbeKind[]> => [...new Set(await Promise.all(Object.values(kinds).map((load) => load())))]

/** Looks for the engines that make load. */
import { findK6 } from '../engines/k6/find.ts'
import type { Settings } from '../settings.ts'
import { ownVersion, versionOfPackage } from '../version.ts'
import type { Finding } from './finding.ts'

type Environment = Readonly<Record<string, string | undefined>>

const k6Finding = async ({ k6, engine }: Pick<Settings, 'k6' | 'engine'>, env: Environment): Promise<Finding> => {
  const found = await findK6({ env, ...(k6.path !== undefined && { configuredPath: k6.path }), extensions: k6.extensions ?? [] })
  if (found.kind === 'found') return { subject: 'k6', state: 'ok', found: `${found.version}, ${found.where}` }
  const isNeeded = engine === 'k6'
  return {
    subject: 'k6',
    state: 'missing',
    found: isNeeded ? `${found.because}, and it is asked for` : `${found.because}; runs take the embedded engine`,
    advice: found.error.message.split('. ').slice(2).join('. '), // what to do is the third of its three parts
    ...(isNeeded && { endsRun: 5 as const }),
  }
}

export const engineFindings = async (settings: Pick<Settings, 'k6' | 'engine'>, env: Environment): Promise<Finding[]> => [
  { subject: 'embedded', state: 'ok', found: `${ownVersion()}, part of perf` },
  await k6Finding(settings, env),
  { subject: 'autocannon', state: 'ok', found: `${versionOfPackage('autocannon') ?? 'there'}, for --sweep` },
]

/** Takes an engine for the run and says why it is that one. The code of an engine is loaded when it is taken, because loading takes time. */

import type { Engine } from '../engines/engine.ts'
import { type FoundK6, findK6, type MissingK6 } from '../engines/k6/find.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Plan, Source } from '../plan.ts'
import type { Run } from '../run.ts'
import type { Settings } from '../settings.ts'

type Environment = Readonly<Record<string, string | undefined>>

export type EngineInUse = { readonly engine: Engine; readonly named: Plan['engine'] }

const useEmbedded = async (because: string): Promise<EngineInUse> => ({
  engine: (await import('../engines/embedded/embedded.ts')).embedded,
  named: { name: 'embedded', because },
})

/** What only k6 can run, in words; undefined when any engine will do. */
const needsK6 = (source: Source): string | undefined => {
  if (source.kind === 'script') return 'a k6 script runs in k6 alone'
  return source.k6Modules.length > 0 ? `the scenario imports ${source.k6Modules.join(', ')}` : undefined
}

type K6AtHand = { readonly found: FoundK6; readonly engine: Engine } | MissingK6

const bringK6 = async (settings: Settings, environment: Environment): Promise<K6AtHand> => {
  const found = await findK6({
    env: environment,
    ...(settings.k6.path !== undefined && { configuredPath: settings.k6.path }),
    extensions: settings.k6.extensions ?? [],
  })
  return found.kind === 'found' ? { found, engine: (await import('../engines/k6/k6.ts')).k6Engine(found) } : found
}

/**
 * Looks for k6 and loads its engine, where a scenario that is not known yet will probably run in it: while the scenario is read, this
 * process has little to do.
 */
export const k6Ahead = (settings: Settings, environment: Environment): Promise<K6AtHand> | undefined => {
  const isLikely = settings.engine === 'k6' || (settings.engine === 'auto' && settings.connections === undefined && !settings.poisson)
  if (!isLikely) return undefined
  const k6 = bringK6(settings, environment)
  k6.catch(() => undefined) // told to whoever needs it; a scenario that can't be read is told first
  return k6
}

/**
 * @param ahead what {@link k6Ahead} began
 * @throws {UsageError} when the engine asked for can't run this source
 * @throws {EngineError} when k6 was asked for, or is needed, and there is none that is supported
 */
export const chooseEngine = async (
  settings: Settings,
  source: Source,
  isPoisson: boolean,
  environment: Environment,
  ahead?: Promise<K6AtHand>,
): Promise<EngineInUse> => {
  const need = needsK6(source)
  if (settings.engine === 'embedded') {
    if (need !== undefined)
      throw new UsageError(
        `The embedded engine was asked for, but ${need}. It runs journeys written against scale-surgeon alone. Leave --engine out, or use --engine k6.`,
      )
    return useEmbedded('asked for')
  }
  if (settings.engine === 'auto' && settings.connections !== undefined && need === undefined)
    return useEmbedded('a limit of connections, which k6 does not know')
  if (settings.engine === 'auto' && isPoisson && need === undefined) return useEmbedded('Poisson arrivals, which k6 cannot schedule')
  const k6 = await (ahead ?? bringK6(settings, environment))
  if ('engine' in k6) {
    const because = settings.engine === 'k6' ? 'asked for' : (need ?? `version ${k6.found.version}, ${k6.found.where}`)
    return { engine: k6.engine, named: { name: 'k6', because } }
  }
  if (settings.engine === 'auto' && need === undefined) return useEmbedded(`no k6 to use (${k6.because})`)
  throw k6.error
}

export const replayOf = async (run: Run): Promise<EngineInUse> => ({
  engine: (await import('../engines/replay.ts')).replay(run),
  named: { name: 'replay', because: `plays back ${run.id}` },
})

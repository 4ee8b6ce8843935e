/** Takes an engine for the run and says why it is that one. The code of an engine is loaded when it is taken, because loading takes time. */

import type { Engine } from '../engines/engine.ts'
import { findK6 } from '../engines/k6/find.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Plan, Source } from '../plan.ts'
import type { Run } from '../run.ts'
import type { Settings } from '../settings.ts'

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

/**
 * @throws {UsageError} when the engine asked for can't run this source
 * @throws {EngineError} when k6 was asked for, or is needed, and there is none that is supported
 */
export const chooseEngine = async (
  settings: Settings,
  source: Source,
  isPoisson: boolean,
  environment: Readonly<Record<string, string | undefined>>,
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
  const found = await findK6({
    env: environment,
    ...(settings.k6.path !== undefined && { configuredPath: settings.k6.path }),
    extensions: settings.k6.extensions ?? [],
  })
  if (found.kind === 'found') {
    const because = settings.engine === 'k6' ? 'asked for' : (need ?? `version ${found.version}, ${found.where}`)
    const { k6Engine } = await import('../engines/k6/k6.ts')
    return { engine: k6Engine(found), named: { name: 'k6', because } }
  }
  if (settings.engine === 'auto' && need === undefined) return useEmbedded(`no k6 to use (${found.because})`)
  throw found.error
}

export const replayOf = async (run: Run): Promise<EngineInUse> => ({
  engine: (await import('../engines/replay.ts')).replay(run),
  named: { name: 'replay', because: `plays back ${run.id}` },
})

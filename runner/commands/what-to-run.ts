/** The source of a run: the user's scenario, an existing k6 script, or one of the two that ship with the package. */
import { access } from 'node:fs/promises'
import { relative } from 'node:path'
import { moduleFile } from '../bundle.ts'
import { journeysOfScript } from '../engines/k6/script.ts'
import { ScenarioError } from '../errors/scenario-error.ts'
import { inspect } from '../inspect.ts'
import type { JourneyShare, LoadedFeed, Source } from '../plan.ts'
import type { ScenarioFacts } from '../scenario-facts.ts'
import type { Settings } from '../settings.ts'

export type Work = {
  readonly source: Source
  readonly journeys: readonly JourneyShare[]
  readonly facts: Pick<ScenarioFacts, 'shape' | 'tests' | 'keepCookies' | 'hasSetup' | 'headers'>
  readonly feeds: readonly LoadedFeed[]
  /** As saved with the run; null for a scenario of this package. */
  readonly file: string | null
}

const noFacts: Work['facts'] = { shape: undefined, tests: {}, keepCookies: false, hasSetup: false, headers: {} }

/** Of a run without journeys: a replay, a sweep. */
export const noWork: Work = {
  source: { kind: 'scenario', file: '', k6Modules: [] },
  journeys: [],
  facts: noFacts,
  feeds: [],
  file: null,
}

/** @throws {ScenarioError} when the file can't be loaded */
export const workFor = async (settings: Settings, isDemo: boolean, cwd: string): Promise<Work> => {
  if (settings.source.kind === 'script') {
    const { file, keepOptions } = settings.source
    await access(file).catch((cause: NodeJS.ErrnoException) => {
      throw new ScenarioError(
        `Script ${relative(cwd, file)} can't be read (${cause.code}). --script names a k6 script, .js or .ts. Check the path.`,
        file,
        undefined,
        { cause },
      )
    })
    return { source: { kind: 'script', file, keepOptions }, journeys: journeysOfScript(file), facts: noFacts, feeds: [], file: relative(cwd, file) }
  }
  const own = settings.source.file
  const file = own ?? moduleFile(isDemo ? 'scenarios/journeys/shop' : 'scenarios/journeys/front-page')
  const facts = await inspect(file)
  return {
    source: { kind: 'scenario', file, k6Modules: facts.k6Modules },
    journeys: facts.journeys,
    facts,
    feeds: facts.feeds.length === 0 ? [] : await (await import('../feeds.ts')).loadFeeds(facts.feeds, file),
    file: own === undefined ? null : relative(cwd, file),
  }
}

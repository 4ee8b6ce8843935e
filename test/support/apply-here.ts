/** `perf apply` in this process on an endpoint: a folder with a run and advice, and the environment that reaches the endpoint. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adviceFormat } from '../../budgets/advice/recommend.ts'
import type { Recommendation } from '../../budgets/advice/recommendation.ts'
import type { Io } from '../../runner/io.ts'
import { aRun, type RunFacts } from './a-run.ts'
import { saveRuns } from './a-store.ts'
import { perfHere, type Said } from './perf-here.ts'

export type Applying = {
  readonly cwd: string
  /** `perf apply advice.json …`, without a terminal. */
  readonly apply: (argv?: readonly string[], io?: Partial<Io>) => Promise<Said>
  readonly advise: (recommendation: Recommendation) => void
  readonly end: () => void
}

/** @param environment of the endpoint, in the process's own while this lasts: the SDK reads it there */
export const applyingTo = async (environment: Readonly<Record<string, string>>, run: RunFacts = {}): Promise<Applying> => {
  const cwd = mkdtempSync(join(tmpdir(), 'perf-apply-'))
  await saveRuns(cwd, [aRun({ id: 'broken', test: 'breakpoint', seconds: 5, ...run })])
  // Throttling is waited out by the SDK; what the tests look at is what comes of it.
  const settings = { ...environment, AWS_MAX_ATTEMPTS: '2', AWS_RETRY_MODE: 'standard' }
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, settings)
  return {
    cwd,
    apply: (argv = ['advice.json', '--yes'], io = {}) => perfHere(['apply', ...argv], { cwd, now: () => new Date('2026-11-22T12:00:00Z'), ...io }),
    advise: (recommendation) => writeFileSync(join(cwd, 'advice.json'), JSON.stringify({ format: adviceFormat, ...recommendation })),
    end: () => {
      for (const [name, value] of before)
        if (value === undefined) delete process.env[name]
        else process.env[name] = value
      rmSync(cwd, { recursive: true, force: true })
    },
  }
}

/** Loads a scenario in a thread of its own and reads what it declares, without running a journey. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { Worker } from 'node:worker_threads'
import { bundle, moduleFile } from './bundle.ts'
import { ScenarioError } from './errors/scenario-error.ts'
import type { Answer, ScenarioFacts } from './scenario-facts.ts'

const loadLimit = 10_000 // milliseconds; a scenario's top level declares things, so more than this is a loop or a wait

/** Line of the user's file in a stack whose source map was applied. @example lineIn('… (file:///shop.ts:18:5)', '/shop.ts') // 18 */
const lineIn = (stack: string, file: string): number | undefined => {
  const at = stack.indexOf(`${file}:`)
  const match = at < 0 ? null : /^(\d+)/.exec(stack.slice(at + file.length + 1))
  return match ? Number(match[1]) : undefined
}

const ask = (file: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(file, { execArgv: ['--enable-source-maps'], stdout: true, stderr: true })
    const limit = setTimeout(() => {
      resolve({ problem: `it had not finished loading after ${loadLimit / 1000} s` })
      void worker.terminate()
    }, loadLimit)
    const settle = (answer: Answer) => {
      clearTimeout(limit)
      resolve(answer)
      void worker.terminate()
    }
    worker.once('message', settle)
    worker.once('error', (error: Error) => settle({ error: { message: error.message, stack: error.stack ?? '' } }))
    worker.once('exit', (code) => settle({ problem: `it ended the process with code ${code} while loading` }))
    worker.once('messageerror', reject)
  })

/**
 * @param file absolute path of the scenario file
 * @throws {ScenarioError} when it does not compile, throws or hangs while loading, or exports no scenario
 */
export const inspect = async (file: string): Promise<ScenarioFacts> => {
  const entry = `
    import { parentPort } from 'node:worker_threads'
    import { factsOf } from ${JSON.stringify(moduleFile('runner/scenario-facts'))}
    import { declared } from ${JSON.stringify(moduleFile('scenarios/journey'))}
    import * as scenario from ${JSON.stringify(file)}
    parentPort.postMessage(factsOf(scenario.default, declared))`
  const { code, k6Modules } = await bundle({ entry, scenario: file, target: 'node' })
  const folder = await mkdtemp(join(tmpdir(), 'perf-inspect-'))
  try {
    const path = join(folder, 'scenario.mjs')
    await writeFile(path, code)
    const answer = await ask(path)
    if ('facts' in answer) return { ...answer.facts, file, k6Modules }
    const name = relative(process.cwd(), file)
    if ('problem' in answer)
      throw new ScenarioError(
        `${name} is no scenario: ${answer.problem}. A scenario file declares things at its top level and says "export default scenario({ … })". Do so; journeys run later.`,
        file,
        undefined,
      )
    const line = lineIn(answer.error.stack, file)
    throw new ScenarioError(
      `${name}${line === undefined ? '' : `:${line}`} throws while it loads: "${answer.error.message}". A scenario must load before any load is made. Correct that line.`,
      file,
      line,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

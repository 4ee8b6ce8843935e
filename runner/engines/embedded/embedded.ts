/** The embedded engine: open-model load from this process, nothing to install. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle, moduleFile } from '../../bundle.ts'
import { UsageError } from '../../errors/usage-error.ts'
import type { Plan } from '../../plan.ts'
import type { Engine, Job, Workplace } from '../engine.ts'
import { EmbeddedJob } from './job.ts'

const scenarioOf = ({ source }: Plan): string => {
  if (source.kind === 'script')
    throw new UsageError(
      `${source.file} is a k6 script. The embedded engine runs scenarios written against scale-surgeon. Add --engine k6, or write the journeys as a scenario.`,
    )
  const [first] = source.k6Modules
  if (first !== undefined)
    throw new UsageError(
      `${source.file} imports ${source.k6Modules.join(', ')}. The embedded engine has no k6 modules. Add --engine k6, or do without ${source.k6Modules.length === 1 ? 'that import' : 'these imports'}.`,
    )
  return source.file
}

const entryOf = (file: string): string => `
  import { work } from ${JSON.stringify(moduleFile('runner/engines/embedded/worker'))}
  import { declared } from ${JSON.stringify(moduleFile('scenarios/journey'))}
  import scenario from ${JSON.stringify(file)}
  work(scenario, declared)`

const prepare = async (plan: Plan, workplace: Workplace): Promise<Job> => {
  const scenario = scenarioOf(plan)
  const { code } = await bundle({ entry: entryOf(scenario), scenario, target: 'node' })
  const file = join(workplace.folder, 'embedded-worker.mjs')
  await writeFile(file, code)
  return new EmbeddedJob(plan, workplace, scenario, file)
}

export const embedded: Engine = { name: 'embedded', prepare }

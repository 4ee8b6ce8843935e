/** The file that k6 runs: a few lines around the user's own, bundled with this package's code for inside k6. */
import { journey, synchronousJourney } from '../../../scenarios/journey.ts'
import { durationOf } from '../../../scenarios/shape.ts'
import { moduleFile } from '../../bundle.ts'
import type { Plan, Source } from '../../plan.ts'
import { marks } from './compile/awaits.ts'
import { lead } from './due.ts'
import { boundaryOf } from './options.ts'
import type { PilotAssignment } from './pilot-runtime.ts'
import type { Assignment } from './runtime.ts'
import { nameOfScript } from './script.ts'
import type { ScriptAssignment } from './script-runtime.ts'
import { tail } from './stages.ts'

const text = JSON.stringify

/** Whole length of k6's scenario in milliseconds: lead, shape and tail. */
const lengthOf = ({ shape }: Plan): number => lead + 1000 * (durationOf(shape) + tail)

const assignmentOf = (plan: Plan, files: Files): Assignment => {
  const { target, headers, seed, shape } = plan
  return { target: target.url, headers, seed, shape, duration: lengthOf(plan), ...files }
}

const scenarioEntry = (plan: Plan, file: string, files: Files): string => `
    import scenario from ${text(file)}
    import { virtualUser } from ${text(moduleFile('runner/engines/k6/runtime'))}
    export { ${journey.name} as ${marks.journey}, ${synchronousJourney.name} as ${marks.synchronous} } from ${text(moduleFile('scenarios/journey'))}
    export const { arrive, setup, teardown } = virtualUser(scenario, ${text(assignmentOf(plan, files))})`

const scriptEntry = (plan: Plan, { file, keepOptions }: Extract<Source, { kind: 'script' }>): string => {
  const assignment: ScriptAssignment = {
    name: nameOfScript(file),
    shape: plan.shape,
    duration: lengthOf(plan),
    options: { ...boundaryOf(plan), ...(plan.insecure && { insecureSkipTLSVerify: true }) },
    keepOptions,
  }
  // The first imports change what the script finds: its files' folder and, under our load, requests that tell their response time.
  // Under its own load nothing stands between the script and k6, so that it is as fast as in k6 alone.
  return `
    import ${text(moduleFile(`runner/engines/k6/script-${keepOptions ? 'surroundings' : 'prelude'}`))}
    import * as script from ${text(file)}
    import { scripted } from ${text(moduleFile('runner/engines/k6/script-runtime'))}
    const run = scripted(script, ${text(assignment)})
    ${keepOptions ? `export * from ${text(file)}\n    export default script.default` : 'export const arrive = run.arrive'}
    export const options = run.options
    export const setup = run.setup
    export const teardown = run.teardown`
}

/** Absolute paths of what the bundle opens. */
export type Files = Pick<Assignment, 'feeds' | 'known'>

export const entryOf = (plan: Plan, files: Files): string =>
  plan.source.kind === 'scenario' ? scenarioEntry(plan, plan.source.file, files) : scriptEntry(plan, plan.source)

/**
 * The file of a pilot before the load.
 * @param time milliseconds after which no journey begins a request
 */
export const pilotEntry = (plan: Plan, feeds: readonly string[], time: number): string => {
  const given: PilotAssignment = { ...assignmentOf(plan, { feeds }), firstArrival: plan.planned, time }
  return `
    import scenario from ${text(plan.source.file)}
    import { pilot } from ${text(moduleFile('runner/engines/k6/pilot-runtime'))}
    export const { arrive } = pilot(scenario, ${text(given)})`
}

/** Errors in three parts for a k6 that never got to work, and for journeys that never do. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EngineError } from '../../errors/engine-error.ts'
import { ScenarioError } from '../../errors/scenario-error.ts'
import type { Plan } from '../../plan.ts'
import type { K6Line, Thrown } from './log.ts'
import { endOf, messageIn, type Place, placeIn } from './outcome.ts'
import type { Exit } from './process.ts'

const packageFolder = fileURLToPath(new URL('../../..', import.meta.url))
const isOurs = (file: string): boolean => file.startsWith(`${packageFolder}runner`) || file.startsWith(`${packageFolder}scenarios/journey.`)

const shown = ({ file, line }: Place): string => {
  const path = relative(process.cwd(), file)
  return `${path.startsWith('..') ? file : path}:${line}`
}

const tryIt = 'Correct it, and try it with perf run smoke.'

/** @param seconds how long k6 had run */
export const failureBeforeLoad = (plan: Plan, errors: readonly K6Line[], { code, signal }: Exit, seconds: number): ScenarioError | EngineError => {
  const said = errors.find((line) => line.msg !== '')
  const text = [said?.msg ?? '', said?.error ?? ''].filter((part) => part !== '').join('\n')
  const place = placeIn(text, isOurs)
  const message = messageIn(text) || 'it said nothing'
  const event = `k6 ended after ${seconds.toFixed(1)} s with ${endOf(code, signal)}`
  const because = text === '' ? '' : `: "${message}"`
  if (code === 107 || code === 100 || place !== undefined)
    return new ScenarioError(
      `${event}${place ? ` in ${shown(place)}` : ''}${because}. A scenario must load and set up before any load is made. ${tryIt}`,
      place?.file ?? plan.source.file,
      place?.line,
    )
  return new EngineError(`${event} before any load${because}. k6 should have started and waited. Read engine.log, or use --engine embedded.`, {
    ...(code !== null && { engineExitCode: code }),
  })
}

/** @param failed iterations, which are all there were */
export const everyJourneyThrew = (plan: Plan, thrown: readonly Thrown[], failed: number): ScenarioError => {
  const [first] = thrown
  const place = first && placeIn(first.stack, isOurs)
  const all = failed === 1 ? 'The only iteration' : `All ${failed} iterations`
  return new ScenarioError(
    `${all} threw, first at ${place ? shown(place) : plan.source.file}: "${first?.message ?? 'it gave no reason'}". A journey must survive its first iteration. Try it with perf run smoke.`,
    place?.file ?? plan.source.file,
    place?.line,
  )
}

/** @example threwAt({ message: 'no cart', stack: '…' }) // '"no cart" at checkout.ts:18' */
export const threwAt = ({ message, stack }: Thrown): string => {
  const place = placeIn(stack, isOurs)
  return `"${message}"${place ? ` at ${shown(place)}` : ''}`
}

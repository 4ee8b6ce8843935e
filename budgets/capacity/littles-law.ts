/** Little's law in each step of a load, N = X · R: do the users in use account for the journeys that ended? Where they don't, the step is not believed. */
import type { Run } from '../../runner/run.ts'
import { type Declined, declined } from '../../runner/stats/few.ts'
import { type LittlesLaw, littlesLawOf } from '../../runner/stats/littles-law.ts'
import { countOf, figure, percent } from '../figure.ts'
import type { Half } from './steps.ts'

const tolerated = 0.05 // as much as a sound generator may be off

export type StepLaw = LittlesLaw & { readonly rate: number; readonly isSound: boolean }

/** @returns undefined where the engine did not tell the users' time, or too little of it */
export const stepLaw = ({ timeline }: Pick<Run, 'timeline'>, { from, until, high }: Half): StepLaw | undefined => {
  const seconds = timeline.slice(from, until)
  const law = littlesLawOf(seconds.flatMap(({ userTime }) => (userTime === undefined ? [] : [userTime])))
  if (law === undefined) return undefined
  const ended = seconds.reduce((sum, { iterations }) => sum + iterations.completed, 0)
  // A journey at either end of the step is counted whole or not at all.
  const edge = ended === 0 ? 1 : (law.accounted * (until - from)) / ended / (until - from)
  return { ...law, rate: high, isSound: law.difference <= law.known || law.residual <= tolerated + edge }
}

export type LawOfSteps = { readonly declined: false; readonly steps: readonly StepLaw[]; readonly because: string }

/** What the law says of all steps together. */
export const lawOfSteps = (steps: readonly StepLaw[]): LawOfSteps | Declined => {
  if (steps.length === 0) return declined('Little’s law was not checked, because no step of the load has the time that users were in use.')
  const broken = steps.filter(({ isSound }) => !isSound)
  const [worst] = steps.toSorted((a, b) => b.residual - a.residual) as [StepLaw]
  if (broken.length === 0) {
    const said = steps.every(({ residual }) => residual <= tolerated)
      ? `within ${percent(worst.residual, 2)}`
      : `as far as so few users can show it (${percent(worst.residual, 2)} at ${figure(worst.rate, '/s')}, where ${figure(worst.inUse, '')} were in use)`
    return { declined: false, steps, because: `Little’s law holds in ${countOf(steps.length, 'step')} ${said}: users in use = journeys a second × their time.` }
  }
  return {
    declined: false,
    steps,
    because: `Little’s law fails in ${broken.length} of ${countOf(steps.length, 'step')}: at ${figure(worst.rate, '/s')} ${figure(worst.inUse, '')} users were in use and the journeys account for ${figure(worst.accounted, '')}, ${percent(worst.residual, 2)} apart where ${percent(tolerated)} is sound. Those steps are left out; look for lost seconds in engine.log.`,
  }
}

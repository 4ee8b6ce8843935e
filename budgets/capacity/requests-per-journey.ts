/** How many requests a journey makes, which joins the rates of arrivals with those of resources. */
import type { Run } from '../../runner/run.ts'
import { isBelieved } from './believed.ts'

/** Of the runs that had journeys; 1 where none had. What was asked for counts, though the times of an INVALID run do not; where others are, they tell it. */
export const requestsPerJourney = (all: readonly Run[]): number => {
  const believed = all.filter(isBelieved)
  const runs = believed.length > 0 ? believed : all
  const sum = (of: (run: Run) => number): number => runs.reduce((total, run) => total + of(run), 0)
  const journeys = sum(({ iterations }) => iterations.completed)
  return journeys === 0 ? 1 : sum(({ load }) => load.completed) / journeys
}

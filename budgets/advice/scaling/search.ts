/**
 * The cheapest settings that keep the objective. For each kind and target the fewest instances are looked for by halving, because more of
 * them never make anybody wait longer; what can't be cheaper than the best so far is not played.
 */
import type { PolicyKind } from './autoscalers.ts'
import { type Candidate, openStage, type Stage, targetsFor } from './candidates.ts'
import type { KnownNeed } from './need.ts'

export type Found = {
  /** Those that keep the objective, the cheapest first; none when nothing does. */
  readonly meeting: readonly Candidate[]
  /** The best that reacting alone does: from the fewest instances that the calm needs. */
  readonly reactive: Candidate
}

type Alone = Pick<Candidate, 'kind' | 'target' | 'violated'>

const cheapestAlone = (meeting: readonly Candidate[], { fewest }: Stage): Candidate | undefined =>
  meeting.filter(({ minimum }) => minimum === fewest).toSorted((a, b) => a.monthlyHours - b.monthlyHours)[0]

/** The smallest whole number in [low, high] for which it holds, if it holds from there on; undefined when not even for `high`. */
const smallest = (low: number, high: number, holds: (value: number) => boolean): number | undefined => {
  if (low > high || !holds(high)) return undefined
  let [from, until] = [low, high]
  while (from < until) {
    const middle = Math.floor((from + until) / 2)
    if (holds(middle)) until = middle
    else from = middle + 1
  }
  return until
}

/** @param stage fewest: instances that the calm needs; maximum: most that are allowed */
export const search = (need: KnownNeed, kinds: readonly PolicyKind[], stage: Stage): Found => {
  const { leastHours, violatedAt, candidate } = openStage(need, stage)
  const meets = ({ violated }: Pick<Candidate, 'violated'>): boolean => violated <= need.tolerated
  const meeting: Candidate[] = []
  let reactive: Alone | undefined
  for (const kind of kinds) {
    // The cheapest of each kind is an alternative, so each kind has a best of its own.
    let best = Number.POSITIVE_INFINITY
    for (const target of targetsFor(kind, need)) {
      const violated = violatedAt(kind, target, stage.fewest)
      if (reactive === undefined || violated < reactive.violated) reactive = { kind, target, violated }
      const mayCost = (minimum: number): boolean => leastHours(kind, target, minimum) < best
      const alone = meets({ violated }) && mayCost(stage.fewest) ? candidate(kind, target, stage.fewest) : undefined
      if (alone !== undefined && meets(alone)) {
        meeting.push(alone)
        best = Math.min(best, alone.monthlyHours)
        continue
      }
      let high = stage.maximum
      while (high > stage.fewest && !mayCost(high)) high -= 1
      const found = smallest(stage.fewest + 1, high, (minimum) => violatedAt(kind, target, minimum) <= need.tolerated)
      // Another moment of the metric period may need one more.
      for (let minimum = found; minimum !== undefined && minimum <= high; minimum += 1) {
        const raised = candidate(kind, target, minimum)
        if (!meets(raised)) continue
        meeting.push(raised)
        best = Math.min(best, raised.monthlyHours)
        break
      }
    }
  }
  if (reactive === undefined) throw new RangeError('There is no kind of policy to search among. Give one at least.')
  return {
    meeting: meeting.toSorted((a, b) => a.monthlyHours - b.monthlyHours),
    reactive: cheapestAlone(meeting, stage) ?? candidate(reactive.kind, reactive.target, stage.fewest),
  }
}

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
  const reactive: Candidate[] = []
  for (const kind of kinds)
    for (const target of targetsFor(kind, need)) {
      const alone = candidate(kind, target, stage.fewest)
      reactive.push(alone)
      const best = Math.min(...meeting.map(({ monthlyHours }) => monthlyHours))
      if (meets(alone)) {
        meeting.push(alone)
        continue
      }
      const mayCost = (minimum: number): boolean => leastHours(kind, target, minimum) < best
      let high = stage.maximum
      while (high > stage.fewest && !mayCost(high)) high -= 1
      const found = smallest(stage.fewest + 1, high, (minimum) => violatedAt(kind, target, minimum) <= need.tolerated)
      // Another moment of the metric period may need one more.
      for (let minimum = found; minimum !== undefined && minimum <= high; minimum += 1) {
        const raised = candidate(kind, target, minimum)
        if (!meets(raised)) continue
        meeting.push(raised)
        break
      }
    }
  const better = (a: Candidate, b: Candidate): number => (meets(a) && meets(b) ? a.monthlyHours - b.monthlyHours : a.violated - b.violated)
  return {
    meeting: meeting.toSorted((a, b) => a.monthlyHours - b.monthlyHours),
    reactive: reactive.toSorted(better)[0] as Candidate,
  }
}

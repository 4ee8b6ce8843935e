/** Why the chosen settings: whether reacting is enough, what it would come to, and what the rules say without any simulation. */
import { count, countOf, figure, percent, timeWords } from '../../figure.ts'
import type { Candidate } from './candidates.ts'
import { busiestBefore, instancesFor } from './headroom.ts'
import type { Lag } from './lag.ts'
import type { KnownNeed, ScalingNeed } from './need.ts'
import { shapeOfSeries } from './traffic.ts'

export type Shape = { readonly base: number; readonly peak: number; readonly rise: number; readonly words: string }

export const shapeOf = ({ traffic, offered }: ScalingNeed): Shape => {
  const { base, peak } = offered === undefined ? traffic : shapeOfSeries(offered)
  const rise = offered === undefined ? (traffic.rise === 0 ? ' at once' : ` in ${timeWords(traffic.rise)}`) : ', as in the series that was given'
  return { base, peak, rise: offered === undefined ? traffic.rise : 0, words: `${figure(base, '/s')} to ${figure(peak, '/s')}${rise}` }
}

/** @example shareWords(0) // 'none of the requests' */
const shareWords = (share: number): string => (share === 0 ? 'none of the requests' : `${percent(share, 2)} of the requests`)

/** What the rules have without any simulation, so that a reader can hold one against the other. */
const ruleWords = ({ capacity, longestWait }: KnownNeed, shape: Shape, { most }: Lag): string => {
  const use = busiestBefore(shape, most, longestWait)
  return `(by the rule without simulation ${count(instancesFor(shape.base, capacity, use))}: at most ${percent(use, 2)} busy before it, as help may come ${figure(most, '')} s late)`
}

type Judged = { readonly chosen: Candidate; readonly reactive: Candidate; readonly lag: Lag; readonly isEnough: boolean; readonly isUnknown: boolean }

/** @example becauseOf(need, shape, judged) // 'Reacting is enough for 500/s to 1,500/s in 2 h: with 5 instances at least and …' */
export const becauseOf = (need: KnownNeed, shape: Shape, { chosen, reactive, lag, isEnough, isUnknown }: Judged): string => {
  const wait = `longer than ${figure(need.longestWait, '')} s`
  const settings = `${countOf(chosen.minimum, 'instance')} at least and a target of ${percent(chosen.target)} of what one can serve`
  if (isUnknown)
    return `Whether reacting is enough for ${shape.words} is unknown, because the start-up is. With ${settings}, as many as serve the height without any help, ${shareWords(chosen.violated)} ${chosen.violated === 0 ? 'waits' : 'wait'} ${wait}.`
  if (isEnough)
    return `Reacting is enough for ${shape.words}: with ${settings}, ${shareWords(chosen.violated)} ${chosen.violated === 0 ? 'waits' : 'wait'} ${wait}.`
  const longest = reactive.simulation.waits.reduce((most, each) => Math.max(most, each), 0)
  return `Reacting alone can't meet it for ${shape.words}: ${shareWords(reactive.violated)} would wait ${wait}, ${Number.isFinite(longest) ? `up to ${figure(longest, '')} s` : 'some of them longer than was simulated'}, because new instances come too late. ${countOf(chosen.minimum, 'instance')} must be there before it begins ${ruleWords(need, shape, lag)}; then ${chosen.violated === 0 ? 'none does' : `${percent(chosen.violated, 2)} do`}.`
}

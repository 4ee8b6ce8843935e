/** Is the target ready for what is expected? READY, NOT READY, or CAN'T TELL with the measurement that would tell. */
import type { Run } from '../../../runner/run.ts'
import { type Declined, declined } from '../../../runner/stats/few.ts'
import type { Verdict } from '../../budget.ts'
import { type Capacity, capacityOf } from '../../capacity/capacity.ts'
import type { Bound } from '../../capacity/resource-capacity.ts'
import { count, figure, percent } from '../../figure.ts'
import type { Expectation } from './expectation.ts'
import { type Recovery, recoveryOf } from './recovery.ts'
import { type InstancePrice, remediesFor, remedyWords } from './remedies.ts'

/** A run and how it was judged by its budgets. */
export type Judged = { readonly run: Run; readonly verdict: Verdict }

export type LaunchVerdict = {
  readonly word: 'READY' | 'NOT READY' | "CAN'T TELL"
  readonly expectation: Expectation
  /** What a user does, and what that comes to in requests. */
  readonly users: string
  readonly because: string
  /** Highest rate that held over the expected height, less 1; null where either is not known. */
  readonly margin: number | null
  /** What bounds throughput. */
  readonly bound: Bound | Declined
  readonly recovery: Recovery | Declined
  /** What would change the answer, or tell it, the most effective first. */
  readonly next: readonly string[]
}

type Answer = Pick<LaunchVerdict, 'word' | 'because' | 'margin' | 'next'>

const narrow = 0.2 // a margin below this is worth a word

const rate = (value: number): string => figure(value, '/s', 4)

/** Commands name round numbers. */
const roundUp = (value: number): number => {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1)
  return Math.ceil(value / step - 1e-9) * step
}

const findLimit = (peak: number): string => `perf run breakpoint --peak ${count(roundUp(1.3 * peak)).replaceAll(',', '')}/s`

/** A resource that would be full well before the height says no, though nobody has seen it break. */
const certain = 0.9

const answerOf = ({ peak }: Expectation, { breakpoint, bound, resources }: Capacity, requestsPerJourney: number, price: InstancePrice | undefined): Answer => {
  const remedies = (held: number): string[] =>
    remediesFor({ peak, held, bound, resources, requestsPerJourney, price }).map((remedy) => remedyWords(remedy, price))
  const isUnbroken = 'declined' in breakpoint || !breakpoint.found
  const full = 'declined' in bound ? Infinity : bound.rate / requestsPerJourney
  if (isUnbroken && full < certain * peak)
    return {
      word: 'NOT READY',
      because: `${rate(peak)} are expected, and ${'declined' in bound ? '' : bound.resource} would be full at ${rate(full)}. It was not seen to break there: that is what its use of each request comes to.`,
      margin: full / peak - 1,
      next: [...remedies(full), findLimit(peak)],
    }
  if ('declined' in breakpoint || (!breakpoint.found && breakpoint.atLeast === null))
    return { word: "CAN'T TELL", because: `How much it holds is unknown. ${breakpoint.because}`, margin: null, next: [findLimit(peak)] }
  if (!breakpoint.found) {
    const held = breakpoint.atLeast ?? 0
    if (held >= peak)
      return { word: 'READY', because: `It held ${rate(held)} without breaking, and ${rate(peak)} are expected.`, margin: held / peak - 1, next: [] }
    return {
      word: "CAN'T TELL",
      because: `${rate(peak)} are expected, and ${rate(held)} is the highest that was tested; it held that.`,
      margin: null,
      next: [findLimit(peak)],
    }
  }
  const { lastGood, firstBad } = breakpoint
  const margin = lastGood === null ? null : lastGood / peak - 1
  if (lastGood !== null && peak <= lastGood)
    return {
      word: 'READY',
      because: `It held ${rate(lastGood)} and broke at ${rate(firstBad)}; ${rate(peak)} are expected, ${percent(peak / lastGood, 2)} of what held.`,
      margin,
      next: (margin ?? 0) < narrow ? [`The margin is ${percent(margin ?? 0, 2)}. ${remedies(lastGood)[0]}`] : [],
    }
  if (peak >= firstBad)
    return {
      word: 'NOT READY',
      because: `It broke at ${rate(firstBad)}, and ${rate(peak)} are expected: ${figure(peak / (lastGood ?? firstBad), '', 2)} times what held.`,
      margin,
      next: remedies(lastGood ?? firstBad),
    }
  return {
    word: "CAN'T TELL",
    because: `${rate(peak)} are expected, between ${rate(lastGood ?? 0)}, which held, and ${rate(firstBad)}, which did not.`,
    margin,
    next: [
      `perf run breakpoint --rate ${Math.floor(lastGood ?? 1)}/s --peak ${Math.ceil(firstBad)}/s # steps between the two`,
      ...remedies(lastGood ?? firstBad).slice(0, 1),
    ],
  }
}

/** A spike that was played and went wrong outweighs a staircase that went well: the height came at once there. */
const afterSpike = (answer: Answer, { peak }: Expectation, spikes: readonly Judged[]): Answer => {
  const heightOf = ({ run }: Judged): number => Math.max(...run.shape.segments.map((segment) => (segment.kind === 'linear' ? segment.to : segment.from)))
  const failed = spikes.find((each) => each.verdict.word === 'fail' && heightOf(each) <= peak)
  if (answer.word !== 'READY' || failed === undefined) return answer
  return {
    ...answer,
    word: 'NOT READY',
    because: `A sudden peak of ${rate(heightOf(failed))} was too much, though a slow climb held: ${failed.verdict.because}`,
    next: ['Have the instances there before it begins, or let the load rise more slowly (a waiting room, announcements in waves).', ...answer.next],
  }
}

/** Of the runs that had journeys; 1 where none had. */
export const requestsPerJourney = (judged: readonly Pick<Judged, 'run'>[]): number => {
  const sum = (of: (run: Run) => number): number => judged.reduce((all, { run }) => all + of(run), 0)
  const journeys = sum(({ iterations }) => iterations.completed)
  return journeys === 0 ? 1 : sum(({ load }) => load.completed) / journeys
}

/** Users come as journeys, and journeys as requests. */
const usersOf = (judged: readonly Pick<Judged, 'run'>[], { peak }: Expectation): string => {
  const journeys = judged[0]?.run.scenario.journeys ?? []
  const all = journeys.reduce((sum, { weight }) => sum + weight, 0)
  const mix = journeys.map(({ name, weight }) => `${name} ${percent(weight / all, 2)}`).join(', ')
  const each = requestsPerJourney(judged)
  return `A user is one journey${mix === '' ? '' : ` (${mix})`} of ${figure(each, '')} requests: ${rate(peak)} of them are ${rate(peak * each)} requests at the height.`
}

/**
 * @param judged runs of one target, each with its verdict @param price of an instance, where its size is known
 * @example readiness(expectation, judged).word // 'NOT READY'
 */
export const readiness = (expectation: Expectation, judged: readonly Judged[], price?: InstancePrice): LaunchVerdict => {
  const capacity = capacityOf(judged.map(({ run }) => run))
  const usable = judged.filter(({ run }) => run.validity.state !== 'INVALID')
  const spikes = usable.filter(({ run }) => run.test === 'spike')
  const [spike] = spikes
  return {
    ...afterSpike(answerOf(expectation, capacity, requestsPerJourney(usable), price), expectation, spikes),
    expectation,
    users: usersOf(usable, expectation),
    bound: capacity.bound,
    recovery: spike === undefined ? declined('Recovery unknown, because none of these runs is a spike: perf run spike.') : recoveryOf(spike.run),
  }
}

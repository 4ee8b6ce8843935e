/** Is the target ready for what is expected? READY, NOT READY, or CAN'T TELL with the measurement that would tell. */
import type { Run } from '../../../runner/run.ts'
import { type Declined, declined } from '../../../runner/stats/few.ts'
import type { Verdict } from '../../budget.ts'
import { isBelieved, reasonOf, remedyOf, whyUnknown } from '../../capacity/believed.ts'
import { type Capacity, capacityOf } from '../../capacity/capacity.ts'
import { requestsPerJourney } from '../../capacity/requests-per-journey.ts'
import type { Bound } from '../../capacity/resource-capacity.ts'
import { figure, percent } from '../../figure.ts'
import { type Answer, answerOf } from './answer.ts'
import type { Expectation } from './expectation.ts'
import { type Recovery, recoveryOf } from './recovery.ts'
import type { InstancePrice } from './remedies.ts'

/** A run and how it was judged by its budgets. */
export type Judged = { readonly run: Run; readonly verdict: Verdict }

export type LaunchVerdict = Answer & {
  readonly expectation: Expectation
  /** What a user does, and what that comes to in requests. */
  readonly users: string
  /** So many requests make a journey: what is expected is in journeys, what a resource can do in requests. */
  readonly requestsPerJourney: number
  /** What bounds throughput. */
  readonly bound: Bound | Declined
  readonly recovery: Recovery | Declined
  /** Runs that are INVALID, each with its reason, as far as nothing above says so. */
  readonly leftOut: readonly string[]
}

const rate = (value: number): string => figure(value, '/s', 4)

const near = 1.05 // a spike is played for a height that is told more exactly afterwards

const heightOf = ({ shape }: Run): number => Math.max(...shape.segments.map((segment) => (segment.kind === 'linear' ? segment.to : segment.from)))

/** Seconds; 0: at once. */
const riseOf = ({ shape }: Run): number => shape.segments.find((segment) => segment.kind === 'linear' && segment.to > segment.from)?.duration ?? 0

const riseShare = 0.4 // of a spike test, at most

/** A spike that was played and went wrong outweighs a staircase that went well: the height came faster there. Much faster than it is expected to, it says nothing. */
const afterSpike = (answer: Answer, { peak, rise }: Expectation, spikes: readonly Judged[]): Answer => {
  const failed = spikes.find(({ run, verdict }) => verdict.word === 'fail' && heightOf(run) <= near * peak)
  if (answer.word !== 'READY' || failed === undefined) return answer
  const played = riseOf(failed.run)
  const because = `A peak of ${rate(heightOf(failed.run))} ${played === 0 ? 'at once' : `after a rise of ${figure(played, '')} s`} was too much, though a slow climb held: ${failed.verdict.because}`
  if (rise > near * played) {
    const { id } = failed.run
    const longer = `perf run spike --peak ${Math.ceil(peak)}/s --rise ${rise}s --duration ${Math.ceil(rise / riseShare)}s`
    return {
      ...answer,
      word: "CAN'T TELL",
      because: `${because} It is expected to rise for ${figure(rise, '')} s, and run ${id} was too short for that.`,
      next: [longer, ...answer.next],
    }
  }
  return {
    ...answer,
    word: 'NOT READY',
    because,
    next: ['Have the instances there before it begins, or let the load rise more slowly (a waiting room, announcements in waves).', ...answer.next],
  }
}

/** What failed in the smoke test has no limit that is worth a look, and none is looked for. */
const afterSmoke = (answer: Answer, judged: readonly Judged[]): Answer => {
  const failed = judged.find(({ run, verdict }) => run.test === 'smoke' && isBelieved(run) && verdict.word === 'fail')
  if (failed === undefined || judged.some(({ run }) => run.test === 'breakpoint')) return answer
  return {
    word: 'NOT READY',
    because: `It failed in the smoke test already, which is a trickle: ${failed.verdict.because}`,
    margin: null,
    next: [`perf why ${failed.run.id}`, ...answer.next],
  }
}

/** Users come as journeys, and journeys as requests. */
const usersOf = (runs: readonly Run[], { peak }: Expectation): string => {
  const journeys = runs[0]?.scenario.journeys ?? []
  const all = journeys.reduce((sum, { weight }) => sum + weight, 0)
  const mix = journeys.map(({ name, weight }) => `${name} ${percent(weight / all, 2)}`).join(', ')
  const each = requestsPerJourney(runs)
  return `A user is one journey${mix === '' ? '' : ` (${mix})`} of ${each === 1 ? 'one request' : `${figure(each, '')} requests`}: ${rate(peak)} of them are ${figure(peak * each, '', 4)} requests/s at the height.`
}

/** Where nothing bounds it yet, the resource that came nearest to it, and what keeps its limit unknown. */
const boundOf = ({ bound, resources }: Pick<Capacity, 'bound' | 'resources'>): Bound | Declined => {
  const [busiest] = resources.toSorted((a, b) => b.highestUse / b.servers - a.highestUse / a.servers)
  if (!('declined' in bound) || busiest === undefined) return bound
  const { demand, rate: limit, resource } = busiest
  if (demand.declined) return declined(`${bound.because} The busiest: ${demand.because}`)
  return typeof limit === 'number' ? bound : declined(`${bound.because} The busiest, ${resource}: ${limit.because}`)
}

/** Of the spike among them. */
const recoveryFrom = (runs: readonly Run[]): Recovery | Declined => {
  const spikes = runs.filter(({ test }) => test === 'spike')
  const spike = spikes.find(isBelieved)
  if (spike !== undefined) return recoveryOf(spike)
  return declined(`Recovery unknown, because ${whyUnknown('spike test', spikes, 'none of these runs is a spike: perf run spike.')}`)
}

const leftOutOf = (runs: readonly Run[], told: string): string[] =>
  runs.filter((run) => !isBelieved(run) && !told.includes(reasonOf(run))).map((run) => `${run.test} ${run.id} is INVALID and tells nothing: ${reasonOf(run)}`)

/** A spike that tells nothing leaves READY without its sudden height. */
const spikeAgain = (runs: readonly Run[]): string[] => {
  const spikes = runs.filter(({ test }) => test === 'spike')
  const [first] = spikes
  if (first === undefined || spikes.some(isBelieved)) return []
  return [`${remedyOf(first) ?? 'Mend what made the spike test INVALID.'} Then perf run spike again, to see the sudden height and the recovery.`]
}

/**
 * @param judged runs of one target, each with its verdict @param price of an instance, where its size is known
 * @example readiness(expectation, judged).word // 'NOT READY'
 */
export const readiness = (expectation: Expectation, judged: readonly Judged[], price?: InstancePrice): LaunchVerdict => {
  const runs = judged.map(({ run }) => run)
  const measured = capacityOf(runs)
  const capacity = { ...measured, bound: boundOf(measured) }
  const grounds = { runs, capacity, requestsPerJourney: requestsPerJourney(runs), price }
  const spikes = judged.filter(({ run }) => run.test === 'spike' && isBelieved(run))
  const answer = afterSmoke(afterSpike(answerOf(expectation, grounds), expectation, spikes), judged)
  const { bound } = capacity
  const recovery = recoveryFrom(runs)
  return {
    ...answer,
    next: [...answer.next, ...spikeAgain(runs)],
    expectation,
    users: usersOf(runs, expectation),
    requestsPerJourney: grounds.requestsPerJourney,
    bound,
    recovery,
    leftOut: leftOutOf(runs, `${answer.because} ${bound.because} ${recovery.because}`),
  }
}

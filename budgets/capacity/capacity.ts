/** How much load a target can serve, from one or several runs of it: every answer with the data it rests on, or the sentence that declines it. */
import type { Run } from '../../runner/run.ts'
import { type Declined, declined } from '../../runner/stats/few.ts'
import type { Breakpoint } from '../budget.ts'
import { isBelieved, whyUnknown } from './believed.ts'
import { breakpointOfRuns } from './breakpoints.ts'
import { type ClosedLoop, closedLoopOf } from './closed-loop.ts'
import { type Elastic, elasticOf } from './elastic.ts'
import { type InstanceCapacity, instanceCapacity } from './instances.ts'
import { type LawOfSteps, lawOfSteps, stepLaw } from './littles-law.ts'
import { scalabilityOfSteps } from './open-steps.ts'
import { findingsOf, type Plateau } from './plateau.ts'
import { type Knee, predictedKnee } from './predicted-knee.ts'
import { requestsPerJourney } from './requests-per-journey.ts'
import { type Bound, boundOf, type ResourceCapacity, resourcesOfRuns } from './resource-capacity.ts'
import { type Scalability, scalabilityOf } from './scalability.ts'
import { type Objective, StepJudge } from './step-judge.ts'
import { offeredHalves, offeredUntil, shapeOf } from './steps.ts'

export type Capacity = {
  readonly runs: readonly string[]
  /** Rates of a breakpoint are of journeys, those of a resource and a knee of requests: so many make one journey. */
  readonly requestsPerJourney: number
  /** What "holds" means in all of it. */
  readonly objective: Objective
  /** Of the breakpoint tests among the runs. */
  readonly breakpoint: Breakpoint | Declined
  /** Of those that told how many instances served. */
  readonly instances: InstanceCapacity | Declined
  /** Of a breakpoint test with the autoscaler at work; absent when there is none. */
  readonly elastic?: Elastic | Declined
  readonly knee: Knee | Declined
  /** Of the sweep among them. */
  readonly plateau: Plateau | undefined
  readonly scalability: Scalability | Declined
  /** What its resources allow the sweep; absent where none with a limit was watched. */
  readonly closedLoop?: ClosedLoop | Declined
  /** The same law, of the steps of an open load. */
  readonly openScalability: Scalability | Declined
  readonly law: LawOfSteps | Declined
  /** The one that would be full first comes first. */
  readonly resources: readonly ResourceCapacity[]
  /** Which resource bounds throughput, and where. */
  readonly bound: Bound | Declined
}

const isStepped = ({ sweep }: Run): boolean => sweep === undefined

/** What was asked of the runs, or what their steps were held to because nothing was. */
const objectiveOf = (runs: readonly Run[]): Objective => {
  const [run] = runs.toSorted((a, b) => Number(b.test === 'breakpoint') - Number(a.test === 'breakpoint'))
  const judge = new StepJudge(run === undefined ? { name: '', segments: [], arrivals: 'uniform' } : shapeOf(run), { objective: run?.breakpoint?.objective })
  if (run !== undefined) judge.advance(run.timeline, offeredUntil(run))
  return judge.objective
}

const sweptOf = (runs: readonly Run[]): Pick<Capacity, 'plateau' | 'scalability' | 'closedLoop'> => {
  const sweeps = runs.filter(({ sweep }) => sweep !== undefined)
  const swept = sweeps.find(isBelieved)
  if (swept?.sweep === undefined)
    return {
      plateau: undefined,
      scalability: declined(`No scalability fit, because ${whyUnknown('sweep', sweeps, 'none of these runs is a sweep: perf run stress --sweep.')}`),
    }
  const findings = findingsOf(swept.sweep)
  const { levels, plateau } = findings
  const points = levels.flatMap(({ level, throughput, excluded }) =>
    throughput === undefined || excluded !== undefined ? [] : [{ load: level.connections, throughput: throughput.mean }],
  )
  const closedLoop = closedLoopOf(swept, findings)
  return { plateau, scalability: scalabilityOf(points, swept.provenance.seed), ...(closedLoop && { closedLoop }) }
}

/** Of runs that can't be believed nobody can say that they watched nothing. The reason is said once: a breakpoint test's beside its breakpoint. */
const unbound = (runs: readonly Run[], closedLoop: Capacity['closedLoop']): Bound | Declined => {
  const [first] = runs
  // A sweep alone tells what it can of them.
  if (first === undefined) return closedLoop === undefined ? boundOf([]) : declined(closedLoop.because)
  const why = runs.some(({ test }) => test === 'breakpoint') ? `run ${first.id} is INVALID.` : whyUnknown('run', runs, '')
  return declined(`Which resource bounds throughput is unknown, because ${why}`)
}

/**
 * @param runs of one target, by one scenario @param asked objective in place of the one that the runs were made with
 * @example capacityOf([run]).bound // { resource: 'postgres.pool', rate: 99.2, because: … }
 */
export const capacityOf = (runs: readonly Run[], asked?: Objective): Capacity => {
  const usable = runs.filter(isBelieved)
  const stepped = usable.filter(isStepped)
  const broken = usable.filter(({ test }) => test === 'breakpoint')
  const fixed = broken.filter(({ breakpoint }) => breakpoint?.elastic === undefined)
  const elastic = broken.find(({ breakpoint }) => breakpoint?.elastic !== undefined)
  const objective = asked ?? objectiveOf(stepped)
  const resources = resourcesOfRuns(stepped, objective)
  const swept = sweptOf(runs)
  return {
    runs: runs.map(({ id }) => id),
    requestsPerJourney: requestsPerJourney(runs),
    objective,
    breakpoint:
      fixed.length === 0
        ? declined(
            `The breakpoint is unknown, because ${whyUnknown(
              'breakpoint test',
              runs.filter(({ test }) => test === 'breakpoint'),
              `none of these runs is a breakpoint test${elastic === undefined ? '' : ' without an autoscaler'}: perf run breakpoint.`,
            )}`,
          )
        : breakpointOfRuns(fixed, asked),
    instances: instanceCapacity(fixed, asked),
    ...(elastic && { elastic: elasticOf(elastic) }),
    knee: predictedKnee(resources, objective),
    ...swept,
    openScalability: scalabilityOfSteps(stepped),
    law: lawOfSteps(stepped.flatMap((run) => offeredHalves(run).flatMap((half, at) => (at % 2 === 1 ? (stepLaw(run, half) ?? []) : [])))),
    resources,
    bound: stepped.length === 0 ? unbound(runs.filter(isStepped), swept.closedLoop) : boundOf(resources),
  }
}

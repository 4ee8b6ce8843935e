/**
 * Runs inside k6: a few journeys before the load, to see how long each kind takes. What a person would think about is added up and not
 * waited for. A journey that is still going when the time is up ends at its next request.
 */
import exec from 'k6/execution'
import type { Http, Scenario, VirtualUser } from '../../../scenarios/journey.ts'
import { thinkTime } from '../virtual-user/choose.ts'
import { marks } from './metric-names.ts'
import { type Assignment, virtualUser } from './runtime.ts'

export type PilotAssignment = Assignment & {
  /** Number of the first arrival: those of the pilot come after all of the load's own. */
  readonly firstArrival: number
  /** Milliseconds. */
  readonly time: number
}

/** What one journey of the pilot tells, through k6's log. Times in milliseconds. */
export type PilotJourney = { readonly journey: string; readonly time: number; readonly isWhole: boolean }

class TimeIsUp extends Error {}

export const pilot = (scenario: Scenario, { firstArrival, time, ...assignment }: PilotAssignment) => {
  const isOver = (): boolean => Date.now() - exec.scenario.startTime > time

  const guarded = (http: Http): Http => {
    const guard = <Given extends readonly unknown[], Answer>(send: (...given: Given) => Answer) => {
      return (...given: Given): Answer => {
        if (isOver()) throw new TimeIsUp('The time of the pilot is up.')
        return send(...given)
      }
    }
    const { get, head, post, put, patch, options, request, batch } = http
    return {
      ...{ get: guard(get), head: guard(head), post: guard(post), put: guard(put), patch: guard(patch) },
      ...{ delete: guard(http.delete), options: guard(options), request: guard(request), batch: guard(batch) },
    }
  }

  const run = async (user: VirtualUser): Promise<void> => {
    const { arrival } = user
    const { journey } = scenario.journeys[arrival % scenario.journeys.length] as Scenario['journeys'][number]
    let thought = 0
    const think: VirtualUser['think'] = async (from, until) => {
      thought += 1000 * thinkTime(from, until, user.random)
    }
    const changed = { http: { value: guarded(user.http) }, think: { value: think }, arrival: { value: firstArrival + arrival } }
    const from = exec.instance.currentTestRunDuration
    let isWhole = true
    try {
      await journey.run(Object.create(user, changed) as VirtualUser)
    } catch (error) {
      if (!(error instanceof TimeIsUp)) throw error
      isWhole = false
    }
    const told: PilotJourney = { journey: journey.name, time: exec.instance.currentTestRunDuration - from + thought, isWhole: isWhole && !isOver() }
    console.log(marks.pilot + JSON.stringify(told))
  }

  const play: Scenario = { ...scenario, journeys: [{ weight: 1, journey: { kind: 'journey', name: 'pilot', run } }] }
  const { arrive } = virtualUser(play, assignment)
  return { arrive: (): unknown => (isOver() ? undefined : arrive({ data: undefined })) }
}

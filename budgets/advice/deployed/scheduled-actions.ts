/** Scheduled actions of a deployed service, as far as their moments are known: bounds that count from one of them until the next. */
import type { DeployedSchedule } from '../../../runner/deployments/deployment.ts'
import { countOf } from '../../figure.ts'
import type { Bounds } from '../scaling/policy.ts'
import type { ScheduledBounds } from '../scaling/scheduled-bounds.ts'

export type ScheduledActions = {
  /** By seconds of what is played, in their order. */
  readonly actions: readonly ScheduledBounds[]
  /** Whole sentences. */
  readonly caveats: readonly string[]
}

const once = /^at\((\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)\)(?: UTC)?$/

/** Seconds of the epoch; undefined where it comes again and again, or by a clock of its own. */
const momentOf = ({ expression }: DeployedSchedule): number | undefined => {
  const written = once.exec(expression)?.[1]
  return written === undefined ? undefined : Date.parse(`${written}Z`) / 1000
}

const unplayed = (count: number, hint: string): string =>
  `${countOf(count, 'scheduled action')} may set other bounds at the time; played are those of now.${hint}`

const hint = ' Say when it begins by --at: what is scheduled for one moment is played then.'

/**
 * @param bounds of now @param begins seconds of the epoch at which what is played begins; undefined: nobody said; NaN: it has no moment
 * @param seconds that are played
 */
export const scheduledActions = (schedules: readonly DeployedSchedule[], bounds: Bounds, begins: number | undefined, seconds: number): ScheduledActions => {
  const dated = begins === undefined ? [] : schedules.flatMap((schedule) => ({ schedule, from: (momentOf(schedule) ?? Number.NaN) - begins }))
  const known = dated.filter(({ from }) => from < seconds).toSorted((a, b) => a.from - b.from)
  const unknown = begins === undefined ? schedules.length : dated.filter(({ from }) => Number.isNaN(from)).length
  let current = bounds
  const actions = known.map(({ schedule, from }, at) => {
    const { minimum = current.minimum, maximum = current.maximum } = schedule
    current = { minimum, maximum }
    return { from, until: known[at + 1]?.from ?? Number.POSITIVE_INFINITY, minimum, maximum }
  })
  return {
    actions,
    caveats: [
      ...(known.length === 0
        ? []
        : [
            `Its ${known.length === 1 ? 'scheduled action' : 'scheduled actions'} ${known.map(({ schedule }) => schedule.name).join(', ')} ${known.length === 1 ? 'is' : 'are'} played.`,
          ]),
      ...(unknown === 0 ? [] : [unplayed(unknown, begins === undefined && schedules.some((schedule) => momentOf(schedule) !== undefined) ? hint : '')]),
    ],
  }
}

/** Scheduled changes as Application Auto Scaling takes them, in UTC. */
import { type Declined, declined } from '../../../../runner/stats/few.ts'
import type { Recommendation, RecommendedScaling, ScheduledChange } from '../../recommendation.ts'
import { oneLine } from '../comment.ts'
import { heldBy, from as ranAs } from '../derivation.ts'
import { identifier } from '../names.ts'

export type ScheduledAction = {
  readonly name: string
  /** `at(…)` or `cron(…)`. */
  readonly schedule: string
  readonly minimum: number
  readonly maximum: number
  /** What it is there for. */
  readonly because: string
}

const days = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] // cron counts from 0 or 7, AWS from 1: names mean the same in both

/** Five fields of cron as six of AWS, of which day of month or day of week must be "?". */
const awsCron = (fields: readonly string[]): string | undefined => {
  if (fields.some((field) => !/^[\dA-Za-z*,/?#-]+$/.test(field))) return undefined
  if (fields.length === 6) return `cron(${fields.join(' ')})`
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string]
  if (day !== '*' && weekday !== '*') return undefined
  const named = weekday.includes('/') ? weekday : weekday.replace(/\d/g, (digit) => days[Number(digit)] ?? digit)
  return weekday === '*' ? `cron(${minute} ${hour} ${day} ${month} ? *)` : `cron(${minute} ${hour} ? ${month} ${named} *)`
}

/**
 * @param moment ISO date and time, a cron expression of five fields, or one of AWS
 * @example scheduleOf('2026-11-27T08:00:00+01:00') // 'at(2026-11-27T07:00:00)' @example scheduleOf('0 8 * * 1-5') // 'cron(0 8 ? * MON-FRI *)'
 */
export const scheduleOf = (moment: string): string | undefined => {
  if (/^\d{4}-\d{2}-\d{2}T/.test(moment)) {
    const at = new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(moment) ? moment : `${moment}Z`)
    return Number.isNaN(at.getTime()) ? undefined : `at(${at.toISOString().slice(0, 19)})`
  }
  const fields = moment
    .replace(/^cron\((.*)\)$/, '$1')
    .trim()
    .split(/\s+/)
  return fields.length === 5 || fields.length === 6 ? awsCron(fields) : undefined
}

const longestName = 100 // of the 256 characters that AWS allows, so that " ends" and a service's name fit too

const actionsOf = (change: ScheduledChange, scaling: RecommendedScaling, recommendation: Recommendation): readonly ScheduledAction[] | Declined => {
  const { name, from, until, minimum, maximum } = change
  const given = [from, until].filter((each) => each !== undefined)
  const wrong = given.find((each) => scheduleOf(each) === undefined)
  if (wrong !== undefined)
    return declined(
      `Schedule "${oneLine(name)}" is not written, because "${oneLine(wrong)}" can't be said as an at() or cron() of Application Auto Scaling. A date and time, or five fields of cron with a day of month or a day of week but not both, can.`,
    )
  const plain = identifier(name).replaceAll('_', '-').slice(0, longestName)
  const reason = (what: string, instances: number): string => `${what} ${oneLine(name)}: ${heldBy(instances, recommendation)} (${ranAs(recommendation)})`
  const begins = { name: `${plain}-begins`, schedule: scheduleOf(from) ?? '', minimum, maximum, because: reason('there before', minimum) }
  if (until === undefined) return [begins]
  const back = { minimum: scaling.minimum, maximum: scaling.maximum, because: reason('as always, after', scaling.minimum) }
  return [begins, { name: `${plain}-ends`, schedule: scheduleOf(until) ?? '', ...back }]
}

/** Actions, and the sentences of those that can't be written. */
export const scheduledActions = (
  recommendation: Recommendation,
  scaling: RecommendedScaling,
): { readonly actions: readonly ScheduledAction[]; readonly declined: readonly string[] } => {
  const all = scaling.scheduled.map((change) => actionsOf(change, scaling, recommendation))
  return {
    actions: all.flatMap((each) => ('declined' in each ? [] : each)),
    declined: all.flatMap((each) => ('declined' in each ? [each.because] : [])),
  }
}

/** Scheduled changes as cron triggers of KEDA: so many replicas between two moments that come again and again. */
import type { RecommendedScaling, ScheduledChange } from '../../recommendation.ts'
import { oneLine } from '../comment.ts'

export type CronTrigger = {
  readonly type: 'cron'
  readonly metadata: { readonly timezone: 'UTC'; readonly start: string; readonly end: string; readonly desiredReplicas: string }
}

/** Five fields of cron; a date and time comes again each year, because cron has no years. @example cronOf('2026-11-27T07:00:00Z') // '0 7 27 11 *' */
export const cronOf = (moment: string): string | undefined => {
  if (/^\d{4}-\d{2}-\d{2}T/.test(moment)) {
    const at = new Date(/(Z|[+-]\d{2}:?\d{2})$/.test(moment) ? moment : `${moment}Z`)
    return Number.isNaN(at.getTime()) ? undefined : `${at.getUTCMinutes()} ${at.getUTCHours()} ${at.getUTCDate()} ${at.getUTCMonth() + 1} *`
  }
  const fields = moment
    .replace(/^cron\((.*)\)$/, '$1')
    .trim()
    .split(/\s+/)
  return fields.length === 5 && fields.every((field) => /^[\dA-Za-z*,/-]+$/.test(field)) ? fields.join(' ') : undefined
}

const isDate = (moment: string): boolean => /^\d{4}-/.test(moment)

const one = ({ name, from, until, minimum }: ScheduledChange): { readonly cron?: CronTrigger; readonly note: string } => {
  const named = `Schedule "${oneLine(name)}"`
  if (until === undefined) return { note: `${named} is not written, because a cron trigger of KEDA needs an end. Say until when.` }
  const [start, end] = [cronOf(from), cronOf(until)]
  if (start === undefined || end === undefined)
    return { note: `${named} is not written, because "${oneLine(from)}" or "${oneLine(until)}" is neither a date and time nor five fields of cron.` }
  const again = isDate(from) || isDate(until) ? ' Cron has no years: it comes again each year until you take it out.' : ''
  return {
    cron: { type: 'cron', metadata: { timezone: 'UTC', start, end, desiredReplicas: String(minimum) } },
    note: `${named}: ${minimum} replicas at least from ${oneLine(from)} until ${oneLine(until)}.${again}`,
  }
}

export const cronTriggers = ({ scheduled }: RecommendedScaling): { readonly crons: readonly CronTrigger[]; readonly notes: readonly string[] } => {
  const all = scheduled.map(one)
  return { crons: all.flatMap(({ cron }) => cron ?? []), notes: all.map(({ note }) => note) }
}

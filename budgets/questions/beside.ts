/** What a moment is held against: what was before the run left its normal, if the moment came after that, else the rest of the run. */
import type { Seconds } from '../../scenarios/units.ts'
import { clock } from '../attribution/words.ts'
import type { Moment } from './moments.ts'

export type Beside = { readonly words: string; readonly holds: (at: Seconds) => boolean }

export const besideOf = (moment: Moment | undefined, breachAt: Seconds | undefined): Beside => {
  const isOutside = (at: Seconds): boolean => moment === undefined || at < moment.from || at >= moment.until
  return moment !== undefined && breachAt !== undefined && breachAt > 0 && moment.until > breachAt && moment.from > 0
    ? { words: `before ${clock(Math.min(breachAt, moment.from))}`, holds: (at) => at < breachAt && isOutside(at) }
    : { words: 'in the rest of the run', holds: isOutside }
}

/** Times as people write them: of the day, since the start, from one to another, or by what the load did then. */
import type { Seconds } from '../../scenarios/units.ts'
import { clock, momentIn } from '../attribution/words.ts'

/** Seconds since the start. */
export type Moment = { readonly from: Seconds; readonly until: Seconds /** For a sentence. @example 'at 0:45 (15:02:15 UTC)' */; readonly words: string }

/** What times are held against. */
export type Times = {
  readonly startedAt: string
  readonly durationSeconds: Seconds
  /** Minutes by which the asker's clock is ahead of UTC. */
  readonly clockOffset: number
  /** When the load was highest; undefined where it was the same all along. */
  readonly peak?: { readonly from: Seconds; readonly until: Seconds } | undefined
  /** When the run left its normal. */
  readonly breachAt?: Seconds | undefined
}

export type Read = { readonly moment?: Moment; readonly outside?: string; readonly rest: string }

const around = 5 // seconds on either side of a moment that was named to the second
const ends = 10 // seconds that are "the start" and "the end"

const time = String.raw`(?:\d{1,2}:\d{2}(?::\d{2})?|\d+(?:\.\d+)?\s*(?:hours?|h|minutes?|mins?|m|seconds?|secs?|s)\b)`
const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

/** A time of this run: its first second, and whether a whole minute of the day is meant. */
type Point = { readonly at: Seconds; readonly lasts: Seconds; readonly ofDay: string | undefined }

const timeOfDay = (times: Times, second: Seconds): string =>
  new Date(Date.parse(times.startedAt) + times.clockOffset * 60_000 + second * 1000).toISOString().slice(11, 19)

/** A time with colons is one of day if the run went on then; otherwise it counts from the start. */
const pointOf = (text: string, times: Times): Point | undefined => {
  const length = /^(\d+(?:\.\d+)?)\s*([smh])/i.exec(text)
  if (length !== null) {
    const at = Number(length[1]) * (units[(length[2] ?? 's').toLowerCase()] ?? 1)
    return at < times.durationSeconds ? { at, lasts: 0, ofDay: undefined } : undefined
  }
  const [first = 0, second = 0, third] = text.split(':').map(Number)
  const local = Date.parse(times.startedAt) + times.clockOffset * 60_000
  const midnight = Date.parse(`${new Date(local).toISOString().slice(0, 10)}T00:00:00Z`)
  const today = (midnight - local) / 1000 + first * 3600 + second * 60 + (third ?? 0)
  const lasts = third === undefined ? 60 : 0
  // After midnight the day is the next one.
  const ofDay = [today, today + 86_400].find((at) => at + (lasts || 1) > 0 && at < times.durationSeconds)
  if (ofDay !== undefined) return { at: ofDay, lasts, ofDay: text }
  const at = third === undefined ? first * 60 + second : first * 3600 + second * 60 + third
  return at < times.durationSeconds ? { at, lasts: 0, ofDay: undefined } : undefined
}

const within = (times: Times, from: Seconds, until: Seconds): Pick<Moment, 'from' | 'until'> => ({
  from: Math.max(0, from),
  until: Math.min(times.durationSeconds, until),
})

const at = ({ at: second, lasts, ofDay }: Point, times: Times): Moment => {
  const span = lasts > 0 ? within(times, second, second + lasts) : within(times, second - around, second + around)
  if (ofDay === undefined) return { ...span, words: `at ${momentIn(times.startedAt, second)}` }
  const after = lasts > 0 ? `${clock(span.from)} to ${clock(span.until)}` : clock(second)
  return { ...span, words: `at ${ofDay} (${after} after the start)` }
}

const fromTo = (times: Times, from: Seconds, until: Seconds, words?: string): Moment => {
  const span = within(times, from, until)
  const stretch = `between ${clock(span.from)} and ${clock(span.until)}`
  return { ...span, words: words === undefined ? stretch : `${words} (${stretch.replace('between ', '').replace(' and ', ' to ')})` }
}

const outsideOf = (text: string, times: Times): string =>
  /:/.test(text)
    ? `${text} is no time of this run: it went on from ${timeOfDay(times, 0)} to ${timeOfDay(times, times.durationSeconds)}, which is 0:00 to ${clock(times.durationSeconds)} after its start.`
    : `${text} is after the end of this run, which lasted ${clock(times.durationSeconds)}.`

type Form = { readonly form: RegExp; readonly read: (found: RegExpExecArray, times: Times) => Moment | string }

/** Those that say more come first. */
const forms: readonly Form[] = [
  {
    form: new RegExp(String.raw`\b(?:between|from)?\s*(${time})\s*(?:and|to|until|till|-|–)\s*(${time})`, 'i'),
    read: ([, first = '', last = ''], times) => {
      // "30 to 60 s" has its unit once; "0:30 to 0:40" has none.
      const [from, until] = [pointOf(first, times), pointOf(last, times)]
      if (from === undefined) return outsideOf(first, times)
      return fromTo(times, from.at, until?.at ?? times.durationSeconds)
    },
  },
  {
    form: new RegExp(String.raw`\b(?:in |during |of )?(?:the )?(first|last)\s+(${time}|minute\b)`, 'i'),
    read: ([, which = '', length = ''], times) => {
      const seconds = length === 'minute' ? 60 : (pointOf(length, times)?.at ?? times.durationSeconds)
      const isFirst = which.toLowerCase() === 'first'
      return fromTo(times, isFirst ? 0 : times.durationSeconds - seconds, isFirst ? seconds : times.durationSeconds)
    },
  },
  {
    form: new RegExp(String.raw`\b(since|before|until|till|after)\s+(${time})`, 'i'),
    read: ([, which = '', text = ''], times) => {
      const point = pointOf(text, times)
      if (point === undefined) return outsideOf(text, times)
      // "After 90 s" is the moment 90 s after the start; "after 0:40" is all that followed.
      if (/after/i.test(which) && !text.includes(':')) return at(point, times)
      return /since|after/i.test(which) ? fromTo(times, point.at, times.durationSeconds) : fromTo(times, 0, point.at)
    },
  },
  {
    form: new RegExp(String.raw`\b(?:at|around|about|from)?\s*(${time})(?:\s+after the start)?`, 'i'),
    read: ([, text = ''], times) => {
      const point = pointOf(text, times)
      return point === undefined ? outsideOf(text, times) : at(point, times)
    },
  },
  {
    form: /\b(during|in|at|under|before|after) the (?:load )?(spike|peak|step|burst|height|highest load)\b/i,
    read: ([, which = '', word = ''], times) => {
      const { peak, durationSeconds } = times
      if (peak === undefined) return `This run has no ${word}: its load was the same all along.`
      if (/before/i.test(which))
        return peak.from === 0 ? `Nothing came before the ${word}: it began with the run.` : fromTo(times, 0, peak.from, `before the ${word}`)
      if (/after/i.test(which))
        return peak.until >= durationSeconds
          ? `Nothing came after the ${word}: it went on until the end.`
          : fromTo(times, peak.until, durationSeconds, `after the ${word}`)
      return fromTo(times, peak.from, peak.until, `during the ${word}`)
    },
  },
  {
    form: /\b(?:at|in|towards?|near) the (end|start|beginning)\b/i,
    read: ([, word = ''], times) =>
      /end/i.test(word)
        ? fromTo(times, times.durationSeconds - ends, times.durationSeconds, 'at the end')
        : fromTo(times, 0, ends, `at the ${word.toLowerCase()}`),
  },
  {
    form: /\b(before|after|since|when) (?:it|that|this|things?|the (?:run|trouble|problem)s?)(?: (?:broke|break|began|started|begins?|starts?|went wrong|left its normal|happened))?/i,
    read: ([, which = ''], times) => {
      if (times.breachAt === undefined) return 'This run never left its normal, so there is no moment at which it did.'
      if (/when/i.test(which)) return at({ at: times.breachAt, lasts: 0, ofDay: undefined }, times)
      return /before/i.test(which) ? fromTo(times, 0, times.breachAt) : fromTo(times, times.breachAt, times.durationSeconds)
    },
  },
]

export const readMoment = (question: string, times: Times): Read => {
  for (const { form, read } of forms) {
    const found = form.exec(question)
    if (found === null) continue
    const rest = question.replace(found[0], ' ')
    const told = read(found, times)
    return typeof told === 'string' ? { outside: told, rest } : { moment: told, rest }
  }
  return { rest: question }
}

/** Reads k6's log, one JSON object a line on stderr: what is meant for us, what went wrong, and the rest in bounded numbers. */
import { marks } from './metric-names.ts'
import type { PilotJourney } from './pilot-runtime.ts'

export type K6Line = { readonly level: string; readonly msg: string; readonly source?: string; readonly error?: string; readonly output?: string }

/** A journey that threw, as its virtual user told it; each message once. */
export type Thrown = { readonly message: string; readonly stack: string }

export type K6Log = {
  /** Takes whatever stderr gives; lines may be cut anywhere. */
  readonly write: (text: string) => void
  /** Takes what is left without a line end, and tells how many lines of each kind were left out. */
  readonly end: () => void
  /** Errors of k6 itself, oldest first, a few. */
  readonly errors: readonly K6Line[]
  readonly thrown: readonly Thrown[]
  /** Of pushes that k6 gave up: seconds whose figures are lost. */
  readonly lostPushes: () => number
}

const longestLine = 65_536 // characters; k6 logs bodies and stacks on request
const shownOfKind = 20
const keptErrors = 20

const parse = (line: string): K6Line | undefined => {
  try {
    const parsed = JSON.parse(line) as Partial<K6Line>
    return typeof parsed.msg === 'string' ? { ...parsed, level: parsed.level ?? 'info', msg: parsed.msg } : undefined
  } catch {
    return undefined
  }
}

const kindOf = ({ level, msg, source }: K6Line): string => `${level} ${source ?? ''} ${msg.slice(0, 24)}`

/**
 * @param log gets a line for people
 * @param onStart gets the epoch milliseconds at which the load begins
 * @param onPilot gets each journey of a pilot
 */
export const k6Log = (
  log: (line: string) => void,
  onStart: (epochMilliseconds: number) => void,
  onPilot: (journey: PilotJourney) => void = () => {},
): K6Log => {
  const counts = new Map<string, number>()
  const errors: K6Line[] = []
  const thrown: Thrown[] = []
  let lostPushes = 0
  let rest = ''

  const show = (kind: string, text: string, most = shownOfKind): void => {
    const count = (counts.get(kind) ?? 0) + 1
    counts.set(kind, count)
    if (count <= most) log(text)
  }

  const readMark = (msg: string): boolean => {
    if (msg.startsWith(marks.start)) {
      const start = Number(msg.slice(marks.start.length))
      if (Number.isFinite(start)) onStart(start)
      return true
    }
    if (msg.startsWith(marks.pilot)) {
      onPilot(JSON.parse(msg.slice(marks.pilot.length)) as PilotJourney)
      return true
    }
    if (msg.startsWith(marks.threw)) {
      const one = JSON.parse(msg.slice(marks.threw.length)) as Thrown
      if (thrown.length < keptErrors && !thrown.some(({ message }) => message === one.message)) thrown.push(one)
      show('threw', `a journey threw: ${one.stack || one.message}`)
      return true
    }
    return false
  }

  const read = (line: string): void => {
    if (line.trim() === '') return
    const parsed = parse(line)
    if (parsed === undefined) {
      show('plain', line.slice(0, 2000))
      return
    }
    // Each failed request has one; the figures tell of them, kind by kind.
    if (parsed.msg === 'Request Failed') {
      show('request failed', `a request failed: ${parsed.error ?? ''}`, 5)
      return
    }
    if (parsed.source === 'console' && readMark(parsed.msg)) return
    if (parsed.output === 'cloudv2' && parsed.level === 'error') lostPushes += 1
    if (parsed.level === 'error' && parsed.source !== 'console' && errors.length < keptErrors) errors.push(parsed)
    show(kindOf(parsed), `${parsed.level}: ${parsed.msg}${parsed.error === undefined ? '' : ` (${parsed.error})`}`)
  }

  return {
    write: (text) => {
      const lines = (rest + text).split('\n')
      rest = (lines.pop() ?? '').slice(0, longestLine)
      for (const line of lines) read(line)
    },
    end: () => {
      read(rest)
      rest = ''
      for (const [kind, count] of counts) {
        const most = kind === 'request failed' ? 5 : shownOfKind
        if (count > most) log(`… and ${count - most} more lines like "${kind.trim()}"`)
      }
    },
    errors,
    thrown,
    lostPushes: () => lostPushes,
  }
}

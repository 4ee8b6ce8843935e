/** Reads a question as people type it: a moment, an endpoint, what it is about. No grammar; what is not understood is told. */

import { clock } from '../../runner/clock.ts'
import type { Seconds } from '../../scenarios/units.ts'

export type Topic = 'latency' | 'errors' | 'throughput' | 'cpu' | 'memory' | 'connections' | 'locks' | 'queries' | 'files' | 'cache' | 'disk'

/** Seconds since the start. */
export type Moment = { readonly from: Seconds; readonly until: Seconds /** As it was read. @example '0:45' */; readonly words: string }

export type Question = {
  readonly moment: Moment | undefined
  /** Why a time in it is none of this run's. */
  readonly outside: string | undefined
  readonly endpoint: string | undefined
  readonly topics: readonly Topic[]
  /** It asks for the cause, and not only for figures. */
  readonly asksWhy: boolean
  /** Words that say nothing to us. */
  readonly unknown: readonly string[]
}

/** What the words of a question are held against. */
export type Known = {
  readonly endpoints: readonly string[]
  readonly startedAt: string
  readonly durationSeconds: Seconds
  /** Minutes by which the asker's clock is ahead of UTC. */
  readonly clockOffset: number
}

const topics: readonly (readonly [Topic, RegExp])[] = [
  ['latency', /\b(latency|latencies|response times?|slow(er|ness|ly)?|p\d\d\d?|delays?|spikes?|spiked|wait(ed|ing|s)?)\b/i],
  ['errors', /\b(errors?|fail(ed|ing|ures?|s)?|5\d\d|4\d\d|timeouts?|timed out)\b/i],
  ['throughput', /\b(throughput|rate|requests? per second|rps|traffic)\b/i],
  ['cpu', /\b(cpu|cores?|throttl\w*|processor)\b/i],
  ['memory', /\b(memory|ram|heap|leak\w*|oom|swap)\b/i],
  ['connections', /\b(connections?|pools?|sessions?|sockets?)\b/i],
  ['locks', /\b(locks?|locked|deadlocks?|contention)\b/i],
  ['queries', /\b(quer(y|ies)|sql|statements?|database|postgres\w*|mysql|index(es)?)\b/i],
  ['files', /\b(files?|descriptors?|fds?|inodes?)\b/i],
  ['cache', /\b(caches?|cached|hit ratio|hits?|miss(es)?|evict\w*)\b/i],
  ['disk', /\b(disks?|storage|i\/o)\b/i],
]

const ordinary =
  /^(why|what|when|where|which|who|how|did|do|does|was|were|is|are|has|had|have|the|a|an|at|in|on|of|to|for|from|by|with|it|its|this|that|there|then|so|go|went|get|got|gets|become|became|happen|happened|happens|high|higher|low|lower|up|down|much|many|most|rise|rose|risen|grow|grew|drop|dropped|jump|jumped|cause|caused|causes|first|break|broke|broken|limits?|limited|bottleneck|run|test|load|baseline|stress|smoke|spike|soak|breakpoint|and|or|be|been|wrong|bad|start|second|seconds|minute|minutes|min|s|around|about|after|before|time|times|response|per|not|answers?|endpoint|page|any|anything|something|all|some|use|used|more|less|than|if|would|could|can|i|me|my|we|our|you|tell|show|please)$/i

const around = 5 // seconds on either side of a moment that was named to the second

type Read = { readonly moment?: Moment; readonly outside?: string; readonly rest: string }

const momentAt = (second: Seconds, known: Known): Moment => ({
  from: Math.max(0, second - around),
  until: Math.min(known.durationSeconds, second + around),
  words: clock(second),
})

const timeOfDay = (known: Known, second: Seconds): string =>
  new Date(Date.parse(known.startedAt) + known.clockOffset * 60_000 + second * 1000).toISOString().slice(11, 19)

/** A time with colons is one of day if the run went on then; otherwise it counts from the start. */
const readClock = (question: string, known: Known): Read => {
  const found = /\b(\d{1,2}):(\d{2})(?::(\d{2}))?\b/.exec(question)
  if (found === null) return { rest: question }
  const rest = question.replace(found[0], ' ')
  const [first, second, third] = [Number(found[1]), Number(found[2]), found[3] === undefined ? undefined : Number(found[3])]
  const startOfDay =
    Date.parse(`${new Date(Date.parse(known.startedAt) + known.clockOffset * 60_000).toISOString().slice(0, 10)}T00:00:00Z`) - known.clockOffset * 60_000
  const start = (startOfDay - Date.parse(known.startedAt)) / 1000 + first * 3600 + second * 60 + (third ?? 0)
  // After midnight the day is the next one.
  const ofDay = [start, start + 86_400].find((at) => at + (third === undefined ? 60 : 1) > 0 && at < known.durationSeconds)
  if (ofDay !== undefined) {
    if (third !== undefined) return { moment: { ...momentAt(ofDay, known), words: `${found[0]} (${clock(ofDay)} after the start)` }, rest }
    const [from, until] = [Math.max(0, ofDay), Math.min(known.durationSeconds, ofDay + 60)]
    return { moment: { from, until, words: `${found[0]} (${clock(from)} to ${clock(until)} after the start)` }, rest }
  }
  const since = third === undefined ? first * 60 + second : first * 3600 + second * 60 + third
  if (since < known.durationSeconds) return { moment: momentAt(since, known), rest }
  return {
    outside: `${found[0]} is no time of this run: it went on from ${timeOfDay(known, 0)} to ${timeOfDay(known, known.durationSeconds)}, which is 0:00 to ${clock(known.durationSeconds)} after its start.`,
    rest,
  }
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 }

const readLength = (question: string, known: Known): Read => {
  const found = /\b(?:at|after|around|from)?\s*(\d+(?:\.\d+)?)\s*(s|sec|seconds?|m|min|minutes?|h|hours?)\b/i.exec(question)
  if (found === null) return { rest: question }
  const second = Number(found[1]) * (units[(found[2] ?? 's').charAt(0).toLowerCase()] ?? 1)
  const rest = question.replace(found[0], ' ')
  return second < known.durationSeconds
    ? { moment: momentAt(second, known), rest }
    : { outside: `${found[0].trim()} is after the end of this run, which lasted ${clock(known.durationSeconds)}.`, rest }
}

/** The longest name of an endpoint, or piece of its path, that the question has. */
const readEndpoint = (question: string, endpoints: readonly string[]): { readonly endpoint?: string; readonly rest: string } => {
  const lower = question.toLowerCase()
  const whole = endpoints.filter((name) => lower.includes(name.toLowerCase())).toSorted((a, b) => b.length - a.length)[0]
  if (whole !== undefined) return { endpoint: whole, rest: question.replace(new RegExp(whole.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i'), ' ') }
  for (const word of question.split(/[\s,?!"]+/).filter((each) => each.length >= 3 && !ordinary.test(each))) {
    const isPath = word.startsWith('/')
    const found = endpoints.find((name) =>
      isPath
        ? name.toLowerCase().includes(word.toLowerCase())
        : name
            .toLowerCase()
            .split(/[^a-z0-9_-]+/)
            .includes(word.toLowerCase()),
    )
    if (found !== undefined) return { endpoint: found, rest: question.replace(word, ' ') }
  }
  return { rest: question }
}

/** @example readQuestion('why did latency of /search spike at 0:45?', known) // { moment: { words: '0:45', … }, endpoint: 'GET /search', topics: ['latency'], … } */
export const readQuestion = (question: string, known: Known): Question => {
  const { endpoint, rest: withoutEndpoint } = readEndpoint(question, known.endpoints)
  const timed = readClock(withoutEndpoint, known)
  const { moment, outside, rest } = timed.moment !== undefined || timed.outside !== undefined ? timed : readLength(withoutEndpoint, known)
  const found = topics.filter(([, words]) => words.test(rest))
  const left = found.reduce((text, [, words]) => text.replace(new RegExp(words, 'gi'), ' '), rest)
  const unknown = left.split(/[\s,.;?!"'()]+/).filter((word) => word !== '' && !ordinary.test(word))
  return {
    moment,
    outside,
    endpoint,
    topics: found.map(([topic]) => topic),
    asksWhy: /\b(why|causes?|caused|first|broken?|wrong|limit\w*|bottleneck)\b/i.test(question),
    unknown,
  }
}

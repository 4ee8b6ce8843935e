/**
 * Requests that fail or take too long are sent again, and the more that is sent the more fails. More reaches a server for each arrival
 * than did while all was well, counted together from the moment of the trouble on: what was only late has an arrival of its own.
 */
import { median } from '../../runner/stats/few.ts'
import type { Seconds } from '../../scenarios/units.ts'
import type { Breach } from '../attribution/breach.ts'
import type { Reading } from '../attribution/resources.ts'
import { type Symptoms, symptomsOf } from '../attribution/symptoms.ts'
import { clock } from '../attribution/words.ts'
import { figure, percent } from '../figure.ts'
import { cacheStampede } from './cache-stampede.ts'
import { again, type Case, type Diagnosis, type Illness } from './illness.ts'
import { watchedIn } from './watched.ts'

const asked = /(^|[._])(requests|calls|commits|queries|commands|statements)$/
const amplified = { times: 1.5, more: 0.3 } as const // for each arrival
const fewest = { before: 12, during: 5 } as const // seconds
const uneven = 0.25 // share by which a third of the time before may differ
const guard = 3 // seconds before the trouble in which something may have begun to wait
const failing = 0.05 // share of requests; below, too little fails for what is sent again to matter

/** What was received in each second, by somebody. */
type Received = { readonly name: string; readonly isJourneys: boolean; readonly readings: readonly Reading[] }
type Amplified = Received & { readonly before: number; readonly during: number }

const receivedIn = ({ run }: Case): Received[] => [
  {
    name: 'requests of the journeys',
    isJourneys: true,
    readings: Array.from(run.timeline, ({ second, cells }) => ({ at: second, value: sumOf(cells, (cell) => cell.count) })),
  },
  ...watchedIn(run)
    .filter(({ what, unit }) => unit === '/s' && asked.test(what))
    .map(({ name, readings }) => ({ name, isJourneys: false, readings })),
]

const sumOf = <Each>(some: readonly Each[], of: (each: Each) => number): number => some.reduce((sum, each) => sum + of(each), 0)

const amplifiedAt = (received: Received, offered: ReadonlyMap<Seconds, number>, { at }: Breach): Amplified | undefined => {
  const seconds = received.readings.flatMap((each) => {
    // A reading tells of the second before it; the timeline of the second itself.
    const arrivals = offered.get(Math.floor(each.at) - (received.isJourneys ? 0 : 1))
    return arrivals === undefined || arrivals === 0 ? [] : [{ ...each, arrivals }]
  })
  const before = seconds.filter((each) => each.at < at - guard)
  const from = seconds.filter((each) => each.at >= at - guard)
  if (before.length < fewest.before) return undefined
  const perArrival = (some: typeof seconds): number => sumOf(some, ({ value }) => value) / sumOf(some, ({ arrivals }) => arrivals)
  const normal = perArrival(before)
  // PostgreSQL for one tells of what a busy session did some seconds late, and then of much at once: that has no normal.
  const third = Math.ceil(before.length / 3)
  const parts = [0, 1, 2].map((part) => perArrival(before.slice(part * third, (part + 1) * third)))
  if (parts.some((part) => Math.abs(part - normal) > uneven * normal)) return undefined
  let [value, arrivals, during] = [0, 0, 0]
  for (const [index, each] of from.entries()) {
    value += each.value
    arrivals += each.arrivals
    if (index + 1 >= fewest.during + guard) during = Math.max(during, value / arrivals)
  }
  return normal > 0 && during >= amplified.times * normal && during >= normal + amplified.more ? { ...received, before: normal, during } : undefined
}

/** Whether it went on after the load had gone back to what it was. */
const afterwards = (symptoms: readonly Symptoms[], { at }: Breach): string | undefined => {
  const before = symptoms.filter(({ second }) => second < at)
  const usual = 1.2 * median(before.map(({ offered }) => offered)) // the load has often risen some seconds before the trouble
  const lastHigh = symptoms.findLast(({ second, offered }) => second >= at && offered > usual)
  if (lastHigh === undefined) return undefined
  const after = symptoms.filter(({ second, offered }) => second > lastHigh.second + 2 && offered > 0)
  if (after.length < fewest.during) return undefined
  const failed = sumOf(after, (each) => each.failed) / after.length
  return failed < failing
    ? undefined
    : `The load was back at what it had been from ${clock(lastHigh.second + 1)} on, and still ${percent(failed, 2)} of the requests failed until the end: it keeps itself alive.`
}

const told = (seen: Case, found: Amplified, breach: Breach, symptoms: readonly Symptoms[]): Illness => {
  const during = symptoms.filter(({ second }) => second >= breach.at)
  const failed = sumOf(during, (each) => each.failed) / Math.max(1, during.length)
  const still = afterwards(symptoms, breach)
  return {
    illness: 'retry-storm',
    name: 'Retry storm',
    evidence: [
      found.isJourneys
        ? `The journeys sent ${figure(found.before, '', 2)} requests for each arrival until ${clock(breach.at - guard)}, and ${figure(found.during, '', 2)} from then on, ${figure(found.during / found.before, '', 2)} times as many: they send again themselves.`
        : `${found.name} was ${figure(found.before, '', 2)} for each arrival until ${clock(breach.at - guard)}, and ${figure(found.during, '', 2)} from then on, ${figure(found.during / found.before, '', 2)} times as much. Somebody between the load and it sends again.`,
      `Meanwhile ${percent(failed, 2)} of the requests failed. What is sent again is load too.`,
      ...(still === undefined ? [] : [still]),
    ],
    remedy: [
      'Send again in one place only, and for a share of the requests only: Envoy retry_budget { budget_percent: 10% }, gRPC retryThrottling { maxTokens: 10, tokenRatio: 0.1 }, nginx proxy_next_upstream_tries 1.',
      'Wait longer each time, by chance: a random time up to min(20 s, 100 ms × 2^attempt) before the next attempt, and none after the caller has gone.',
      "Let who is asked turn away what it can't do in time (503 with Retry-After), and drop what nobody waits for any more.",
    ],
    confirm: again(seen, `${found.name} stays at about ${figure(found.before, '', 2)} for each arrival`),
  }
}

export const retryStorm: Diagnosis = (seen) => {
  const { breach } = seen.attribution
  // A cache that loses an entry sends more to the database as well.
  if (breach === undefined || cacheStampede(seen) !== undefined) return undefined
  const symptoms = symptomsOf(seen.run)
  const offered = new Map(symptoms.map((each) => [each.second, each.offered]))
  const [found] = receivedIn(seen)
    .flatMap((received) => amplifiedAt(received, offered, breach) ?? [])
    .toSorted((a, b) => b.during / b.before - a.during / a.before)
  return found === undefined ? undefined : told(seen, found, breach, symptoms)
}

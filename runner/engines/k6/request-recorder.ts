/** Runs inside k6: what k6's own metrics do not hold of a request, its response time from when it was due or reached. */
import { Counter, Trend } from 'k6/metrics'
import type { RequestOptions } from '../../../scenarios/journey.ts'
import { isExpected } from '../virtual-user/request.ts'
import type { K6Response } from './answer.ts'
import { transportErrorOf } from './error-kind.ts'
import { type Known, names, nothingKnown } from './metric-names.ts'

/** The iteration that a request belongs to, as far as requests care. */
export type Visit = {
  /** Lag of the iteration, milliseconds. */
  lag: number
  /** No request was made yet. */
  isFirst: boolean
  isUnavailable: boolean
  /** False in set-up and teardown, which are in no figure. */
  isMeasured: boolean
  /** The request's time was told as the journey's, too. */
  isTold: boolean
}

export type Outcome = { readonly ok: boolean; readonly error: string | undefined }
const success: Outcome = { ok: true, error: undefined }
const unexpected: Outcome = { ok: false, error: undefined }

type Tags = { readonly endpoint: string; readonly outcome: 'success' | 'failure' }
/** Where the successes of an endpoint go. Tags cost k6 as much as two more samples, so endpoints known before the load have trends of their own. */
export type Successes = { readonly first: Trend; readonly later: Trend; readonly whole: Trend | undefined; readonly tags: Tags | undefined }

export type RequestRecorder = {
  readonly successesOf: (endpoint: string) => Successes
  /** Records what is a success without a second look. */
  readonly succeeded: (response: K6Response, successes: Successes) => Outcome
  readonly record: (response: K6Response, endpoint: string, timeout: number, options: RequestOptions | undefined, isFollowed: boolean) => Outcome
}

const mostTags = 2000

const dialLimit = 30_000 // milliseconds; k6's own for a connection

/** A request that hit its limit took that long, though k6 counts 0 when it had no connection by then. */
const timeOf = ({ timings: { blocked, duration }, error_code: code }: K6Response, timeout: number): number =>
  code === 1050 ? Math.max(timeout, blocked + duration) : code === 1211 ? Math.min(timeout, dialLimit) : blocked + duration

export const requestRecorder = (visit: Visit, { endpoints, isOneRequest }: Known = nothingKnown): RequestRecorder => {
  const firstResponseTime = new Trend(names.firstResponseTime, true)
  const responseTime = new Trend(names.responseTime, true)
  const tagged = new Counter(names.tagged)
  const failures = new Map<string, Tags>()
  const successes = new Map<string, Successes>(
    endpoints.map((endpoint, index) => [
      endpoint,
      {
        first: new Trend(`${names.firstResponseTime}_${index}`, true),
        later: new Trend(`${names.responseTime}_${index}`, true),
        whole: isOneRequest ? new Trend(`${names.wholeTime}_${index}`, true) : undefined,
        tags: undefined,
      },
    ]),
  )

  const successesOf = (endpoint: string): Successes => {
    const known = successes.get(endpoint)
    if (known !== undefined) return known
    const fresh: Successes = { first: firstResponseTime, later: responseTime, whole: undefined, tags: { endpoint, outcome: 'success' } }
    if (successes.size + failures.size < mostTags) successes.set(endpoint, fresh)
    return fresh
  }
  const failureTags = (endpoint: string): Tags => {
    const known = failures.get(endpoint)
    if (known !== undefined) return known
    const tags: Tags = { endpoint, outcome: 'failure' }
    if (successes.size + failures.size < mostTags) failures.set(endpoint, tags)
    return tags
  }

  const succeeded = ({ timings }: K6Response, { first, later, whole, tags }: Successes): Outcome => {
    if (!visit.isMeasured) return success
    const time = timings.blocked + timings.duration
    if (!visit.isFirst) later.add(time, tags)
    else {
      visit.isFirst = false
      if (whole === undefined) first.add(visit.lag + time, tags)
      else {
        visit.isTold = true
        whole.add(visit.lag + time)
      }
    }
    return success
  }

  const record: RequestRecorder['record'] = (response, endpoint, timeout, options, isFollowed) => {
    const { status } = response
    const ok = status !== 0 && (isFollowed || isExpected(status, options?.expect))
    const error = status === 0 ? transportErrorOf(response.error_code, response.error) : undefined
    // k6 counts nothing of a URL that it can't read, so neither must we.
    if (visit.isMeasured && response.error_code !== 1020) {
      if ((error !== undefined && error !== 'blocked') || status >= 500) visit.isUnavailable = true
      const time = timeOf(response, timeout)
      const { first, later, tags } = ok ? successesOf(endpoint) : { first: firstResponseTime, later: responseTime, tags: failureTags(endpoint) }
      if (visit.isFirst) first.add(visit.lag + time, tags)
      else later.add(time, tags)
      if (options?.tags !== undefined) for (const tag of Object.keys(options.tags)) tagged.add(1, { tag, value: options.tags[tag] ?? '' })
    }
    visit.isFirst = false
    return ok ? success : error === undefined ? unexpected : { ok: false, error }
  }
  return { successesOf, succeeded, record }
}

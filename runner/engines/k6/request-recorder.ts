/** Runs inside k6: what k6's own metrics do not hold of a request, its response time from when it was due or reached. */
import { Counter, Trend } from 'k6/metrics'
import type { RequestOptions } from '../../../scenarios/journey.ts'
import { isExpected } from '../virtual-user/request.ts'
import type { K6Response } from './answer.ts'
import { transportErrorOf } from './error-kind.ts'
import { names } from './metric-names.ts'

/** The iteration that a request belongs to, as far as requests care. */
export type Visit = {
  /** Lag of the iteration, milliseconds. */
  lag: number
  /** No request was made yet. */
  isFirst: boolean
  isUnavailable: boolean
  /** False in set-up and teardown, which are in no figure. */
  isMeasured: boolean
}

type Outcome = { readonly ok: boolean; readonly error: string | undefined }
const success: Outcome = { ok: true, error: undefined }
const unexpected: Outcome = { ok: false, error: undefined }

export type RequestRecorder = (response: K6Response, endpoint: string, timeout: number, options: RequestOptions | undefined, isFollowed: boolean) => Outcome

type Tags = { readonly endpoint: string; readonly outcome: 'success' | 'failure' }
const mostTags = 2000

const dialLimit = 30_000 // milliseconds; k6's own for a connection

/** A request that hit its limit took that long, though k6 counts 0 when it had no connection by then. */
const timeOf = ({ timings: { blocked, duration }, error_code: code }: K6Response, timeout: number): number =>
  code === 1050 ? Math.max(timeout, blocked + duration) : code === 1211 ? Math.min(timeout, dialLimit) : blocked + duration

export const requestRecorder = (visit: Visit): RequestRecorder => {
  const firstResponseTime = new Trend(names.firstResponseTime, true)
  const responseTime = new Trend(names.responseTime, true)
  const tagged = new Counter(names.tagged)
  const tagsBySuccess = new Map<string, Tags>()
  const tagsByFailure = new Map<string, Tags>()

  const tagsOf = (endpoint: string, ok: boolean): Tags => {
    const known = (ok ? tagsBySuccess : tagsByFailure).get(endpoint)
    if (known !== undefined) return known
    const tags: Tags = { endpoint, outcome: ok ? 'success' : 'failure' }
    if (tagsBySuccess.size + tagsByFailure.size < mostTags) (ok ? tagsBySuccess : tagsByFailure).set(endpoint, tags)
    return tags
  }

  return (response, endpoint, timeout, options, isFollowed) => {
    const { status } = response
    const ok = status !== 0 && (isFollowed || isExpected(status, options?.expect))
    const error = status === 0 ? transportErrorOf(response.error_code, response.error) : undefined
    // k6 counts nothing of a URL that it can't read, so neither must we.
    if (visit.isMeasured && response.error_code !== 1020) {
      if ((error !== undefined && error !== 'blocked') || status >= 500) visit.isUnavailable = true
      const time = timeOf(response, timeout)
      if (visit.isFirst) firstResponseTime.add(visit.lag + time, tagsOf(endpoint, ok))
      else responseTime.add(time, tagsOf(endpoint, ok))
      if (options?.tags !== undefined) for (const tag of Object.keys(options.tags)) tagged.add(1, { tag, value: options.tags[tag] ?? '' })
    }
    visit.isFirst = false
    return ok ? success : error === undefined ? unexpected : { ok: false, error }
  }
}

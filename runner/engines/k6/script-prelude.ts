/**
 * Runs inside k6 before an existing script loads. The script is bundled into a folder of ours and runs unchanged, so here its surroundings
 * are put right: relative paths of `open` start at the script, and the functions of k6/http's
 * default export tell each request's response time. (`import { get } from 'k6/http'` can't be reached so; its requests keep k6's own times.)
 */
import http from 'k6/http'
import { endpointName } from '../virtual-user/request.ts'
import type { K6Response } from './answer.ts'
import { requestRecorder, type Visit } from './request-recorder.ts'

declare const __ENV: Record<string, string | undefined>
type Open = (path: string, mode?: string) => unknown
const surroundings = globalThis as unknown as { open: Open }

const { PERF_K6_SCRIPT_FOLDER: folder = '', PERF_TARGET: target = '' } = __ENV

// Only there while the script loads, as k6 has it.
const { open } = surroundings
if (typeof open === 'function')
  surroundings.open = (path, mode) => {
    const absolute = /^([a-zA-Z][a-zA-Z0-9+.-]*:)?\//.test(path) ? path : `${folder}/${path}`
    return mode === undefined ? open(absolute) : open(absolute, mode)
  }

/** The iteration under way; script-runtime keeps it. */
export const visit: Visit = { lag: 0, isFirst: false, isUnavailable: false, isMeasured: true }

type Answered = K6Response & { readonly url: string; readonly request?: { readonly method?: string } }
type Params = { readonly tags?: Readonly<Record<string, string>>; readonly timeout?: string | number } | null | undefined
type Address = string | { readonly url?: string; readonly name?: string }

const record = requestRecorder(visit)

const limitOf = (params: Params): number => {
  const { timeout } = params ?? {}
  if (typeof timeout === 'number') return timeout
  const [, value, unit] = /^([\d.]+)(ms|s|m)$/.exec(timeout ?? '') ?? []
  return value === undefined ? 60_000 : Number(value) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000)
}

const tell = (response: Answered, method: string, address: Address, params: Params): void => {
  const own = params?.tags?.name
  const name = typeof address === 'object' && address?.name !== undefined ? address.name : response.url
  record(response, own ?? endpointName(response.request?.method ?? method, name, target), limitOf(params), undefined, false)
}

type Call = (...args: unknown[]) => unknown
const functions = http as unknown as Record<string, Call>

/** @param at which argument holds the parameters */
const wrap = (name: string, method: string | undefined, at: number): void => {
  const original = functions[name]
  if (original === undefined) return
  functions[name] = (...args: unknown[]) => {
    const [asked, address] = method === undefined ? [args[0] as string, args[1] as Address] : [method, args[0] as Address]
    const answered = original(...args) as Answered | Promise<Answered>
    const told = (response: Answered): Answered => {
      if (visit.isMeasured) tell(response, asked, address, args[at] as Params)
      return response
    }
    return typeof (answered as Promise<Answered>).then === 'function' ? (answered as Promise<Answered>).then(told) : told(answered as Answered)
  }
}

wrap('get', 'GET', 1)
wrap('head', 'HEAD', 1)
wrap('post', 'POST', 2)
wrap('put', 'PUT', 2)
wrap('patch', 'PATCH', 2)
wrap('del', 'DELETE', 2)
wrap('options', 'OPTIONS', 2)
wrap('request', undefined, 3)
wrap('asyncRequest', undefined, 3)

const { batch } = functions
if (batch !== undefined)
  functions.batch = (...args: unknown[]) => {
    const answers = batch(...args) as Answered[] | Record<string, Answered>
    if (visit.isMeasured) {
      const requests = args[0] as Record<string, unknown>
      for (const [key, answer] of Object.entries(answers)) {
        const request = requests[key]
        const [method, address, , params] = Array.isArray(request)
          ? (request as [string, Address, unknown, Params])
          : typeof request === 'object' && request !== null && 'method' in request
            ? [(request as { method: string }).method, (request as unknown as { url: Address }).url, null, (request as { params?: Params }).params]
            : ['GET', request as Address, null, undefined]
        tell(answer, method, address, params)
      }
    }
    return answers
  }

/**
 * Runs inside k6 before an existing script loads under our load: the functions of k6/http's default export tell each request's response
 * time from then on. (`import { get } from 'k6/http'` can't be reached so; its requests keep k6's own duration.)
 */
import http from 'k6/http'
import { endpointName } from '../virtual-user/request.ts'
import type { K6Response } from './answer.ts'
import { requestRecorder } from './request-recorder.ts'
import { target } from './script-surroundings.ts'
import { visit } from './script-visit.ts'

type Answered = K6Response & { readonly url: string; readonly request?: { readonly method?: string } }
type Params = { readonly tags?: Readonly<Record<string, string>>; readonly timeout?: string | number } | null | undefined
type Address = string | { readonly url?: string; readonly name?: string }

const { record } = requestRecorder(visit)

const limitOf = (params: Params): number => {
  const { timeout } = params ?? {}
  if (typeof timeout === 'number') return timeout
  const [, value, unit] = /^([\d.]+)(ms|s|m)$/.exec(timeout ?? '') ?? []
  return value === undefined ? 60_000 : Number(value) * (unit === 'ms' ? 1 : unit === 's' ? 1000 : 60_000)
}

// Naming an endpoint takes k6's interpreter some 40 µs, half as long as a whole request.
const mostNames = 2000
const endpoints = new Map<string, string>()
const endpointOf = (method: string, url: string): string => {
  const key = `${method} ${url}`
  const known = endpoints.get(key)
  if (known !== undefined) return known
  const name = endpointName(method, url, target)
  if (endpoints.size >= mostNames) endpoints.clear() // ids in paths: a cache of them all would only grow
  endpoints.set(key, name)
  return name
}

const tell = (response: Answered, method: string, address: Address, params: Params): void => {
  const own = params?.tags?.name
  const name = typeof address === 'object' && address?.name !== undefined ? address.name : response.url
  record(response, own ?? endpointOf(response.request?.method ?? method, name), limitOf(params), undefined, false)
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

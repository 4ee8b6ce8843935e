/** The seven ways to say a method, from the one way to send a request. Plain ES2022: it also runs inside k6. */
import type { Method, RequestOptions } from '../../../scenarios/journey.ts'

type Request<Answer> = (method: Method, url: string, options?: RequestOptions) => Answer
type Verb<Answer> = (url: string, options?: RequestOptions) => Answer
export type Verbs<Answer> = { readonly request: Request<Answer> } & Readonly<
  Record<'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'options', Verb<Answer>>
>

/** @example verbsOf(request).post('/cart', options) // request('POST', '/cart', options) */
export const verbsOf = <Answer>(request: Request<Answer>): Verbs<Answer> => ({
  request,
  get: (url, options) => request('GET', url, options),
  head: (url, options) => request('HEAD', url, options),
  post: (url, options) => request('POST', url, options),
  put: (url, options) => request('PUT', url, options),
  patch: (url, options) => request('PATCH', url, options),
  delete: (url, options) => request('DELETE', url, options),
  options: (url, options) => request('OPTIONS', url, options),
})

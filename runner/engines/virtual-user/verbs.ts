/** The seven ways to say a method, from the one way to send a request. Plain ES2022: it also runs inside k6. */
import type { Http } from '../../../scenarios/journey.ts'

/** @example verbsOf(request).post('/cart', options) // request('POST', '/cart', options) */
export const verbsOf = (request: Http['request']): Omit<Http, 'batch'> => ({
  request,
  get: (url, options) => request('GET', url, options),
  head: (url, options) => request('HEAD', url, options),
  post: (url, options) => request('POST', url, options),
  put: (url, options) => request('PUT', url, options),
  patch: (url, options) => request('PATCH', url, options),
  delete: (url, options) => request('DELETE', url, options),
  options: (url, options) => request('OPTIONS', url, options),
})

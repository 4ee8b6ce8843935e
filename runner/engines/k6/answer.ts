/** Runs inside k6: an answer as the authoring API shows it. What a journey does not read is not converted. */
import type { HttpResponse } from '../../../scenarios/journey.ts'

/** What is read of k6's own response. */
export type K6Response = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly error: string
  readonly error_code: number
  readonly timings: { readonly blocked: number; readonly duration: number }
}

export class Answer implements HttpResponse {
  readonly status: number
  readonly url: string
  readonly ok: boolean
  readonly error: string | undefined
  readonly #response: K6Response
  #headers: Record<string, string> | undefined

  constructor(response: K6Response, url: string, outcome: { readonly ok: boolean; readonly error: string | undefined }) {
    this.#response = response
    this.status = response.status
    this.url = url
    this.ok = outcome.ok
    this.error = outcome.error
  }

  get headers(): Readonly<Record<string, string>> {
    this.#headers ??= Object.fromEntries(Object.entries(this.#response.headers).map(([name, value]) => [name.toLowerCase(), value]))
    return this.#headers
  }

  get body(): string {
    return this.error === undefined ? (this.#response.body ?? '') : ''
  }

  get serviceTime(): number {
    return this.#response.timings.duration
  }

  json<T = unknown>(): T {
    return JSON.parse(this.body) as T
  }
}

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

// A symbol and not a private field: those cost k6's interpreter several microseconds for each answer.
const source = Symbol('source')
const lowered = Symbol('lowered')

export class Answer implements HttpResponse {
  // Declared only: a field that is made before it is given its value is made twice.
  declare readonly status: number
  declare readonly url: string
  declare readonly ok: boolean
  declare readonly error: string | undefined
  declare private readonly [source]: K6Response
  declare private [lowered]?: Record<string, string>

  constructor(response: K6Response, url: string, { ok, error }: { readonly ok: boolean; readonly error: string | undefined }) {
    this.status = response.status
    this.url = url
    this.ok = ok
    this.error = error
    this[source] = response
  }

  get headers(): Readonly<Record<string, string>> {
    this[lowered] ??= Object.fromEntries(Object.entries(this[source].headers).map(([name, value]) => [name.toLowerCase(), value]))
    return this[lowered]
  }

  get body(): string {
    return this.error === undefined ? (this[source].body ?? '') : ''
  }

  get serviceTime(): number {
    return this[source].timings.duration
  }

  json<T = unknown>(): T {
    return JSON.parse(this.body) as T
  }
}

/** Exact counts of what the shop was asked and what it answered: the truth that a load test of it is held to. */
import { endpointOf } from '../../scenarios/endpoint.ts'

/** Answers by endpoint (`GET /products/:id`) and status; status 0: the client went away before its answer was written. */
export type EndpointCounts = Record<string, Record<string, number>>

/** More names than this are somebody's scan; they share one. */
const mostEndpoints = 1000

export class Counts {
  requests = 0
  readonly endpoints: EndpointCounts = {}

  arrived(): void {
    this.requests += 1
  }

  answered(method: string, url: string, status: number): void {
    const statuses = this.#statusesOf(endpointOf(method, url))
    statuses[status] = (statuses[status] ?? 0) + 1
  }

  #statusesOf(named: string): Record<string, number> {
    const known = this.endpoints[named]
    if (known) return known
    const endpoint = Object.keys(this.endpoints).length < mostEndpoints ? named : '(other)'
    this.endpoints[endpoint] ??= {}
    return this.endpoints[endpoint]
  }
}

import { PerfError } from '../../runner/errors/perf-error.ts'
import { listed } from './listed.ts'

/** A budget names an endpoint, journey, group or check that the run does not know. */
export class UnknownEndpointError extends PerfError {
  readonly exitCode = 2
  constructor(
    readonly budget: string,
    readonly file: string,
    readonly kind: 'endpoint' | 'journey' | 'group' | 'check',
    readonly endpoint: string,
    readonly known: readonly string[],
  ) {
    super(`Budget "${budget}" in ${file} names the ${kind} "${endpoint}", ${sentences[kind](known)} Correct the name, or remove the budget.`)
  }
}

const sentences = {
  endpoint: (known: readonly string[]) => `which no request matched. Requests went to ${listed(known)}.`,
  journey: (known: readonly string[]) => `which the run did not have. Its journeys were ${listed(known)}.`,
  group: (known: readonly string[]) => `which no journey entered. Its groups were ${listed(known)}.`,
  check: (known: readonly string[]) => `which no journey made. Its checks were ${listed(known)}.`,
}

/** Where an alert's series comes from: the kind of its probe, and what a Prometheus probe asked for it, so that exactly that can be watched. */
import type { Run } from '../../../runner/run.ts'
import type { Alert } from '../recommendation.ts'

/** @param series as a resource is called @returns no kind and no query for runs that did not keep them */
export const sourceOf = ({ observations = [], watched = [] }: Run, series: string): Pick<Alert, 'series' | 'kind' | 'query'> => {
  const plain = series.replace(/ of one thread$/, '')
  const kind = watched.find(({ name }) => plain.startsWith(`${name}.`))?.kind ?? undefined
  const found = observations.find((each) => each.kind === 'expression' && `${each.probe}.${each.values.series}` === plain)
  const limit = found?.values.limit ?? undefined
  return { series: plain, ...(kind !== undefined && { kind }), ...(found && { query: { value: found.subject, ...(limit !== undefined && { limit }) } }) }
}

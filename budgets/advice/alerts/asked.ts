/** What a Prometheus probe asked for a series, so that an alert can watch exactly that. */
import type { Run } from '../../../runner/run.ts'
import type { Alert } from '../recommendation.ts'

/** @returns nothing for series of other probes, and of runs that did not keep it */
export const askedFor = ({ observations = [] }: Run, series: string): Pick<Alert, 'query'> => {
  const plain = series.replace(/ of one thread$/, '')
  const found = observations.find(({ kind, probe, values }) => kind === 'expression' && `${probe}.${values.series}` === plain)
  if (found === undefined) return {}
  const { limit } = found.values
  return { query: { value: found.subject, ...(limit !== undefined && limit !== null && { limit }) } }
}

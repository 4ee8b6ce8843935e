/** Every series of the probes, those too that follow whatever broke: work that is done tells which illness it is, though it never breaks first. */
import type { Run, Series } from '../../runner/run.ts'
import { type Reading, readingsOf } from '../attribution/resources.ts'

export type Watched = { readonly name: string; readonly service: string; readonly what: string; readonly unit: string; readonly readings: readonly Reading[] }

const watchedOf = (series: Series): Watched => {
  const [service = '', ...rest] = series.name.split('.')
  return { name: series.name, service, what: rest.join('.'), unit: series.unit, readings: readingsOf(series) }
}

/** @param run what follows its warm-up */
export const watchedIn = (run: Run): readonly Watched[] => run.probes.filter(({ name }) => !name.startsWith('generator.')).map(watchedOf)

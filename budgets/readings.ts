/** A run's series as budgets speak of them: by their names, in budgets' units, or as the share of a limit. */
import type { Run, Series } from '../runner/run.ts'
import type { Unit } from './budget.ts'

/** Values of one series, in the unit of budgets. */
export type Readings = { readonly unit: Unit; readonly at: readonly number[]; readonly values: readonly (number | null)[] }

const foreign: Readonly<Record<string, readonly [unit: Unit, factor: number]>> = {
  ms: ['ms', 1],
  s: ['ms', 1000],
  us: ['ms', 0.001],
  '%': ['ratio', 0.01],
  ratio: ['ratio', 1],
  '/s': ['/s', 1],
}

const convert = ({ unit, at, values }: Series): Readings => {
  const [own, factor] = (Object.hasOwn(foreign, unit) ? foreign[unit] : undefined) ?? (['', 1] as const)
  return { unit: own, at, values: values.map((value) => (value === null ? null : value * factor)) }
}

const suffix = '.saturation'

/** A series by its name, or as `<name>.saturation` the share of its limit that is used. */
export const readingsOf = (run: Run, name: string): Readings | undefined => {
  const named = run.probes.find((series) => series.name === name)
  if (named !== undefined) return convert(named)
  const base = name.endsWith(suffix) ? run.probes.find((series) => series.name === name.slice(0, -suffix.length)) : undefined
  if (base === undefined || base.limit === null || base.limit === 0) return undefined
  const { limit } = base
  return { unit: 'ratio', at: base.at, values: base.values.map((value) => (value === null ? null : value / limit)) }
}

/** Names a budget may use for this run's probes. */
export const seriesNames = (run: Run): string[] =>
  run.probes.flatMap(({ name, limit }) => (limit === null || limit === 0 ? [name] : [name, `${name}${suffix}`]))

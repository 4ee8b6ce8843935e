/** Limits as people write them: `200ms`, `1.5s`, `80%`, `50/s`, `1000`, and whole expressions such as `p95<200ms`. */
import { type Budget, type Stat, stats, type Unit } from './budget.ts'

export type WrittenLimit = { readonly value: number; readonly unit?: Unit }

const units: Readonly<Record<string, readonly [unit: Unit, factor: number]>> = {
  us: ['ms', 0.001],
  µs: ['ms', 0.001],
  ms: ['ms', 1],
  s: ['ms', 1000],
  m: ['ms', 60_000],
  '%': ['ratio', 0.01],
  '/s': ['/s', 1],
  '/m': ['/s', 1 / 60],
}

/** Rounded to 12 digits: 0.1 × 0.01 is 0.001 on paper. */
const scaled = (number: number, factor: number): number => Number((number * factor).toPrecision(12))

/**
 * A limit with its unit; `undefined` when the text is none.
 * @example parseLimit('1.5s') // { value: 1500, unit: 'ms' }
 * @example parseLimit('0.1%') // { value: 0.001, unit: 'ratio' }
 */
export const parseLimit = (text: string | number): WrittenLimit | undefined => {
  if (typeof text === 'number') return Number.isFinite(text) && text >= 0 ? { value: text } : undefined
  const match = /^(\d+(?:\.\d*)?(?:e-?\d+)?|\.\d+)\s*(us|µs|ms|s|m|%|\/s|\/m)?$/.exec(text.trim())
  if (match === null) return undefined
  const [unit, factor] = units[match[2] ?? ''] ?? [undefined, 1]
  const value = scaled(Number(match[1]), factor)
  return unit === undefined ? { value } : { value, unit }
}

/** A limit that speaks of another run, such as `<=+10%`. */
export const isRelative = (text: string): boolean => /[+-]\s*\d+(\.\d+)?\s*%/.test(text)

const synonyms: Readonly<Record<string, Stat>> = { avg: 'mean', med: 'p50', 'p99.9': 'p999' }

/** A stat in our words or in k6's. @example statOf('p(99.9)') // 'p999' @example statOf('p(97)') // undefined */
export const statOf = (text: string): Stat | undefined => {
  const name = text.replace(/^p\(\s*(\d+(?:\.\d+)?)\s*\)$/, 'p$1')
  return stats.find((stat) => stat === name) ?? (Object.hasOwn(synonyms, name) ? synonyms[name] : undefined)
}

export type Comparison = { readonly is: Budget['limit']['is']; readonly strict?: true }

const comparisons: Readonly<Record<string, Comparison>> = {
  '<': { is: 'at_most', strict: true },
  '<=': { is: 'at_most' },
  '>': { is: 'at_least', strict: true },
  '>=': { is: 'at_least' },
}

export type Expression = {
  /** What stands left of the comparison. */
  readonly left: string
  readonly operator: string
  readonly comparison: Comparison | undefined
  readonly right: string
}

/** Splits `left operator right`; `undefined` when there is no comparison in it. `==` and `!=` have no {@link Comparison}. */
export const parseExpression = (text: string): Expression | undefined => {
  const match = /^(.*?)\s*(<=|>=|===|==|!=|<|>)\s*(.*)$/.exec(text.trim())
  if (match === null) return undefined
  const [, left = '', operator = '', right = ''] = match
  return { left: left.trim(), operator, comparison: comparisons[operator], right: right.trim() }
}

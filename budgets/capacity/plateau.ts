/** Where a sweep's throughput stops growing, and when a sweep has seen enough. plateau.md explains the rule and how often it errs. */
import type { Sweep } from '../../runner/run.ts'
import type { BatchMean } from '../../runner/stats/batch-means.ts'
import { tQuantile } from '../../runner/stats/student-t.ts'
import { count, countOf, figure, percent } from '../figure.ts'
import { type JudgedLevel, judgeLevel } from './sweep-level.ts'

/** Growth that is not worth having: two doublings together must stay below it. */
const worthwhile = 1.05
/** Below this share of the peak throughput has fallen; less may be the difference between one level and the next. */
const fallen = 0.9
const confirmations = 2
/** A scalability law needs as many loads, so a plateau found early does not end the sweep. */
const forAModel = 6
const failing = { share: 0.1, fewest: 20 } as const

type Usable = JudgedLevel & { readonly throughput: BatchMean }

export type Interval = { readonly mean: number; readonly low: number; readonly high: number }

export type Plateau =
  | {
      readonly found: true
      /** `falls`: more connections gave clearly less. */
      readonly kind: 'level' | 'falls'
      /** Fewest connections that reach it. */
      readonly connections: number
      /** Successful answers per second on it. */
      readonly throughput: Interval
      readonly because: string
    }
  | { readonly found: false /** Throughput that was reached in any case, or null. */; readonly atLeast: number | null; readonly because: string }

const rate = (value: number): string => figure(value, '/s')
const interval = ({ mean, low, high }: Interval): string => `${rate(mean)} [${figure(low, '')}, ${figure(high, '')}]`

/** One-sided 95 % limits of b ÷ a, by the spread of ln X (delta method) and Welch's degrees of freedom, rounded down. */
const growth = (a: BatchMean, b: BatchMean): { readonly low: number; readonly high: number } => {
  const [va, vb] = [(a.standardError / a.mean) ** 2, (b.standardError / b.mean) ** 2]
  const ratio = b.mean / a.mean
  if (va + vb === 0) return { low: ratio, high: ratio }
  const degrees = Math.max(1, Math.floor((va + vb) ** 2 / (va ** 2 / a.degrees + vb ** 2 / b.degrees)))
  const factor = Math.exp(tQuantile(0.95, degrees) * Math.sqrt(va + vb))
  return { low: ratio / factor, high: ratio * factor }
}

const isUsable = (level: JudgedLevel): level is Usable => level.excluded === undefined

/** Mean of the levels on the plateau; its interval is from level to level, because those differ by more than their seconds do. */
const together = (levels: readonly Usable[]): Interval => {
  const means = levels.map(({ throughput }) => throughput.mean)
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length
  const spread = Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (means.length - 1) / means.length)
  const half = tQuantile(0.975, means.length - 1) * spread
  return { mean, low: Math.max(0, mean - half), high: mean + half }
}

const found = (start: Usable, after: readonly Usable[]): Plateau => {
  const { connections } = start.level
  const lower = after.findLast(({ throughput }) => growth(start.throughput, throughput).high < fallen)
  if (lower !== undefined)
    return {
      found: true,
      kind: 'falls',
      connections,
      throughput: start.throughput,
      because: `Throughput peaks near N = ${count(connections)} at ${interval(start.throughput)} and falls to ${rate(lower.throughput.mean)} at N = ${count(lower.level.connections)}.`,
    }
  // Levels with errors are told of, but what they still answered is no property of the plateau.
  const on = [start, ...after].filter(({ errorRate }) => errorRate <= 0.01)
  const throughput = on.length > confirmations ? together(on) : start.throughput
  const last = after.at(-1)?.level.connections ?? connections
  return {
    found: true,
    kind: 'level',
    connections,
    throughput,
    because: `Throughput levels off at ${interval(throughput)} from N = ${count(connections)} on; up to N = ${count(last)} more connections gave no more.`,
  }
}

const notFound = (usable: readonly Usable[], all: readonly JudgedLevel[]): Plateau => {
  const best = usable.reduce<Usable | undefined>(
    (most, level) => (most === undefined || level.throughput.mean > most.throughput.mean ? level : most),
    undefined,
  )
  const atLeast = best === undefined ? null : best.throughput.low
  const reached = best === undefined ? '' : ` It reached at least ${rate(best.throughput.low)}.`
  const bound = all.find(({ isGeneratorBound }) => isGeneratorBound)
  if (bound !== undefined)
    return {
      found: false,
      atLeast,
      because: `No plateau of the target can be stated: at N = ${count(bound.level.connections)} ${bound.excluded}.${reached}`,
    }
  if (usable.length <= confirmations)
    return {
      found: false,
      atLeast,
      because: `No plateau can be stated: ${countOf(usable.length, 'level')} can be used and ${confirmations + 1} are needed.${reached}`,
    }
  const [before, last] = [usable.at(-2), usable.at(-1)] as [Usable, Usable]
  const { low, high } = growth(before.throughput, last.throughput)
  const top = count(last.level.connections)
  if (low < worthwhile && high >= worthwhile)
    return {
      found: false,
      atLeast,
      because: `Whether throughput still rises at N = ${top} can't be told: the last doubling changed it by ${percent(low - 1, 2)} to ${percent(high - 1, 2)}. Hold each level longer with --hold.${reached}`,
    }
  return {
    found: false,
    atLeast,
    because:
      low >= worthwhile
        ? `No plateau up to N = ${top}: throughput was still rising.${reached}`
        : `No plateau is confirmed up to N = ${top}: throughput has stopped rising, and another level must show it too.${reached}`,
  }
}

const plateauAmong = (judged: readonly JudgedLevel[]): Plateau => {
  const usable = judged.filter(isUsable)
  const start = usable.findIndex((level, index) => {
    const next = usable.slice(index + 1, index + 1 + confirmations)
    return next.length === confirmations && next.every(({ throughput }) => growth(level.throughput, throughput).high < worthwhile)
  })
  const first = usable[start]
  return first === undefined ? notFound(usable, judged) : found(first, usable.slice(start + 1))
}

/**
 * The smallest N after which two further levels in a row gave, each with 95 % confidence, less than 5 % more throughput than it.
 * @example plateauOf(sweep) // { found: true, kind: 'level', connections: 8, throughput: { mean: 1003, … }, because: 'Throughput levels off at 1,003/s [997, 1,009] from N = 8 on; …' }
 */
export const plateauOf = (sweep: Pick<Sweep, 'levels' | 'batch'>): Plateau => plateauAmong(sweep.levels.map((level) => judgeLevel(level, sweep)))

export type SweepFindings = { readonly levels: readonly JudgedLevel[]; readonly plateau: Plateau }

export const findingsOf = (sweep: Pick<Sweep, 'levels' | 'batch'>): SweepFindings => {
  const levels = sweep.levels.map((level) => judgeLevel(level, sweep))
  return { levels, plateau: plateauAmong(levels) }
}

const mostCommon = (errors: Readonly<Record<string, number>>): string => Object.entries(errors).sort((a, b) => b[1] - a[1])[0]?.[0] ?? 'unknown'

/** Why a sweep need not go on after the levels it has, as a clause; undefined when it should. */
export const sweepEndsBecause = (sweep: Pick<Sweep, 'levels' | 'batch'>): string | undefined => {
  const judged = sweep.levels.map((level) => judgeLevel(level, sweep))
  const last = judged.at(-1)
  if (last === undefined) return undefined
  const { completed, failed, errors, connections } = last.level
  const at = `at N = ${count(connections)}`
  if (completed === 0) return `${at} no request was answered`
  if (completed >= failing.fewest && last.errorRate > failing.share)
    return `${at} ${percent(last.errorRate, 2)} of ${count(completed)} requests failed, mostly with "${mostCommon(errors)}" (${count(failed)} in all)`
  if (judged.length >= 2 && judged.slice(-2).every(({ isGeneratorBound }) => isGeneratorBound))
    return `the generator, not the target, was the limit ${at}: ${last.excluded}`
  if (judged.length < forAModel) return undefined
  const plateau = plateauAmong(judged)
  return plateau.found ? `throughput grew no more after N = ${count(plateau.connections)}` : undefined
}

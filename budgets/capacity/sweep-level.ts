/** One level of a sweep as the plateau is judged from it: throughput with its interval, and whether the level may be believed. */
import type { Sweep, SweepLevel } from '../../runner/run.ts'
import { type BatchMean, batchMean } from '../../runner/stats/batch-means.ts'
import { count, figure, percent } from '../figure.ts'

/** From here on a generator has too little room of its own to show five per cent of growth. */
const busiest = 0.9
const tolerated = 0.05 // of Little's law: as much as a sound generator may be off

export type JudgedLevel = {
  readonly level: SweepLevel
  /** Successful answers per second, with the ends of the 95 % interval; undefined below five batches. */
  readonly throughput: BatchMean | undefined
  readonly errorRate: number
  /** |N − X·R| ÷ N, with X and R of all that completed: what the books do not explain. */
  readonly residual: number
  readonly isGeneratorBound: boolean
  /** Why it says nothing of the target, as a clause; undefined when it does. */
  readonly excluded: string | undefined
}

const perSecond = (mean: BatchMean, batch: number): BatchMean => ({
  ...mean,
  mean: mean.mean / batch,
  low: Math.max(0, mean.low / batch),
  high: mean.high / batch,
  standardError: mean.standardError / batch,
})

const exclusion = (level: SweepLevel, throughput: BatchMean | undefined, residual: number): string | undefined => {
  const { completed, underWay, connections, busy, seconds } = level
  if (completed === 0) return 'no request was answered in it'
  if (throughput === undefined) return 'it is too short for five batches'
  if (throughput.mean === 0) return 'every request failed'
  if (busy >= busiest) return `the generator’s own thread was busy ${percent(busy, 2)} of the time`
  // A request at either end of the level is counted whole or not at all.
  const edge = underWay / completed / 1000 / seconds
  if (residual > tolerated + edge)
    return `its requests account for ${figure(underWay / 1000 / seconds, '')} of ${count(connections)} connections (Little’s law), so its counts can’t be right`
  return undefined
}

export const judgeLevel = (level: SweepLevel, { batch }: Pick<Sweep, 'batch'>): JudgedLevel => {
  const inBatches = batchMean(level.batches)
  const throughput = inBatches && perSecond(inBatches, batch)
  const residual = Math.abs(level.connections - level.underWay / 1000 / level.seconds) / level.connections
  return {
    level,
    throughput,
    errorRate: level.completed === 0 ? 0 : level.failed / level.completed,
    residual,
    isGeneratorBound: level.busy >= busiest,
    excluded: exclusion(level, throughput, residual),
  }
}

/** What a sweep found, as every renderer tells it: a row for each level, and where throughput stops growing. */
import type { SweepFindings } from '../budgets/capacity/plateau.ts'
import type { JudgedLevel } from '../budgets/capacity/sweep-level.ts'
import type { Run } from '../runner/run.ts'
import { count, milliseconds, percent, plain, rate } from './format.ts'
import { percentilesOf } from './percentiles.ts'
import type { SweepReport } from './report.ts'

const levelOf = ({ level, throughput, errorRate, residual, excluded }: JudgedLevel): SweepReport['levels'][number] => ({
  connections: level.connections,
  throughput: throughput === undefined ? null : { mean: throughput.mean, low: throughput.low, high: throughput.high },
  completed: level.completed,
  errorRate,
  errors: level.errors,
  serviceTime: percentilesOf(level.serviceTime, 0, level.errors.timeout ?? 0),
  residual,
  busy: level.busy,
  excluded: excluded ?? null,
})

export const sweepReportOf = ({ sweep }: Run, findings: SweepFindings | undefined): SweepReport | undefined =>
  sweep === undefined || findings === undefined
    ? undefined
    : { requests: sweep.requests, levels: findings.levels.map(levelOf), plateau: findings.plateau, stopped: sweep.stopped }

export const sweepHeads = ['N', 'Throughput', '95 % interval', 'p50', 'p95', 'p99', 'Errors'] as const

/** A level's figures as text, in the order of the heads; a level that tells nothing of the target is marked. */
export const sweepCells = ({ connections, throughput, serviceTime: { p50, p95, p99 }, errorRate, excluded }: SweepReport['levels'][number]): string[] => [
  `${count(connections)}${excluded === null ? '' : ' *'}`,
  rate(throughput?.mean ?? null),
  throughput === null ? '–' : `${plain(throughput.low)} – ${plain(throughput.high)}`,
  ...[p50, p95, p99].map((value) => milliseconds(value)),
  percent(errorRate, 2),
]

/** What the marked levels are marked for, each reason once. */
export const exclusions = ({ levels }: SweepReport): string[] => {
  const byReason = new Map<string, number[]>()
  for (const { connections, excluded } of levels) if (excluded !== null) byReason.set(excluded, [...(byReason.get(excluded) ?? []), connections])
  return [...byReason].map(([reason, connections]) => `N = ${connections.map(count).join(', ')} not used: ${reason}.`)
}

/** @example 'GET /search?q=tea, counted after the first second of each level; ended because throughput grew no more after N = 8' */
export const sweepSentence = ({ requests, stopped }: SweepReport): string =>
  `${requests.join(', ')}, over N connections at a time; it ended because ${stopped === '' ? 'of a reason nobody told' : stopped}.`

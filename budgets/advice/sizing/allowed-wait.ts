/** By how much an answer may take longer than it does without load: what the objective allows over what calm answers take. */
import type { Run } from '../../../runner/run.ts'
import { type Declined, declined } from '../../../runner/stats/few.ts'
import { type Histogram, merge } from '../../../runner/stats/histogram.ts'
import { quantile } from '../../../runner/stats/quantile.ts'
import type { Budget, Stat } from '../../budget.ts'
import { wordsOfObjective } from '../../capacity/objective.ts'
import type { Objective } from '../../capacity/step-judge.ts'
import { halvesOf, shapeOf } from '../../capacity/steps.ts'
import { figure } from '../../figure.ts'

export type AllowedWait = {
  readonly declined: false
  readonly factor: number /** Ends a sentence that says how busy a core may be. */
  readonly because: string
}

const unknown = 2 // where no objective is known
/** One core is 70 % busy then. Beyond it bursts and the periods of a quota decide, which no mean knows of. */
const most = 10 / 3
const enough = 100 // calm answers, without which a percentile says little
const coldStart = 2 // seconds of a run that no calm is told from

const quantiles: Readonly<Partial<Record<Stat, number>>> = { p50: 0.5, p75: 0.75, p90: 0.9, p95: 0.95, p99: 0.99, p999: 0.999 }

/** What budgets demand of the response time of everything together. */
export const objectivesIn = (budgets: readonly Budget[]): Objective[] =>
  budgets.flatMap(({ metric, endpoint, stat = 'p95', limit, level }) => {
    const asked = quantiles[stat]
    const isObjective = metric === 'response_time' && endpoint === undefined && level === 'error' && limit.is === 'at_most'
    return isObjective && asked !== undefined ? [{ quantile: asked, milliseconds: limit.value }] : []
  })

/** Successful answers at the lowest rates that any of the runs had, from as many of them as it takes. */
const calmAnswers = (runs: readonly Run[]): Histogram => {
  const halves = runs.flatMap((run) =>
    halvesOf(shapeOf(run)).flatMap(({ high, from, until }) => {
      if (from < coldStart || until > run.timeline.length) return []
      const cells = run.timeline.slice(from, until).flatMap((second) => second.cells)
      return [{ rate: high, answers: merge(cells.flatMap(({ outcome, responseTime }) => (outcome === 'success' ? [responseTime] : []))) }]
    }),
  )
  const calm: Histogram[] = []
  let [known, rate] = [0, 0]
  for (const half of halves.toSorted((a, b) => a.rate - b.rate)) {
    if (known >= enough && half.rate > rate) break
    calm.push(half.answers)
    known += half.answers.count
    rate = half.rate
  }
  return merge(calm)
}

/**
 * @param objectives the one that allows least decides
 * @example allowedWait(runs, [{ quantile: 0.95, milliseconds: 20 }]) // { factor: 2.5, because: 'p95 ≤ 20 ms allows 2.5 times the 8 ms without load' }
 */
export const allowedWait = (runs: readonly Run[], objectives: readonly Objective[]): AllowedWait | Declined => {
  const calm = calmAnswers(runs)
  const told = objectives.flatMap((objective) => {
    const without = quantile(calm, objective.quantile)
    return calm.count < enough || without === undefined || without <= 0 ? [] : [{ objective, without, factor: objective.milliseconds / without }]
  })
  const [least] = told.toSorted((a, b) => a.factor - b.factor)
  if (least === undefined)
    return { declined: false, factor: unknown, because: `p99 to stay within ${unknown} times what it is without load, as no objective says otherwise` }
  const { objective, without, factor } = least
  if (factor <= 1)
    return declined(
      `Size unknown, because the objective ${wordsOfObjective(objective)} is missed without load already: ${figure(without, 'ms')} then. Make a request quicker, or choose an objective that a calm target meets.`,
    )
  return {
    declined: false,
    factor: Math.min(most, factor),
    because: `${wordsOfObjective(objective)}, ${figure(factor, '')} times the ${figure(without, 'ms')} without load${factor > most ? `, of which ${figure(most, '')} times are planned with, since bursts take the rest` : ''}`,
  }
}

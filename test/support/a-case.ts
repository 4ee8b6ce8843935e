/** Runs in which something breaks at a known second, and what is said of them. */
import { attribute } from '../../budgets/attribution/attribute.ts'
import { diagnose, remarks } from '../../budgets/diagnosis/diagnose.ts'
import type { Illness } from '../../budgets/diagnosis/illness.ts'
import type { Observation, Run, Series } from '../../runner/run.ts'
import { aRun, holds, type RunFacts } from './a-run.ts'
import { aSeries } from './a-series.ts'

export const seconds = 60
export const breaks = 40

export const withObservations = (run: Run, observations: readonly Observation[]): Run => ({ ...run, observations: [...observations] })
/** Slow from a step of the load on. */
export const slow = (probes: readonly Series[], facts: RunFacts = {}): Run =>
  aRun({ shape: holds([20, breaks], [80, seconds - breaks]), latency: ({ t }) => (t < breaks ? 20 : 800), probes, ...facts })
export const well = (probes: readonly Series[], facts: RunFacts = {}): Run => aRun({ seconds, rate: 50, probes, ...facts })
export const illnessesOf = (run: Run): Illness[] => diagnose(run, attribute(run, []))
export const names = (run: Run): string[] => illnessesOf(run).map(({ illness }) => illness)
export const remarksOf = (run: Run): string[] => remarks(run, attribute(run, []))
/** A little unsteady, as readings are, until the step. */
export const step = (name: string, unit: string, before: number, after: number, limit: number | null = null): Series =>
  aSeries(name, unit, seconds, (at) => (at < breaks ? before * (1 + 0.04 * ((at * 7) % 5)) : after), limit)

/** May the run be believed at all? Rules on what happened, each with the value found and a reason a person can act on. */
import type { RunRecord, Validity } from './run.ts'
import { quantile } from './stats/quantile.ts'

type Facts = Pick<RunRecord, 'load' | 'ending' | 'lag' | 'test' | 'engine' | 'endpoints'>

/** Start lag that a user would notice as slowness of the target, though it is the generator's. */
const lagLimits = { suspect: 50, invalid: 500 } as const // milliseconds, at p99

/** Shares of requests turned away with 429 or 403 from which the figures are rather the limiter's than the target's. */
const limitedShares = { suspect: 0.02, invalid: 0.3 } as const

const turnedAway = ({ endpoints }: Facts): number => endpoints.reduce((sum, { errors }) => sum + (errors['HTTP 429'] ?? 0) + (errors['HTTP 403'] ?? 0), 0)

const percent = (ratio: number): string => `${Number((ratio * 100).toPrecision(2))} %`

type Finding = { readonly state: 'SUSPECT' | 'INVALID'; readonly code: string; readonly text: string }

const findings = (facts: Facts): Finding[] => {
  const { load, ending, lag, test, engine } = facts
  const found: Finding[] = []
  const add = (state: Finding['state'], code: string, text: string): void => {
    found.push({ state, code, text })
  }
  if (ending.state === 'failed') add('INVALID', 'engine-failed', `The engine did not finish: ${ending.because}.`)
  if (ending.state === 'interrupted')
    add('SUSPECT', 'interrupted', 'The run was interrupted, so its later part was never measured. Let it finish to compare it with others.')
  if (ending.state === 'incomplete') add('SUSPECT', 'incomplete', `Only part of the run was kept: ${ending.because}.`)
  if (load.completed === 0)
    add(
      'INVALID',
      'nothing-measured',
      'No request had an outcome, so there is nothing to judge. Check that the journeys make requests, and try perf run smoke.',
    )
  if (load.planned > 0 && load.dropped > 0) {
    const share = load.dropped / load.planned
    add(
      'SUSPECT',
      'arrivals-dropped',
      `${load.dropped} of ${load.planned} arrivals (${percent(share)}) never started because all ${engine.users} virtual users were busy. They count as infinitely slow. ${test === 'breakpoint' ? 'At the breakpoint that is expected.' : 'If the target is sound, allow more with --users.'}`,
    )
  }
  const limited = load.completed === 0 ? 0 : turnedAway(facts) / load.completed
  if (limited > limitedShares.suspect)
    add(
      limited > limitedShares.invalid ? 'INVALID' : 'SUSPECT',
      'rate-limited',
      `${percent(limited)} of requests were turned away with 429 or 403: something limits or blocks this load, and being limited is not being slow. Exempt this machine from the limit, or lower the rate.`,
    )
  const late = quantile(lag, 0.99)
  if (late !== undefined && late > lagLimits.suspect) {
    const state = late > lagLimits.invalid ? 'INVALID' : 'SUSPECT'
    add(
      state,
      'generator-late',
      `1 % of arrivals started ${Math.round(late)} ms late or more: the generator was too busy, and response times include that wait. ${engine.name === 'embedded' ? 'Lower the rate, add --workers, or give' : 'Lower the rate, or give'} the generator a core of its own.`,
    )
  }
  return found
}

/** @example assess({ …, load: { planned: 100, started: 100, dropped: 0, completed: 0, failed: 0 } }).state // 'INVALID' */
export const assess = (facts: Facts): Validity => {
  const found = findings(facts)
  const state = found.some((finding) => finding.state === 'INVALID') ? 'INVALID' : found.length > 0 ? 'SUSPECT' : 'VALID'
  // What made the state what it is stands first: it is what a headline has room for.
  const weightiest = found.toSorted((a, b) => Number(b.state === state) - Number(a.state === state))
  return { state, reasons: weightiest.map(({ code, text }) => ({ code, text })) }
}

/** Rules on the figures themselves: do they agree with each other, and with the clock? */
import { clock } from '../clock.ts'
import { littlesLawOf } from '../stats/littles-law.ts'
import { type Facts, type Finding, figure, percent, type Rules, readingsOf } from './facts.ts'

const residuals = { suspect: 0.05, invalid: 0.2 } as const
/** Journeys cut off kept their users for a time that is in no figure. */
const mostCutOff = 0.01

/** Little's law over the whole run: do its figures contradict each other? */
const littlesLaw = ({ timeline, iterations, load }: Facts): Finding | undefined => {
  if (load.started === 0 || iterations.interrupted > mostCutOff * load.started) return undefined
  const law = littlesLawOf(timeline.flatMap(({ userTime }) => (userTime === undefined ? [] : [userTime])))
  if (law === undefined || law.residual <= residuals.suspect || law.difference <= law.known) return undefined
  const { inUse: n, accounted: xr, residual } = law
  return {
    state: residual > residuals.invalid ? 'INVALID' : 'SUSPECT',
    code: 'littles-law',
    text: `The figures contradict each other: on average ${figure(n)} users were in use, and the journeys' times add up to ${figure(xr)}, ${percent(residual)} apart, where ${percent(residuals.suspect)} is sound (Little's law, N = X · R). Some of the run was not counted. Look for lost seconds in engine.log, and run again.`,
  }
}

/** Clocks are led back by half a millisecond a second; more at once is a jump. */
const jumps = { suspect: 100, invalid: 500 } as const // milliseconds

const clockJumped = (facts: Facts): Finding | undefined => {
  const offsets = readingsOf(facts, 'generator.clock')
  if (offsets === undefined) return undefined
  const steps = offsets.values.slice(1).map((value, index) => ({ by: value - (offsets.values[index] ?? value), at: offsets.at[index + 1] ?? 0 }))
  const worst = steps.reduce((a, b) => (Math.abs(b.by) > Math.abs(a.by) ? b : a), { by: 0, at: 0 })
  if (Math.abs(worst.by) <= jumps.suspect) return undefined
  // k6's figures come by the date of their second; the embedded engine measures on a clock that never jumps.
  const isByDate = facts.engine.name === 'k6'
  return {
    state: isByDate && Math.abs(worst.by) > jumps.invalid ? 'INVALID' : 'SUSPECT',
    code: 'clock-jumped',
    text: `This machine's clock jumped by ${figure(worst.by / 1000)} s at ${clock(worst.at)}, where at most ${jumps.suspect / 1000} s is sound: it was set, or the machine slept. ${isByDate ? 'k6 tells its seconds by that clock, so figures lie in the wrong ones.' : 'The times are measured on another clock, but moments do not agree with other machines, and after a sleep connections are dead.'} Keep the machine awake and its clock led by NTP, and run again.`,
  }
}

export const bookkeeping: Rules = (facts) => [littlesLaw(facts), clockJumped(facts)]

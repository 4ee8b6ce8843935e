/** What a reader of a k6 run should know about its figures, each with its evidence. */
import type { Plan } from '../../plan.ts'
import type { Caveat } from '../../run.ts'
import { foldedCaveats } from '../virtual-user/endpoint-names.ts'
import type { Accounts } from './accounts.ts'
import { threwAt } from './failure.ts'
import type { LagTracker } from './lag-offset.ts'
import type { K6Log } from './log.ts'
import { endOf, messageIn } from './outcome.ts'
import type { Exit } from './process.ts'

type Facts = {
  readonly plan: Plan
  readonly accounts: Accounts
  readonly lags: LagTracker
  readonly foldedEndpoints: Readonly<Record<string, number>>
  readonly log: K6Log
  /** Pushes that came and could not be read. */
  readonly undecoded: number
  readonly exit: Exit
  readonly keepsOptions: boolean
  readonly isComplete: boolean
}

export const caveatsOf = ({ plan, accounts, lags, foldedEndpoints, log, undecoded, exit, keepsOptions, isComplete }: Facts): Caveat[] => {
  const caveats: Caveat[] = []
  const add = (code: string, text: string): void => {
    caveats.push({ code, text })
  }
  if (accounts.failed > 0) {
    const listed = log.thrown.slice(0, 3).map(threwAt)
    const more = log.thrown.length > 3 ? ', and others' : ''
    add(
      'journeys-threw',
      `Journeys threw ${accounts.failed === 1 ? 'once' : `${accounts.failed} times`} of ${accounts.completed}: ${listed.join('; ')}${more}. What stood after those lines was not measured. Correct them, or let the journey handle such answers.`,
    )
  }
  const lost = log.lostPushes() + undecoded
  if (lost > 0)
    add('k6-figures-lost', `${lost} of k6's pushes of figures got lost, about a second each. Arrivals in them look dropped. Run again on a less busy machine.`)
  if (accounts.vanished > 0)
    add(
      'k6-arrivals-vanished',
      `${accounts.vanished} arrivals fell due and were neither started nor counted as dropped by k6, as happens when it is starved or cut off. They count as dropped. Lower the rate, or give k6 a core of its own.`,
    )
  if (lags.firstDrop !== undefined && !keepsOptions)
    add(
      'k6-lag-after-drops',
      `From second ${lags.firstDrop} on arrivals were dropped. k6 numbers only what it starts, so later lags are its own less the time of the dropped arrivals; they may be up to ${Math.ceil(lags.uncertainty)} ms too long, never too short. Allow more users to have them exactly.`,
    )
  if (isComplete && exit.code !== null && exit.code !== 0)
    add(
      'k6-teardown-failed',
      `After the load k6 ended with ${endOf(exit.code, exit.signal)}${log.errors[0] ? `: "${messageIn(log.errors[0].msg)}"` : ''}. The figures are whole; what the scenario leaves behind may not be.`,
    )
  if (plan.source.kind === 'script' && !keepsOptions)
    add('k6-script', `The script's own load options and thresholds were replaced, and its handleSummary is not called. Its journey time includes its sleeps.`)
  if (keepsOptions)
    add(
      'k6-own-options',
      `The load was the script's own. How many arrivals were due is not known: planned is what k6 started or dropped, and response times are k6's durations: from the send, without lag and set-up. Leave --keep-options out to measure from when arrivals are due.`,
    )
  return [...caveats, ...foldedCaveats([foldedEndpoints])]
}

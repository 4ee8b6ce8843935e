/** Rules on how the run ended, and whether it measured anything. */
import type { Facts, Finding, Rules } from './facts.ts'

const engineFailed = ({ ending }: Facts): Finding | undefined =>
  ending.state === 'failed' ? { state: 'INVALID', code: 'engine-failed', text: `The engine did not finish: ${ending.because}.` } : undefined

const interrupted = ({ ending }: Facts): Finding | undefined =>
  ending.state === 'interrupted'
    ? {
        state: 'SUSPECT',
        code: 'interrupted',
        text: 'The run was interrupted, so its later part was never measured. Let it finish to compare it with others.',
      }
    : undefined

const incomplete = ({ ending }: Facts): Finding | undefined =>
  ending.state === 'incomplete' ? { state: 'SUSPECT', code: 'incomplete', text: `Only part of the run was kept: ${ending.because}.` } : undefined

const nothingMeasured = ({ load }: Facts): Finding | undefined =>
  load.completed === 0
    ? {
        state: 'INVALID',
        code: 'nothing-measured',
        text: 'No request had an outcome, so there is nothing to judge. Check that the journeys make requests, and try perf run smoke.',
      }
    : undefined

export const ending: Rules = (facts) => [engineFailed(facts), interrupted(facts), incomplete(facts), nothingMeasured(facts)]

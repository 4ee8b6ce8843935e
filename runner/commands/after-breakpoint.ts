/** What follows a breakpoint test: how an autoscaler did, and the runs that narrow the answer. Their sentence is all that is printed of them. */
import { elasticOf } from '../../budgets/capacity/elastic.ts'
import { proseOn } from '../../reports/wrap.ts'
import type { Seconds } from '../../scenarios/units.ts'
import type { Io } from '../io.ts'
import type { Run } from '../run.ts'
import type { RunFlags } from '../run-flags.ts'
import { type Refinement, refine } from './refine.ts'

/**
 * @param hold seconds of each further step; undefined: none was asked for
 * @param makeRun makes one more run and prints nothing of it
 */
export const afterBreakpoint = async (
  run: Run,
  hold: Seconds | undefined,
  makeRun: (refinement: Refinement) => Promise<Run>,
  flags: RunFlags,
  io: Io,
): Promise<void> => {
  // One JSON document is all that stands on stdout when one was asked for.
  const told = flags.json === true ? io.stderr : io.stdout
  const tell = (sentence: string): void => {
    told.write(`\n${proseOn([sentence], io.columns)}\n`)
  }
  if (run.breakpoint?.elastic !== undefined) tell(elasticOf(run).because)
  if (hold === undefined) return
  const uninterrupted = async (refinement: Refinement): Promise<Run | undefined> => {
    const next = await makeRun(refinement)
    return next.ending.state === 'interrupted' ? undefined : next
  }
  const line = (text: string): void => {
    if (flags.quiet !== true) io.stderr.write(`${text}\n`)
  }
  tell(`Refined: ${await refine(run, hold, uninterrupted, line)}`)
}

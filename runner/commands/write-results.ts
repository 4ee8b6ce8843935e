/** Judges a run and writes every file of its folder that is made from it. */
import { join } from 'node:path'
import type { AdviceRecord } from '../../budgets/advice/advice-record.ts'
import { attribute } from '../../budgets/attribution/attribute.ts'
import type { Breakpoint, Budget, Verdict } from '../../budgets/budget.ts'
import { breakpointOf } from '../../budgets/capacity/breakpoint.ts'
import { capacityOf } from '../../budgets/capacity/capacity.ts'
import { findingsOf } from '../../budgets/capacity/plateau.ts'
import { diagnose, remarks } from '../../budgets/diagnosis/diagnose.ts'
import { heldTriggers } from '../../budgets/held-triggers.ts'
import { judge } from '../../budgets/judge.ts'
import type { ScalingTrigger } from '../../budgets/scaling-trigger.ts'
import { compose } from '../../reports/compose.ts'
import { renderers } from '../../reports/index.ts'
import type { Report } from '../../reports/report.ts'
import { afterWarmUp } from '../after-warm-up.ts'
import type { Run } from '../run.ts'
import { writeWhole } from '../stores/files/file-store.ts'

const rising = 2 // how many times its lowest rate the highest must be

/** A steady load says nothing of how use follows the rate, and a long one has many seconds to look through. */
const tellsOfCapacity = ({ sweep, shape }: Run): boolean => {
  const rates = shape.segments.flatMap((segment) => (segment.kind === 'linear' ? [segment.from, segment.to] : [segment.from, segment.floor]))
  return sweep !== undefined || Math.max(...rates) >= rising * Math.min(...rates)
}

/** @param advice that was made from the run afterwards */
export const reportOn = (run: Run, budgets: readonly Budget[], triggers: readonly ScalingTrigger[], advice?: AdviceRecord): Report => {
  const verdict: Verdict = judge(run, budgets)
  const breakpoint: Breakpoint | undefined = run.test === 'breakpoint' ? breakpointOf(run) : undefined
  const attribution = attribute(run, verdict.judgements, breakpoint)
  return compose(run, verdict, {
    breakpoint,
    swept: run.sweep && findingsOf(run.sweep),
    findings: { attribution, illnesses: diagnose(run, attribution), remarks: remarks(run, attribution) },
    triggers: heldTriggers(run, triggers, attribution.breach?.at),
    capacity: tellsOfCapacity(run) ? capacityOf([afterWarmUp(run)]) : undefined,
    advice,
  })
}

const files = { 'report.html': 'html', 'summary.json': 'json', 'summary.md': 'markdown', 'junit.xml': 'junit' } as const

/** The report of a run, whole, in its folder. */
export const writeReports = async (report: Report, folder: string): Promise<void> => {
  await Promise.all(Object.entries(files).map(([file, format]) => writeWhole(join(folder, file), renderers[format](report))))
}

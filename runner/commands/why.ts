/** `perf why RUN [QUESTION]`: what broke first in a saved run, in sentences. Nothing is sent, and no model is asked. */
import { answer, peakOf } from '../../budgets/questions/answer.ts'
import { readQuestion } from '../../budgets/questions/question.ts'
import { readScalingTriggers } from '../../budgets/read.ts'
import { triggerLines } from '../../reports/triggers.ts'
import { causeLines, type Findings, whyLines } from '../../reports/why.ts'
import { proseOn } from '../../reports/wrap.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import type { Io } from '../io.ts'
import type { Run } from '../run.ts'
import { budgetsOf } from './kept-budgets.ts'
import { storeOf } from './saved-runs.ts'
import { reportOn } from './write-results.ts'

export type WhyFlags = { readonly budget?: readonly string[]; readonly out?: string; readonly json?: boolean }

/** Figures that were asked for, and the cause where it was asked for or nothing else was. */
const linesFor = (run: Run, question: string, findings: Findings): string[] => {
  const asked = readQuestion(question, {
    endpoints: [...new Set(run.endpoints.map(({ endpoint }) => endpoint))],
    startedAt: run.startedAt,
    durationSeconds: run.durationSeconds,
    clockOffset: -new Date(run.startedAt).getTimezoneOffset(),
    peak: peakOf(run),
    breachAt: findings.attribution.breach?.at,
  })
  const { lines, tellsCause } = answer(run, asked, findings)
  return tellsCause ? [...lines, ...(lines.length > 0 ? [''] : []), ...causeLines(findings)] : [...lines]
}

/** Exits 0 whatever the answer is, because answering went well. */
export const why = async (name: string, question: string | undefined, flags: WhyFlags, io: Io): Promise<ExitCode> => {
  const store = storeOf(flags, io)
  const run = await store.load(name)
  const report = reportOn(run, await budgetsOf(await store.find(name), flags.budget, io.cwd), await readScalingTriggers())
  const { findings, triggers = [] } = report
  if (findings === undefined) return 0
  const lines = question === undefined ? [...whyLines(findings), ...triggerLines(triggers)] : linesFor(run, question, findings)
  const document = { run: run.id, ...(question !== undefined && { question }), answer: lines, ...findings, scalingTriggers: triggers }
  io.stdout.write(flags.json === true ? `${JSON.stringify(document, null, 2)}\n` : `${proseOn(lines, io.columns)}\n`)
  return 0
}

/** What broke first and what it means, in sentences with the figures. */
import type { Attribution } from '../budgets/attribution/attribute.ts'
import type { Illness } from '../budgets/diagnosis/illness.ts'
import { oneLine } from './format.ts'

export type Findings = {
  readonly attribution: Attribution
  readonly illnesses: readonly Illness[] /** What was looked at and is none, with the reason. */
  readonly remarks: readonly string[]
}

/**
 * What broke first and how sure that is.
 * @param longest characters of a name; a statement may be long
 * @example 'postgres.waiting_for_locks (high confidence)'
 */
export const causeWords = (attribution: Attribution, longest = Infinity): string | undefined => {
  if (attribution.state !== 'named') return undefined
  const name = oneLine(attribution.cause.name)
  return `${name.length > longest ? `${name.slice(0, longest - 2)} …` : name} (${attribution.confidence} confidence)`
}

const attributionLines = (attribution: Attribution): string[] => {
  const moment = attribution.breach === undefined ? [] : [attribution.breach.because]
  const cause = causeWords(attribution)
  if (attribution.state !== 'named' || cause === undefined) return [...moment, attribution.because]
  const others = attribution.others.map(({ because }) => `- ${because}`)
  return [...moment, `What broke first: ${cause}. ${attribution.because}`, ...(others.length > 0 ? ['It was not alone:', ...others] : [])]
}

const illnessLines = ({ name, evidence, remedy, confirm }: Illness): string[] => [
  '',
  `${name}`,
  ...evidence.map((each) => `  ${each}`),
  '  What to do:',
  ...remedy.map((each) => `  - ${each}`),
  `  To see that it helped: ${confirm}`,
]

/** What broke first, and the first thing to do about each illness: for a question, whose answer stands before it. */
export const causeLines = ({ attribution, illnesses }: Findings): string[] => [
  ...attributionLines(attribution).map(oneLine),
  ...illnesses.map(({ name, evidence, remedy }) =>
    oneLine([`${name}.`, ...evidence.filter((each) => each !== attribution.because), `What to do: ${remedy[0]}`].join(' ')),
  ),
]

/** Lines of the whole answer. */
export const whyLines = ({ attribution, illnesses, remarks }: Findings): string[] =>
  [...attributionLines(attribution), ...illnesses.flatMap(illnessLines), ...remarks.flatMap((remark) => ['', remark])].map((line) =>
    line.startsWith('  ') ? `  ${oneLine(line)}` : oneLine(line),
  )

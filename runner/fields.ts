/** Fields that flags, environment and configuration share: text with a unit in, seconds and rates out. */
import { z } from 'zod'
import { type PerSecond, parseDuration, parseRate } from '../scenarios/units.ts'

export const durationField = z.string().transform((text, context) => {
  const value = parseDuration(text)
  if (value === undefined) context.addIssue({ code: 'custom', message: `Duration "${text}" has no unit that is known. Durations look like 30s, 5m or 1h30m` })
  return value ?? z.NEVER
})

export const rateField = z.string().transform((text, context): PerSecond => {
  const value = parseRate(text)
  if (value === undefined) context.addIssue({ code: 'custom', message: `Rate "${text}" has no unit. Rates are arrivals per time, such as 50/s or 3000/m` })
  return value ?? z.NEVER
})

/** The first thing wrong in a file, as the end of a sentence that starts with the file's name. */
export const sentenceOf = (error: z.ZodError): string => {
  const issue = error.issues[0]
  if (issue === undefined) return 'is not valid'
  const at = issue.path.join('.')
  return `${at === '' ? 'as a whole' : `at "${at}"`} is wrong: ${issue.message}`
}

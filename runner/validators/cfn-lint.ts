/** `cfn-lint`: names, types and allowed values of a CloudFormation template, valid pairs of CPU and memory among them. */
import { z } from 'zod'
import { ask } from './program.ts'
import type { Validator } from './validator.ts'

const findings = z.array(
  z.object({
    Level: z.string(),
    Message: z.string(),
    Rule: z.object({ Id: z.string() }),
    Location: z.object({ Start: z.object({ LineNumber: z.number() }), Path: z.array(z.union([z.string(), z.number()])).nullish() }),
  }),
)
type Finding = z.output<typeof findings>[number]

/** AWS has these values and cfn-lint 1.51 does not know them: false alarms, by rule and value. */
const unknownToIt = /^'ECSServiceAverage(CPU|Memory)UtilizationHighResolution' is not one of /
const isFalseAlarm = ({ Rule, Message }: Finding): boolean => Rule.Id === 'E3030' && unknownToIt.test(Message)

const sentence = ({ Rule, Message, Location }: Finding): string => `${Rule.Id} line ${Location.Start.LineNumber}: ${Message}`

export const cfnLint: Validator = async (folder, files, world) => {
  const said = await ask('cfn-lint', ['--format', 'json', '--', ...files], folder, world)
  if (said === undefined)
    return { state: 'absent', unchecked: 'the template against the schemas of CloudFormation', how: 'Install it with pip install cfn-lint.' }
  const parsed = findings.safeParse(jsonOf(said.stdout))
  if (!parsed.success) return { state: 'refused', words: `${said.stdout}${said.stderr}`.trim() }
  const wrong = parsed.data.filter((finding) => finding.Level === 'Error' && !isFalseAlarm(finding))
  return wrong.length === 0 ? { state: 'accepted' } : { state: 'refused', words: wrong.map(sentence).join('\n') }
}

/** It prints [] or nothing when it found nothing. */
const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text.trim() === '' ? '[]' : text)
  } catch {
    return undefined
  }
}

/** `bash -n`: whether a script can be read; and shellcheck's warnings, where it is installed. Nothing of it is run. */
import { ask, byExitCode } from './program.ts'
import type { Outcome, Validator } from './validator.ts'

/** One file at a time: what comes after the first is an argument of it. */
const readable: Validator = async (folder, files, world) => {
  let outcome: Outcome = { state: 'accepted' }
  for (const file of files) {
    if (outcome.state !== 'accepted') return outcome
    outcome = byExitCode(await ask('bash', ['-n', file], folder, world), 'the syntax of the script', 'Install bash.')
  }
  return outcome
}

/** Its notes are about taste: words in single quotes are meant for the AWS CLI, which fills them. Whoever has not got it goes without. */
export const bash: Validator = async (folder, files, world) => {
  const outcome = await readable(folder, files, world)
  if (outcome.state !== 'accepted') return outcome
  const said = await ask('shellcheck', ['--norc', '--severity=warning', '--color=never', '--', ...files], folder, world)
  return said === undefined ? outcome : byExitCode(said, '', '')
}

/** `bash -n`: whether a script can be read. Nothing of it is run. */
import { ask, byExitCode } from './program.ts'
import type { Outcome, Validator } from './validator.ts'

/** One file at a time: what comes after the first is an argument of it. */
export const bash: Validator = async (folder, files, world) => {
  let outcome: Outcome = { state: 'accepted' }
  for (const file of files) {
    if (outcome.state !== 'accepted') return outcome
    outcome = byExitCode(await ask('bash', ['-n', file], folder, world), 'the syntax of the script', 'Install bash.')
  }
  return outcome
}

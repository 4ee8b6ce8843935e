/** `bash -n`: whether a script can be read. Nothing of it is run. */
import { ask, byExitCode } from './program.ts'
import type { Validator } from './validator.ts'

export const bash: Validator = async (folder, files, world) =>
  byExitCode(await ask('bash', ['-n', ...files], folder, world), 'the syntax of the script', 'Install bash.')

/** `promtool check rules`: rules, expressions and templates. */
import { ask, byExitCode } from './program.ts'
import type { Validator } from './validator.ts'

export const promtool: Validator = async (folder, files, world) =>
  byExitCode(
    await ask('promtool', ['check', 'rules', ...files], folder, world),
    'the rules and their expressions',
    'Install Prometheus, which brings promtool.',
  )

/** `terraform fmt -check`: whether the files can be read, and are laid out as Terraform lays them out. Attributes are known to the provider, which is fetched; ours are checked before. */
import { ask, byExitCode } from './program.ts'
import type { Validator } from './validator.ts'

export const terraform: Validator = async (folder, files, world) =>
  byExitCode(
    await ask('terraform', ['fmt', '-check', '-diff', '-no-color', ...files], folder, world),
    'the syntax of the Terraform files',
    'Install Terraform, so that terraform is on PATH.',
  )

/** The programs that are asked, by name, and asking them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bash } from './bash.ts'
import { cdk } from './cdk.ts'
import { cfnLint } from './cfn-lint.ts'
import { kubernetesValidate } from './kubernetes-validate.ts'
import { promtool } from './promtool.ts'
import { terraform } from './terraform.ts'
import type { Outcome, Validator, ValidatorName, ValidatorWorld } from './validator.ts'

const validators: Readonly<Record<ValidatorName, Validator>> = {
  'cfn-lint': cfnLint,
  terraform,
  cdk,
  bash,
  promtool,
  'kubernetes-validate': kubernetesValidate,
}

export type Written = { readonly file: string; readonly text: string; readonly validators: readonly ValidatorName[] }
export type Asked = { readonly validator: ValidatorName; readonly outcome: Outcome }

const askOne = async (validator: ValidatorName, files: readonly Written[], world: ValidatorWorld): Promise<Asked> => {
  const folder = await mkdtemp(join(tmpdir(), 'perf-validate-'))
  try {
    for (const { file, text } of files) await writeFile(join(folder, file), text)
    return {
      validator,
      outcome: await validators[validator](
        folder,
        files.map(({ file }) => file),
        world,
      ),
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Each validator sees the files that name it, one validator after the other. */
export const askValidators = async (files: readonly Written[], world: ValidatorWorld): Promise<readonly Asked[]> => {
  const names = [...new Set(files.flatMap((each) => each.validators))]
  const asked: Asked[] = []
  for (const name of names)
    asked.push(
      await askOne(
        name,
        files.filter((each) => each.validators.includes(name)),
        world,
      ),
    )
  return asked
}

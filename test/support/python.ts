/** Programs in Python that npm test installs into the user's cache. */
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { cacheFolder } from './k6.ts'

// .ci/python.mjs installs these versions of cfn-lint, kubernetes-validate and the AWS CLI.
const folder = join(cacheFolder, 'validators', '1.51.0-1.37.0-1.45.11', 'bin')

export const hasCfnLint = existsSync(join(folder, 'cfn-lint'))
export const hasKubernetesValidate = existsSync(join(folder, 'kubernetes-validate'))
export const hasAwsCli = existsSync(join(folder, 'aws'))

/** A PATH on which they come first. */
export const pathWithPython = `${folder}${delimiter}${process.env.PATH ?? ''}`

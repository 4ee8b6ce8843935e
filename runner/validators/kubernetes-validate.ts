/** `kubernetes-validate --strict`: field names and types, by the schemas of Kubernetes. Kinds that Kubernetes does not bring are not known to it. */
import { ask, byExitCode } from './program.ts'
import type { Validator } from './validator.ts'

export const kubernetesValidate: Validator = async (folder, files, world) =>
  byExitCode(
    await ask('kubernetes-validate', ['--strict', ...files], folder, world),
    'the manifests against the schemas of Kubernetes',
    'Install it with pip install kubernetes-validate.',
  )

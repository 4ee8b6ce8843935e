/** Who deploys a service, as its tags tell: what perf changes lasts until that deploys again. */
import type { Tag } from '@aws-sdk/client-ecs'

/** `format`: of perf advise --as, in which the change can be written for good. */
export type Owner = { readonly name: string; readonly format: 'cloudformation' | 'terraform' | undefined }

const makers: readonly (readonly [RegExp, Owner])[] = [
  [/terraform|terragrunt|opentofu/i, { name: 'Terraform', format: 'terraform' }],
  [/pulumi/i, { name: 'Pulumi', format: undefined }],
  [/cloudformation|\bcdk\b|\bsam\b/i, { name: 'CloudFormation', format: 'cloudformation' }],
]

/** Nobody has to tag so, and many do: ManagedBy = Terraform, or terraform = true. */
const isMaker = /^(managed|created|provisioned|deployed)[-_ :]?(by|with)$|^(iac|provisioner|tool)$/i

export const ownerOf = (tags: readonly Tag[]): Owner | undefined => {
  const tagged = (name: string): string | undefined => tags.find(({ key }) => key === name)?.value
  const stack = tagged('aws:cloudformation:stack-name')
  const application = tagged('copilot-application')
  if (application !== undefined) return { name: `AWS Copilot (application ${application})`, format: undefined }
  if (stack !== undefined) return { name: `CloudFormation stack ${stack}`, format: 'cloudformation' }
  const said = tags.filter(({ key = '' }) => isMaker.test(key)).map(({ value = '' }) => value)
  const named = tags.filter(({ value = '' }) => /^(true|yes|1)$/i.test(value)).map(({ key = '' }) => key)
  return makers.find(([word]) => [...said, ...named].some((text) => word.test(text)))?.[1]
}

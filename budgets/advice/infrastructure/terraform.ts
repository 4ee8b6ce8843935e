/** `--as terraform`: the autoscaler as resources of their own, and the size as an override that Terraform merges into the service's files. */
import type { Artefact, Writer } from './artefact.ts'
import { wrongInResources } from './check/terraform.ts'
import { comment } from './comment.ts'
import { headOf } from './derivation.ts'
import { ecsPlan, needsHighResolution, needsQueue } from './ecs/plan.ts'
import { containerInsightsSentence, highResolutionSentence, roleSentence } from './ecs/rights.ts'
import { identifier } from './names.ts'
import { type Block, blockText } from './terraform/hcl.ts'
import { scalingBlocks } from './terraform/scaling.ts'
import { sizeBlocks } from './terraform/size.ts'

const artefact = (file: string, head: readonly string[], blocks: readonly Block[], place: { readonly isPart: boolean }): Artefact => ({
  file,
  text: `${[comment(head, '#').join('\n'), ...blocks.map(blockText)].join('\n\n')}\n`,
  validators: ['terraform'],
  wrong: () => wrongInResources(blocks, place),
})

const rights = [
  roleSentence,
  'Who applies it needs application-autoscaling:RegisterScalableTarget, DeregisterScalableTarget, PutScalingPolicy, DeleteScalingPolicy, PutScheduledAction, DeleteScheduledAction, Describe*, TagResource and ListTagsForResource, and cloudwatch:PutMetricAlarm, DeleteAlarms and DescribeAlarms.',
  'The service itself needs lifecycle { ignore_changes = [desired_count] }, or each apply undoes what the autoscaler did.',
]

export const terraform: Writer = (recommendation) => {
  const plan = ecsPlan(recommendation, 'terraform')
  if ('because' in plan) return plan
  const head = (file: string): string[] => [...headOf(recommendation, `${file}: what to deploy on Amazon ECS.`), ...plan.declined]
  const name = identifier(plan.service)
  const files: Artefact[] = []
  if (plan.scaling !== undefined)
    files.push(
      artefact(
        'scaling.tf',
        [
          ...head('scaling.tf'),
          '',
          ...rights,
          ...(needsHighResolution(plan) ? [highResolutionSentence] : []),
          ...(needsQueue(plan) ? [containerInsightsSentence] : []),
        ],
        scalingBlocks(plan, plan.scaling, name),
        { isPart: false },
      ),
    )
  if (plan.size !== undefined)
    files.push(
      artefact(
        'task_size_override.tf',
        [
          ...head('task_size_override.tf'),
          '',
          `Terraform merges a file that ends in _override.tf into the blocks of the same name: give both blocks the names that your task definition and your service have, in place of "${name}".`,
          `It was measured on ${plan.size.architecture}, so cpu_architecture of its runtime_platform must be that.`,
          `Add these tags to the tags of the task definition, and activate them as cost allocation tags, so that the bill can be split by them: ${Object.entries(
            plan.tags,
          )
            .map(([key, value]) => `"${key}" = "${value}"`)
            .join(', ')}.`,
        ],
        sizeBlocks(plan, plan.size, name),
        { isPart: true },
      ),
    )
  return files
}

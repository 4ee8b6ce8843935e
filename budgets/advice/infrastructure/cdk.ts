/** `--as cdk`: a construct that scales a service of the user's own stack, and the size as a constant to spread into its task definition. */
import type { Writer } from './artefact.ts'
import { constructText } from './cdk/construct.ts'
import { sizeText } from './cdk/size.ts'
import { comment } from './comment.ts'
import { headOf } from './derivation.ts'
import { ecsPlan, needsHighResolution, needsQueue } from './ecs/plan.ts'
import { containerInsightsSentence, highResolutionSentence } from './ecs/rights.ts'

const file = 'recommended.ts'

export const cdk: Writer = (recommendation) => {
  const plan = ecsPlan(recommendation, 'cdk')
  if ('because' in plan) return plan
  const head = [
    ...headOf(recommendation, `${file}: what to deploy on Amazon ECS.`),
    ...plan.declined,
    ...(needsHighResolution(plan) ? ['', highResolutionSentence] : []),
    ...(needsQueue(plan) ? ['', containerInsightsSentence] : []),
  ]
  const parts = [...(plan.scaling === undefined ? [] : [constructText(plan, plan.scaling)]), ...(plan.size === undefined ? [] : [sizeText(plan, plan.size)])]
  return [{ file, text: `${[comment(head, '//').join('\n'), ...parts].join('\n\n')}\n`, validators: ['cdk'] }]
}

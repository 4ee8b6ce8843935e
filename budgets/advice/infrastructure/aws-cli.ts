/** `--as aws-cli`: a script of AWS CLI commands that changes the service when it is run, and nothing before. */

import type { Writer } from './artefact.ts'
import { headText } from './aws-cli/head.ts'
import { scalingCommands } from './aws-cli/scaling.ts'
import { sizeCommands } from './aws-cli/size.ts'
import { headOf } from './derivation.ts'
import { ecsPlan } from './ecs/plan.ts'

const file = 'apply.sh'

export const awsCli: Writer = (recommendation) => {
  const plan = ecsPlan(recommendation, 'aws-cli')
  if ('because' in plan) return plan
  const head = [...headOf(recommendation, `${file}: what to deploy on Amazon ECS.`), ...plan.declined]
  const parts = [
    headText(plan, head),
    // The size first: the bounds count instances of it.
    ...(plan.size === undefined ? [] : [sizeCommands(plan, plan.size)]),
    ...(plan.scaling === undefined ? [] : [scalingCommands(plan, plan.scaling)]),
  ]
  return [{ file, text: `${parts.join('\n\n')}\n`, validators: ['bash'] }]
}

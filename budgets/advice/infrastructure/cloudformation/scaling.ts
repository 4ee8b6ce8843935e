/** Bounds, schedule and rule of an autoscaler as resources of CloudFormation. */
import { type Content, type Field, field, fields } from '../commented-yaml.ts'
import type { EcsPlan, EcsScaling } from '../ecs/plan.ts'
import type { ScheduledAction } from '../ecs/schedule.ts'
import { resourceId } from './parameters.ts'
import { policyResources } from './policy.ts'

const scheduledAction = ({ name, schedule, minimum, maximum, because }: ScheduledAction): Content =>
  fields(
    field('ScheduledActionName', name, because),
    field('Schedule', schedule),
    field('Timezone', 'UTC'),
    field('ScalableTargetAction', fields(field('MinCapacity', minimum), field('MaxCapacity', maximum))),
  )

/** @param name of the policies */
export const scalingResources = (plan: EcsPlan, { minimum, maximum, policy, scheduled }: EcsScaling, name: string): Field[] => {
  const { reasons } = plan
  return [
    field(
      'ScalableTarget',
      fields(
        field('Type', 'AWS::ApplicationAutoScaling::ScalableTarget'),
        field(
          'Properties',
          fields(
            field('ServiceNamespace', 'ecs'),
            field('ScalableDimension', 'ecs:service:DesiredCount'),
            field('ResourceId', resourceId(plan)),
            field('MinCapacity', minimum, reasons.minimum),
            field('MaxCapacity', maximum, reasons.maximum),
            scheduled.length === 0 ? [] : field('ScheduledActions', scheduled.map(scheduledAction)),
          ),
        ),
      ),
    ),
    ...policyResources(plan, policy, name),
  ]
}

/**
 * Names of attributes in a Terraform file against AWS's own specification of the same resources: Terraform's provider makes its names of
 * CloudFormation's, in small letters with underscores. What it calls otherwise stands here.
 */
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec'

const specification = loadAwsServiceSpecSync()

const target = 'AWS::ApplicationAutoScaling::ScalableTarget'
const types: Readonly<Record<string, string>> = {
  aws_appautoscaling_target: target,
  aws_appautoscaling_policy: 'AWS::ApplicationAutoScaling::ScalingPolicy',
  aws_appautoscaling_scheduled_action: `${target}.ScheduledAction`,
  aws_cloudwatch_metric_alarm: 'AWS::CloudWatch::Alarm',
  aws_ecs_task_definition: 'AWS::ECS::TaskDefinition',
  aws_ecs_service: 'AWS::ECS::Service',
}

const calledOtherwise: Readonly<Record<string, string>> = {
  'aws_appautoscaling_policy.name': 'PolicyName',
  'aws_appautoscaling_scheduled_action.name': 'ScheduledActionName',
  'aws_appautoscaling_policy.step_scaling_policy_configuration.step_adjustment': 'StepAdjustments',
}

/** An action is a resource of its own there, and says whose it is; dimensions of an alarm are a map by name. */
const onlyThere = /^aws_appautoscaling_scheduled_action[.](service_namespace|scalable_dimension|resource_id)$/
const maps = /^aws_cloudwatch_metric_alarm[.]dimensions$|[.]tags$/

type Properties = Readonly<Record<string, { readonly required?: boolean; readonly type: PropertyType }>>
type PropertyType = { readonly type: string; readonly element?: PropertyType; readonly reference?: { readonly $ref: string } }

const propertiesOf = (type: string): Properties => {
  const [name = '', part] = type.split('.')
  const resource = specification.lookup('resource', 'cloudFormationType', 'equals', name).only()
  if (part === undefined) return resource.properties as unknown as Properties
  const found = specification.follow('usesType', resource).find(({ entity }) => entity.name === part)
  if (found === undefined) throw new Error(`${name} has no ${part}`)
  return found.entity.properties as unknown as Properties
}

const within = (type: PropertyType): Properties | undefined => {
  const inner = type.type === 'array' && type.element !== undefined ? type.element : type
  return inner.type === 'ref' && inner.reference !== undefined
    ? (specification.get('typeDefinition', inner.reference.$ref).properties as unknown as Properties)
    : undefined
}

const inCapitals = (name: string): string =>
  name
    .split('_')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

const unknownIn = (value: unknown, properties: Properties, path: string): string[] => {
  if (Array.isArray(value)) return value.flatMap((each) => unknownIn(each, properties, path))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => {
    const at = `${path}.${name}`
    if (onlyThere.test(at)) return []
    const property = properties[calledOtherwise[at] ?? inCapitals(name)]
    if (property === undefined) return [at]
    const deeper = maps.test(at) ? undefined : within(property.type)
    return deeper === undefined ? [] : unknownIn(inner, deeper, at)
  })
}

/** Paths of attributes that AWS's resources do not have. @param parsed by parseTerraform */
export const unknownAttributes = (parsed: unknown): string[] => {
  const { resource = {} } = parsed as { resource?: Record<string, Record<string, unknown>> }
  return Object.entries(resource).flatMap(([kind, named]) => {
    const type = types[kind]
    return type === undefined ? [kind] : Object.values(named).flatMap((body) => unknownIn(body, propertiesOf(type), kind))
  })
}

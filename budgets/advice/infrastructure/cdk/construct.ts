/** The autoscaler as a construct. It takes the service, the target group and the queue as objects of the stack, so no name needs to be told. */

import { scalingResources } from '../cloudformation/scaling.ts'
import { comment, indented } from '../comment.ts'
import type { Field, Fields } from '../commented-yaml.ts'
import { type EcsPlan, type EcsScaling, needsLabel, needsQueue } from '../ecs/plan.ts'
import { roleSentence } from '../ecs/rights.ts'
import { identifier } from '../names.ts'
import { type Expressions, literal, smallFirst, typescriptOf } from './typescript.ts'

const modules: Readonly<Record<string, readonly [name: string, path: string]>> = {
  'AWS::ApplicationAutoScaling::ScalableTarget': ['scaling', 'aws-applicationautoscaling'],
  'AWS::ApplicationAutoScaling::ScalingPolicy': ['scaling', 'aws-applicationautoscaling'],
  'AWS::CloudWatch::Alarm': ['cloudwatch', 'aws-cloudwatch'],
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: the first are CloudFormation's, the second TypeScript's
const expressions: Expressions = {
  'service/${ClusterName}/${ServiceName}': '`service/${service.cluster.clusterName}/${service.serviceName}`',
  '${LoadBalancer}/${TargetGroup}': '`${targetGroup.firstLoadBalancerFullName}/${targetGroup.targetGroupFullName}`',
  ClusterName: 'service.cluster.clusterName',
  ServiceName: 'service.serviceName',
  LoadBalancer: 'targetGroup.firstLoadBalancerFullName',
  TargetGroup: 'targetGroup.targetGroupFullName',
  QueueName: 'queue.queueName',
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: to here

const under = (content: Fields, name: string): Field['value'] => content.all.find((each) => each.name === name)?.value ?? ''

const resourceText = ({ name, value }: Field, known: Expressions): string => {
  const type = String(under(value as Fields, 'Type'))
  const made = `${modules[type]?.[0]}.Cfn${type.split('::')[2]}`
  return `const ${smallFirst(name)} = new ${made}(this, ${literal(name)}, ${typescriptOf(under(value as Fields, 'Properties'), known)})`
}

const importsOf = (resources: readonly Field[], plan: EcsPlan): string[] => {
  const needed = new Map(resources.map(({ value }) => modules[String(under(value as Fields, 'Type'))] ?? ['', '']))
  return [
    ...[...needed].map(([name, path]) => `import * as ${name} from 'aws-cdk-lib/${path}'`),
    "import type { IBaseService } from 'aws-cdk-lib/aws-ecs'",
    ...(needsLabel(plan) ? ["import type { ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2'"] : []),
    ...(needsQueue(plan) ? ["import type { IQueue } from 'aws-cdk-lib/aws-sqs'"] : []),
    "import { Construct } from 'constructs'",
  ]
}

export const constructText = (plan: EcsPlan, scaling: EcsScaling): string => {
  // What the stack has as an object is not told by name.
  const resources = scalingResources({ ...plan, cluster: undefined, service: undefined, resourceLabel: undefined }, scaling, identifier(plan.service))
  const known = { ...expressions, ...Object.fromEntries(resources.map(({ name }) => [name, `${smallFirst(name)}.ref`])) }
  const needs = [
    ['service', 'IBaseService'],
    ...(needsLabel(plan) ? [['targetGroup', 'ApplicationTargetGroup']] : []),
    ...(needsQueue(plan) ? [['queue', 'IQueue']] : []),
  ]
  // Those that nothing refers to are made without a name.
  const body = resources
    .map((resource) => resourceText(resource, known))
    .map((text, at, all) => {
      const [, name] = /^const (\w+) = /.exec(text) ?? []
      return all.some((other, where) => where !== at && other.includes(`${name}.ref`)) ? text : text.replace(/^const \w+ = /, '')
    })
  return [
    importsOf(resources, plan).join('\n'),
    '',
    `export type RecommendedScalingProps = { ${needs.map(([name, type]) => `readonly ${name}: ${type}`).join('; ')} }`,
    '',
    ...comment([roleSentence, 'Leave desiredCount out of the service, or each deployment undoes what the autoscaler did.'], '//'),
    'export class RecommendedScaling extends Construct {',
    `  constructor(scope: Construct, id: string, { ${needs.map(([name]) => name).join(', ')} }: RecommendedScalingProps) {`,
    '    super(scope, id)',
    ...body.map((text) => indented(text, '    ')),
    '  }',
    '}',
  ].join('\n')
}

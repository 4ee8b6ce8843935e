import { describe, expect, test } from 'vitest'
import { wrongInResources } from '../../../../../budgets/advice/infrastructure/check/terraform.ts'
import { type Attribute, attribute, type Block, block, Expression } from '../../../../../budgets/advice/infrastructure/terraform/hcl.ts'
import { providerVersion } from '../../../../../budgets/advice/infrastructure/terraform/provider-schema.ts'

const whole = ['service_namespace', 'scalable_dimension', 'resource_id'].map((name) => attribute(name, 'a'))
const bounds = [attribute('min_capacity', 1), attribute('max_capacity', 2)]
const resource = (kind: string, body: readonly (Attribute | Block)[]): Block => block('resource', [kind, 'shop'], body)
const wrongIn = (kind: string, body: readonly (Attribute | Block)[], isPart = false): string[] =>
  wrongInResources([resource(kind, body)], { isPart }).map((each) => each.replace(providerVersion, 'X'))
const target = 'aws_appautoscaling_target'
const policy = 'aws_appautoscaling_policy'

describe('what the AWS provider takes', () => {
  test('a resource with all that it needs', () => expect(wrongIn(target, [...whole, ...bounds])).toEqual([]))

  test('a kind that it has not', () => {
    expect(wrongIn('aws_made_up', [])).toEqual(['aws_made_up is no resource that perf knows of the AWS provider X.'])
  })

  test('a name that it has not, and one that is missing', () => {
    expect(wrongIn(target, [...whole, attribute('minimum_capacity', 1), attribute('max_capacity', 2)])).toEqual([
      `${target}.minimum_capacity is no attribute of the AWS provider X.`,
      `${target}.min_capacity is missing. The AWS provider X needs it.`,
    ])
  })

  test('a part of a resource may leave out what stands elsewhere, and not what a block of it needs', () => {
    const steps = block('step_scaling_policy_configuration', [], [block('step_adjustment', [], [])])
    expect(wrongIn(policy, [steps], true)).toEqual([
      `${policy}.step_scaling_policy_configuration.step_adjustment.scaling_adjustment is missing. The AWS provider X needs it.`,
    ])
  })

  test('a block that it has not, as deep as it may stand', () => {
    const tracked = block('target_tracking_scaling_policy_configuration', [], [attribute('target_value', 50), block('metric', [], [])])
    expect(wrongIn(policy, [attribute('name', 'a'), ...whole, tracked])).toEqual([
      `${policy}.target_tracking_scaling_policy_configuration.metric is no block of the AWS provider X.`,
    ])
  })

  test('a block that is there too often, or not at all', () => {
    const suspended = block('suspended_state', [], [])
    expect(wrongIn(target, [...whole, ...bounds, suspended, suspended])).toEqual([
      `${target}.suspended_state is there 2 times. The AWS provider X takes it once at most.`,
    ])
    expect(wrongIn('aws_appautoscaling_scheduled_action', [attribute('name', 'a'), attribute('schedule', 'b'), ...whole])).toEqual([
      'aws_appautoscaling_scheduled_action.scalable_target_action is there 0 times. The AWS provider X takes it once at least.',
    ])
  })

  test.each([
    ['a number', 'min_capacity', 'four'],
    ['a number', 'min_capacity', true],
    ['a map', 'tags', 'shop'],
    ['a string', 'role_arn', ['a']],
  ])('%s, and %s = %j is none', (what, name, value) => {
    const others = [...whole, ...bounds].filter((each) => each.name !== name)
    expect(wrongIn(target, [...others, attribute(name, value)])).toEqual([
      `${target}.${name} is ${what} for the AWS provider X, and something else was written.`,
    ])
  })

  test.each([
    ['a number as text', '4'],
    ['what Terraform evaluates', new Expression('var.least')],
  ])('%s may stand for a number', (_, value) => {
    expect(wrongIn(target, [...whole, attribute('min_capacity', value), attribute('max_capacity', 2)])).toEqual([])
  })
})

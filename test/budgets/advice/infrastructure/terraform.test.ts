import { describe, expect, test } from 'vitest'
import { terraform } from '../../../../budgets/advice/infrastructure/terraform.ts'
import { hostileName, situations } from '../../../support/a-recommendation.ts'
import { parseTerraform, unescaped } from '../../../support/terraform.ts'
import { unknownAttributes } from '../../../support/terraform-schema.ts'

const filesFor = (name: string) => {
  const files = situations[name] && terraform(situations[name])
  if (files === undefined || 'because' in files) throw new Error(`nothing was written for ${name}`)
  return files
}

describe('names of attributes', () => {
  test.each(Object.keys(situations))('%s: AWS has every one', async (name) => {
    for (const { text } of filesFor(name)) expect(unknownAttributes(await parseTerraform(text))).toEqual([])
  })

  test('one that it has not is found, as deep as it may stand', async () => {
    const [scaling] = filesFor('p95 steps')
    const wrong = (scaling?.text ?? '').replace('metric_interval_lower_bound', 'lower_bound').replace('min_capacity', 'minimum_capacity')
    expect(unknownAttributes(await parseTerraform(wrong))).toEqual([
      'aws_appautoscaling_policy.step_scaling_policy_configuration.step_adjustment.lower_bound',
      'aws_appautoscaling_target.minimum_capacity',
    ])
    expect(unknownAttributes(await parseTerraform('resource "aws_made_up" "x" {\n}\n'))).toEqual(['aws_made_up'])
  })
})

test('a text that is no Terraform is refused with its line', async () => {
  await expect(parseTerraform('resource "a" "b" {\n  x == 1\n}\n')).rejects.toThrow(/2/)
})

test('a hostile name is a name and nothing more', async () => {
  const [scaling] = filesFor('hostile names')
  const parsed = (await parseTerraform(scaling?.text ?? '')) as { resource: Record<string, Record<string, [Record<string, string>]>> }
  expect(Object.keys(parsed)).toEqual(['resource'])
  expect(Object.keys(parsed.resource).toSorted()).toEqual(['aws_appautoscaling_policy', 'aws_appautoscaling_scheduled_action', 'aws_appautoscaling_target'])
  const [[target]] = Object.values(parsed.resource.aws_appautoscaling_target ?? {}) as [[Record<string, string>]]
  expect(unescaped(target.resource_id ?? '')).toBe(`service/${hostileName}/${hostileName}`)
})

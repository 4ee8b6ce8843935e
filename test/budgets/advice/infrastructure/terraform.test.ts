import { expect, test } from 'vitest'
import { terraform } from '../../../../budgets/advice/infrastructure/terraform.ts'
import { hostileName, situations } from '../../../support/a-recommendation.ts'
import { parseTerraform, unescaped } from '../../../support/terraform.ts'

const filesFor = (name: string) => {
  const files = situations[name] && terraform(situations[name])
  if (files === undefined || 'because' in files) throw new Error(`nothing was written for ${name}`)
  return files
}

test.each(Object.keys(situations))("%s: Terraform's provider takes every name, value and block, and none is missing", (name) => {
  for (const { text, wrong } of filesFor(name)) expect(wrong?.(text)).toEqual([])
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

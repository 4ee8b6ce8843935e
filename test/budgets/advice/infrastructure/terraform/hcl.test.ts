import { expect, test } from 'vitest'
import { attribute, block, blockText, quoted } from '../../../../../budgets/advice/infrastructure/terraform/hcl.ts'
import { hostileName } from '../../../../support/a-recommendation.ts'
import { parseTerraform, unescaped } from '../../../../support/terraform.ts'

// biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform must not fill them
const texts = [hostileName, '', '${a}%{b}', '$${a}', '\\', '"', 'a\tb\r\nc', 'ürün 日本']

test.each(texts)('Terraform reads %j back as it was', async (text) => {
  const { locals } = (await parseTerraform(`locals {\n  name = ${quoted(text)}\n}\n`)) as { locals: [{ name: string }] }
  expect(unescaped(locals[0].name)).toBe(text)
})

test('equals signs of attributes that follow each other stand in one column, a reason ends the row', () => {
  const text = blockText(
    block(
      'resource',
      ['a', 'b'],
      [attribute('x', 1), attribute('longer', true), attribute('y', 'z', 'why'), block('inner', [], [attribute('list', [1, 'a'])])],
      ['Head.'],
    ),
  )
  expect(text).toBe('# Head.\nresource "a" "b" {\n  x      = 1\n  longer = true\n\n  # why\n  y = "z"\n\n  inner {\n    list = [1, "a"]\n  }\n}')
})

import { expect, test } from 'vitest'
import { identifier, label } from '../../../../budgets/advice/infrastructure/names.ts'
import { tagsOf, tagValue } from '../../../../budgets/advice/infrastructure/tags.ts'
import { aRecommendation, hostileName } from '../../../support/a-recommendation.ts'

test('an identifier is one in every format, whatever it is made of', () => {
  expect(identifier('web-shop 2')).toBe('web_shop_2')
  for (const name of ['', undefined, '---', '9lives', 'ürün', hostileName, '日本']) expect(identifier(name), name).toMatch(/^[A-Za-z][A-Za-z0-9_]*$/)
})

test('a label is one of DNS, no longer than it may be', () => {
  expect(label('Web_Shop')).toBe('web-shop')
  for (const name of ['', hostileName, 'a'.repeat(300), `${'a'.repeat(62)}-b`]) {
    expect(label(name), name).toMatch(/^[a-z]([a-z0-9-]*[a-z0-9])?$/)
    expect(label(name).length).toBeLessThanOrEqual(63)
  }
})

test('tags hold what AWS takes', () => {
  expect(tagValue('a,  b;c')).toBe('a b c')
  expect(tagValue('x'.repeat(300))).toHaveLength(256)
  expect(tagsOf(aRecommendation({ runs: ['one'], deployment: undefined }))).toEqual({ 'perf:sized-by': 'run one' })
  expect(tagsOf(aRecommendation())['perf:service']).toBe('shop')
})

import { expect, test } from 'vitest'
import { redactDeep, redactor } from '../../../runner/safety/redact.ts'

const redact = redactor({ TOKEN: 'p@ss/word "1"', LONGER: 'p@ss/word "1" and more' })

test.each([
  ['as it stands', 'Bearer p@ss/word "1"', 'Bearer [secret TOKEN]'],
  ['URL-encoded', 'GET /?token=p%40ss%2Fword%20%221%22', 'GET /?token=[secret TOKEN]'],
  ['in Base64', `Basic ${Buffer.from('p@ss/word "1"').toString('base64')}`, 'Basic [secret TOKEN]'],
  ['inside JSON', JSON.stringify({ a: 'p@ss/word "1"' }), '{"a":"[secret TOKEN]"}'],
  ['twice', 'p@ss/word "1"p@ss/word "1"', '[secret TOKEN][secret TOKEN]'],
  ['as part of a longer secret', 'x p@ss/word "1" and more', 'x [secret LONGER]'],
  ['not at all', 'nothing here', 'nothing here'],
])('a secret is replaced by its name: %s', (_, text, clean) => {
  expect(redact(text)).toBe(clean)
})

test('every text in plain data is cleaned, keys too, and numbers stay', () => {
  const data = { 'p@ss/word "1"': [{ url: '/p@ss/word "1"' }], buckets: [1, 2, 3], none: null, yes: true }
  expect(redactDeep(data, redact)).toEqual({ '[secret TOKEN]': [{ url: '/[secret TOKEN]' }], buckets: [1, 2, 3], none: null, yes: true })
})

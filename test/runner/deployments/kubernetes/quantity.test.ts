import { expect, test } from 'vitest'
import { quantityOf } from '../../../../runner/deployments/kubernetes/quantity.ts'

test.each([
  ['250m', 0.25],
  ['1', 1],
  ['0.5', 0.5],
  ['100u', 1e-4],
  ['512Mi', 536_870_912],
  ['1.5Gi', 1_610_612_736], // the client's own reader throws here
  ['128M', 128e6],
  ['1e3', 1000],
  ['2E', 2e18], // exa, not an exponent without digits
])('%s is %d', (text, value) => {
  expect(quantityOf(text)).toBeCloseTo(value, 9)
})

test.each(['', 'many', '5 Gi', 'Mi', '1.2.3', '10X', undefined])('%s is no quantity', (text) => {
  expect(quantityOf(text)).toBeUndefined()
})

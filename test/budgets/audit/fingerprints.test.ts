import { expect, test } from 'vitest'
import { isFingerprinted } from '../../../budgets/audit/fingerprints.ts'

test.each([
  ['app.3f9c2b1a.js', true], // webpack
  ['index-BZx3k9aQ.js', true], // Vite
  ['app-3f9c2b1a4d5e6f70.min.css', true], // Rails
  ['main.8d2f1c.js', false], // six digits may be a date
  ['photo-20261121.jpg', false], // a date
  ['jquery-3.7.1.min.js', false], // a version, whose file may still be replaced
  ['background.image.png', false],
  ['bootstrap.bundle.min.js', false],
  ['deadbeef-cafe.js', false],
])('%s: %s', (name, expected) => {
  expect(isFingerprinted(`https://shop.test/assets/${name}`)).toBe(expected)
})

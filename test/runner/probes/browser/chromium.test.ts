import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chromiumAt } from '../../../../runner/probes/browser/chromium.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'browsers-'))
  for (const name of ['google-chrome', 'chromium']) {
    writeFileSync(join(folder, name), '')
    chmodSync(join(folder, name), 0o755)
  }
  writeFileSync(join(folder, 'no-program'), '')
})
afterAll(() => rmSync(folder, { recursive: true }))

test('a browser is found by its usual names on the PATH', () => {
  expect(chromiumAt(undefined, ['/nowhere', folder].join(delimiter))).toBe(join(folder, 'chromium'))
})

test('the one that is named counts, and no other is taken in its place', () => {
  expect(chromiumAt(join(folder, 'google-chrome'), folder)).toBe(join(folder, 'google-chrome'))
  expect(() => chromiumAt(join(folder, 'absent'), folder)).toThrow(`there is no program at ${join(folder, 'absent')}, which "executable" names`)
  expect(() => chromiumAt(join(folder, 'no-program'), folder)).toThrow('there is no program at')
})

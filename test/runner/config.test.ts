import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../../runner/config.ts'
import { UsageError } from '../../runner/errors/usage-error.ts'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'perf-config-test-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))
const write = (name: string, content: string) => writeFileSync(join(cwd, name), content)

test('a folder without one has an empty configuration', async () => {
  expect(await readConfig(cwd, undefined)).toEqual({ file: undefined, config: {} })
})

test.each([
  { name: 'perf.config.json', content: '{"target":"http://127.0.0.1:1","gracefulStop":"5s","tests":{"spike":{"peak":"3000/m"}}}' },
  { name: 'perf.config.mjs', content: `export default { target: 'http://127.0.0.1:1', gracefulStop: '5s', tests: { spike: { peak: '3000/m' } } }` },
  {
    name: 'perf.config.ts',
    content: `type T = string\nconst target: T = 'http://127.0.0.1:1'\nexport default { target, gracefulStop: '5s', tests: { spike: { peak: '3000/m' } } }`,
  },
  {
    name: 'perf.config.ts',
    content: `import { defineConfig } from 'scale-surgeon/config'\nexport default defineConfig({ target: 'http://127.0.0.1:1', gracefulStop: '5s', tests: { spike: { peak: '3000/m' } } })`,
  },
])('$name is found and read', async ({ name, content }) => {
  write(name, content)
  const { file, config } = await readConfig(cwd, undefined)
  expect(file).toBe(join(cwd, name))
  expect(config).toEqual({ target: 'http://127.0.0.1:1', gracefulStop: 5, tests: { spike: { peak: 50 } } })
})

describe('a wrong one is refused with the key and the value', () => {
  test.each([
    { name: 'perf.config.json', content: '{"target":', says: "perf.config.json can't be read: " },
    { name: 'perf.config.json', content: '{"targt":"http://127.0.0.1"}', says: 'Unrecognized key: "targt"' },
    { name: 'perf.config.json', content: '{"tests":{"spike":{"rate":"50"}}}', says: 'at "tests.spike.rate" is wrong: Rate "50" has no unit' },
    { name: 'perf.config.json', content: '{"gracefulStop":"soon"}', says: 'at "gracefulStop" is wrong: Duration "soon" has no unit' },
    { name: 'perf.config.json', content: '{"targets":{"allow":[{"host":"shop.example.com"}]}}', says: 'at "targets.allow.0.owner" is wrong' },
    { name: 'perf.config.ts', content: 'export default {', says: 'perf.config.ts:1:17 does not compile' },
    { name: 'perf.config.ts', content: 'throw new Error("no mood")', says: "perf.config.ts can't be read: no mood" },
    { name: 'perf.config.mjs', content: 'export const a = 1', says: 'perf.config.mjs' },
  ])('$name with $content', async ({ name, content, says }) => {
    write(name, content)
    await expect(readConfig(cwd, undefined)).rejects.toThrow(UsageError)
    await expect(readConfig(cwd, undefined)).rejects.toThrow(says)
  })

  test('one that was named must be there', async () => {
    await expect(readConfig(cwd, 'other.json')).rejects.toThrow('Configuration other.json does not exist.')
  })
})

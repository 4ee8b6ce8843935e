import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ScenarioError } from '../../runner/errors/scenario-error.ts'
import { loadFeeds } from '../../runner/feeds.ts'
import { inspect } from '../../runner/inspect.ts'

const folder = mkdtempSync(join(tmpdir(), 'perf-inspect-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const failure = async (path: string): Promise<ScenarioError> => {
  const error = await inspect(path).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ScenarioError)
  return error as ScenarioError
}

describe('a scenario file', () => {
  test('tells what it declares without a journey being run', async () => {
    const path = file(
      'shop.ts',
      `import { constant, counter, csv, journey, scenario } from 'scale-surgeon'
       import { word } from './part.ts'
       const orders = counter('orders')
       const accounts = csv<{ name: string }>('accounts.csv', { scope: 'user', order: 'random' })
       const browse = journey('browse', () => { throw new Error('a journey was run') })
       export default scenario({
         shape: constant({ rate: '10/s', duration: '5s' }), tests: { smoke: constant({ rate: '1/s', duration: '2s' }) },
         journeys: [{ weight: 3, journey: browse }, journey(word, () => {})],
         keepCookies: true, headers: { 'x-a': 'b' }, setup: () => 1,
       })`,
    )
    file('part.ts', `export const word: string = 'buy'`)
    const facts = await inspect(path)
    expect(facts).toMatchObject({
      file: path,
      shape: { name: 'constant' },
      tests: { smoke: { name: 'constant' } },
      journeys: [
        { name: 'browse', weight: 3 },
        { name: 'buy', weight: 1 },
      ],
      feeds: [{ path: 'accounts.csv', scope: 'user', order: 'random' }],
      metrics: [{ kind: 'counter', name: 'orders' }],
      keepCookies: true,
      headers: { 'x-a': 'b' },
      hasSetup: true,
      k6Modules: [],
    })
  })

  test("may import k6's own modules, which are named", async () => {
    const path = file(
      'socket.ts',
      `import { journey, scenario } from 'scale-surgeon'
       import ws from 'k6/ws'
       import { browser } from 'k6/browser'
       const limit = ws.constants.LIMIT
       export default scenario({ journeys: [journey('chat', () => { ws.connect('ws://x', browser, limit) })] })`,
    )
    expect((await inspect(path)).k6Modules).toEqual(['k6/browser', 'k6/ws'])
  })

  test('that has a syntax error is refused with its line', async () => {
    const error = await failure(file('syntax.ts', `import { scenario } from 'scale-surgeon'\n\nexport default scenario({ journeys: [ )`))
    expect(error.message).toMatch(/syntax\.ts:3:\d+ does not compile: Unexpected "\)"/)
    expect(error.line).toBe(3)
  })

  test('that imports what is not there is refused with its line', async () => {
    expect((await failure(file('import.ts', `\nimport x from './gone.ts'\nexport default x`))).message).toMatch(
      /import\.ts:2:\d+ does not compile: Could not resolve ".\/gone\.ts"/,
    )
  })

  test('that throws while loading is refused with the line of the TypeScript source', async () => {
    const error = await failure(
      file('throws.ts', `type A = { b: { c: number } }\nconst nothing = undefined as unknown as A\n\nexport const c: number = nothing.b.c\nexport default 1`),
    )
    expect(error.message).toMatch(/throws\.ts:4 throws while it loads: "Cannot read properties of undefined \(reading 'b'\)"/)
    expect(error.line).toBe(4)
  })

  test.each([
    { name: 'none.ts', content: 'export const a = 1', says: 'its default export is missing' },
    { name: 'function.ts', content: 'export default () => {}', says: 'its default export is of type function' },
    { name: 'exits.ts', content: 'process.exit(3)', says: 'it ended the process with code 3 while loading' },
    {
      name: 'empty-weights.ts',
      content: `import { journey, scenario } from 'scale-surgeon'\nexport default scenario({ journeys: [{ weight: 0, journey: journey('a', () => {}) }] })`,
      says: 'Journey "a" has weight 0',
    },
  ])('$name is refused: $says', async ({ name, content, says }) => {
    expect((await failure(file(name, content))).message).toContain(says)
  })

  test('that is not there is refused by name', async () => {
    expect((await failure(join(folder, 'gone.ts'))).message).toMatch(/gone\.ts can't be read \(ENOENT\)/)
  })
})

describe('data files', () => {
  const feed = (path: string, format: 'csv' | 'json') => ({ kind: 'feed' as const, path, format, scope: 'shared' as const, order: 'sequential' as const })
  const scenario = join(folder, 'scenario.ts')

  test('a CSV file has a header; quotes, a byte-order mark and empty lines are understood', async () => {
    file('accounts.csv', '\ufeffname,motto\nada,"a, b ""c"""\n\nbob,\n')
    expect(await loadFeeds([feed('accounts.csv', 'csv')], scenario)).toEqual([
      {
        path: 'accounts.csv',
        rows: [
          { name: 'ada', motto: 'a, b "c"' },
          { name: 'bob', motto: '' },
        ],
      },
    ])
  })

  test.each([
    { path: 'gone.csv', format: 'csv' as const, content: undefined, says: "gone.csv of the scenario can't be read (ENOENT)" },
    { path: 'empty.csv', format: 'csv' as const, content: 'name\n', says: 'it has no rows' },
    { path: 'ragged.csv', format: 'csv' as const, content: 'a,b\n1\n', says: 'is no CSV to take rows from' },
    { path: 'object.json', format: 'json' as const, content: '{"a":1}', says: 'it holds an object, not an array' },
    { path: 'broken.json', format: 'json' as const, content: '[1,', says: 'is no JSON to take rows from' },
  ])('$path: $says', async ({ path, format, content, says }) => {
    if (content !== undefined) file(path, content)
    await expect(loadFeeds([feed(path, format)], scenario)).rejects.toThrow(says)
  })
})

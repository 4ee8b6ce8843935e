import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { counter, journey, scenario } from '../../scenarios/journey.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(root, 'node_modules', '.perf-types-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Lines of `wrong.ts` that the compiler objects to. */
const linesRefused = (source: string): number[] => {
  const file = join(folder, 'wrong.ts')
  writeFileSync(file, source.replace("'../../scenarios/index.ts'", `'${relative(folder, join(root, 'scenarios', 'index.ts'))}'`))
  const config = join(folder, 'tsconfig.json')
  writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions: { types: [] }, include: [file], exclude: [] }))
  try {
    execFileSync(join(root, 'node_modules', '.bin', 'tsc'), ['--noEmit', '--pretty', 'false', '-p', config], { encoding: 'utf8', cwd: dirname(config) })
    return []
  } catch (error) {
    const output = (error as { stdout: string }).stdout
    return [...output.matchAll(/wrong\.ts\((\d+),\d+\): error TS/g)].map((match) => Number(match[1]))
  }
}

test('every wrong scenario is a compile error on its own line, and the right ones are none', () => {
  const source = readFileSync(new URL('./wrong-scenarios.ts', import.meta.url), 'utf8')
  const lines = source.split('\n')
  const expected = lines.flatMap((line, index) => (line.trim().startsWith('// @ts-expect-error') ? [index + 2] : []))
  expect(expected).toHaveLength(14)
  const refused = new Set(linesRefused(source.replaceAll('@ts-expect-error', 'wrong:')))
  expect([...refused].sort((a, b) => a - b)).toEqual(expected)
})

test.each([
  { make: () => scenario({ journeys: [{ weight: -1, journey: journey('a', () => {}) }] }), says: 'Journey "a" has weight -1. Weights are numbers above 0.' },
  { make: () => scenario({ journeys: [journey('a', () => {}), journey('a', () => {})] }), says: 'Two journeys are called "a".' },
  { make: () => counter('Orders placed'), says: 'Metric "Orders placed" can\'t be named so.' },
])('$says', ({ make, says }) => {
  expect(make).toThrow(says)
})

/** The import law of .dependency-cruiser.cjs catches what it forbids, and reads the real tree at all. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { cruise, type ICruiseResult, type IForbiddenRuleType } from 'dependency-cruiser'
import { afterAll, expect, test } from 'vitest'

type Law = { readonly forbidden: IForbiddenRuleType[]; readonly options: object }
const root = dirname(import.meta.dirname)
const law: Law = createRequire(import.meta.url)('../.dependency-cruiser.cjs')
const stages = ['scenarios', 'runner', 'budgets', 'reports']
const planted: string[] = []

afterAll(() => Promise.all(planted.map((folder) => rm(folder, { recursive: true }))))

const cruiseAt = async (baseDir: string): Promise<ICruiseResult> => {
  const { output } = await cruise(stages, { ...law.options, baseDir, validate: true, ruleSet: { forbidden: law.forbidden } })
  if (typeof output === 'string') throw new Error(output)
  return output
}

/** A tree with the given files; each import points to a file that is there. */
const plant = async (files: Readonly<Record<string, string>>): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'import-law-'))
  planted.push(folder)
  const all = {
    'package.json': '{ "type": "module", "dependencies": { "undici": "1" }, "devDependencies": { "vitest": "1" } }',
    'node_modules/undici/package.json': '{ "name": "undici", "main": "index.js" }',
    'node_modules/undici/index.js': '',
    'node_modules/vitest/package.json': '{ "name": "vitest", "main": "index.js" }',
    'node_modules/vitest/index.js': '',
    'scenarios/shape.ts': 'export type Shape = 1; export const shape = 1',
    'runner/run.ts': 'export type Run = 1',
    'runner/cli.ts': 'export const main = 1',
    'runner/commands/run.ts': 'export const run = 1',
    'runner/engines/engine.ts': 'export type Engine = 1',
    'runner/engines/replay.ts': 'export const replay = 1',
    'runner/engines/k6/k6.ts': 'export const k6 = 1',
    'runner/deployments/kubernetes/k.ts': '',
    'runner/stats/quantile.ts': 'export const quantile = 1',
    'budgets/read.ts': 'import "node:fs/promises"; export const read = 1',
    'budgets/judge.ts': 'export const judge = 1',
    'reports/text.ts': 'export const text = 1',
    ...files,
  }
  for (const [file, content] of Object.entries(all)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), content)
  }
  return folder
}

const offenders: readonly [rule: string, file: string, content: string][] = [
  ['scenarios-import-only-scenarios', 'scenarios/a.ts', 'import type { Run } from "../runner/run.ts"; export type A = Run'],
  ['scenarios-import-only-scenarios', 'scenarios/journeys/a.ts', 'import "node:fs"'],
  ['scenarios-import-only-scenarios', 'scenarios/a.ts', 'import "undici"'],
  ['runner-knows-no-judgement', 'runner/execute.ts', 'import { judge } from "../budgets/judge.ts"; judge'],
  ['runner-knows-no-judgement', 'runner/engines/k6/a.ts', 'export type { text } from "../../../reports/text.ts"'],
  ['budgets-know-no-report', 'budgets/advice/cost.ts', 'const late = import("../../reports/text.ts"); late'],
  ['nobody-imports-the-command-line', 'runner/execute.ts', 'import { main } from "./cli.ts"; main'],
  ['nobody-imports-the-command-line', 'reports/a.ts', 'import { run } from "../runner/commands/run.ts"; run'],
  ['adapters-know-no-sibling', 'runner/engines/embedded/embedded.ts', 'import { k6 } from "../k6/k6.ts"; k6'],
  ['adapters-know-no-sibling', 'runner/engines/autocannon.ts', 'import { replay } from "./replay.ts"; replay'],
  ['adapters-know-no-sibling', 'runner/engines/virtual-user/choose.ts', 'import { k6 } from "../k6/k6.ts"; k6'],
  ['adapters-know-no-sibling', 'runner/engines/engine.ts', 'import { k6 } from "./k6/k6.ts"; k6'],
  ['adapters-know-no-sibling', 'runner/deployments/ecs/a.ts', 'import "../kubernetes/k.ts"'],
  ['judging-touches-nothing-outside', 'budgets/judge.ts', 'import { readFile } from "node:fs/promises"; readFile'],
  ['judging-touches-nothing-outside', 'reports/html/page.ts', 'import { get } from "https"; get'],
  ['judging-touches-nothing-outside', 'runner/stats/rank-test.ts', 'import { request } from "undici"; request'],
  ['ship-what-is-imported', 'runner/a.ts', 'import { test } from "vitest"; test'],
  ['imports-resolve', 'runner/a.ts', 'import "./gone.ts"'],
]

test.each(offenders)('%s catches %s with: %s', async (rule, file, content) => {
  const { summary } = await cruiseAt(await plant({ [file]: content }))
  expect(summary.violations.map((violation) => [violation.rule.name, violation.from])).toEqual([[rule, file]])
})

test('no-circles catches a circle once, of types too', async () => {
  const { summary } = await cruiseAt(
    await plant({
      'budgets/a.ts': 'import type { B } from "./b.ts"; export type A = B | 1',
      'budgets/b.ts': 'import type { A } from "./a.ts"; export type B = A | 2',
    }),
  )
  expect(summary.violations.map((violation) => [violation.rule.name, violation.from])).toEqual([['no-circles', 'budgets/a.ts']])
})

test('a tree that keeps the law has no offender', async () => {
  const { summary } = await cruiseAt(
    await plant({
      'runner/cli.ts': 'import "./commands/run.ts"; import "../budgets/judge.ts"; import "../reports/text.ts"; export const main = 1',
      'runner/engines/k6/channel.ts': 'import "./k6.ts"; import type { Engine } from "../engine.ts"; export type E = Engine',
      'runner/engines/virtual-user/choose.ts': 'import "../engine.ts"',
      'runner/engines/k6/runtime.ts': 'import "../virtual-user/choose.ts"',
      'runner/engines/index.ts': 'import "./replay.ts"; import "./k6/k6.ts"',
      'scenarios/journeys/shop.ts': 'import { shape } from "../shape.ts"; shape',
    }),
  )
  expect(summary.violations).toEqual([])
})

test('every rule of the law has an offender here', () => {
  expect([...new Set(['no-circles', ...offenders.map(([rule]) => rule)])].sort()).toEqual(law.forbidden.map((rule) => rule.name).sort())
})

test('the law reads the TypeScript of the real tree', async () => {
  expect((await cruiseAt(root)).summary.totalCruised).toBeGreaterThan(20)
})

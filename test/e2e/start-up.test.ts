/** What a command loads before it does its work. Times differ from machine to machine; the list of modules does not. */
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { k6 } from '../support/k6.ts'
import { perf } from '../support/perf.ts'

const preload = new URL('../support/loaded-modules.mjs', import.meta.url).href
const packageFolder = fileURLToPath(new URL('../..', import.meta.url))

/** Libraries by name, and own modules by folder and file. */
const loadedBy = async (...args: string[]): Promise<{ libraries: string[]; own: string[] }> => {
  const { stderr, exitCode } = await perf(args, { env: { NODE_OPTIONS: `--import ${preload}` } })
  expect(exitCode, stderr).toBe(0)
  const files = [...stderr.matchAll(/^loaded (.+)$/gm)].map(([, file = '']) => file)
  const libraries = files.flatMap((file) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [])
  const own = files.filter((file) => file.startsWith(packageFolder) && !file.includes('/node_modules/')).map((file) => file.slice(packageFolder.length))
  return { libraries: [...new Set(libraries)], own }
}

test('help loads the command line and its words, and nothing else', async () => {
  const { libraries, own } = await loadedBy('--help')
  expect(libraries).toEqual(['commander'])
  expect(own).toContain('dist/runner/cli.js')
  expect(own.filter((file) => !/^dist\/(runner\/(cli|version|commands\/(program|options\/[\w-]+)|errors\/perf-error)|scenarios\/\w+)\.js$/.test(file))).toEqual(
    [],
  )
})

test.each(k6 ? ['embedded', 'k6'] : ['embedded'])('a run with %s loads nothing for its report before its load', async (engine) => {
  const { libraries, own } = await loadedBy('run', 'smoke', '--engine', engine, '--target', 'http://127.0.0.1:1', '--dry-run')
  expect(own).toContain('dist/runner/commands/run.js')
  expect(own).toContain(`dist/runner/engines/${engine}/${engine}.js`)
  expect(own.filter((file) => /^dist\/(reports\/(html|charts|index|text|json|compose)|budgets\/(judge|measures))/.test(file))).toEqual([])
  expect(
    own.filter((file) => file.startsWith(`dist/runner/engines/${engine === 'k6' ? 'embedded' : 'k6'}/`) && !/\/(find|version|script)\.js$/.test(file)),
  ).toEqual([])
  for (const slow of ['log-update', '@clack/prompts', 'yaml', 'csv-parse', 'cli-table3', 'chart.js']) expect(libraries, slow).not.toContain(slow)
})

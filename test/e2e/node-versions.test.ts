import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import { test } from 'vitest'
import { nodeOf } from '../support/node-versions.ts'

type Report = {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

const root = dirname(dirname(import.meta.dirname))
// A vitest that believes to be a worker of this one would report to it.
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS$|NODE_ENV$|TEST$)/.test(name)))

const runUnitTests = async (node: string): Promise<Report> => {
  const folder = await mkdtemp(join(tmpdir(), 'scale-surgeon-node-'))
  const file = join(folder, 'report.json')
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const { all } = await execa(node, [vitest, 'run', '--project', 'unit', '--maxWorkers=50%', '--reporter=json', `--outputFile=${file}`], {
    cwd: root,
    env,
    extendEnv: false,
    reject: false,
    all: true,
  })
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`vitest wrote no report: ${all}`)
  })
  await rm(folder, { recursive: true })
  return JSON.parse(text)
}

// Side by side, each on its half of the cores: nothing here measures.
test.concurrent.for([22, 24])('the unit tests pass on Node %i', async (major, { skip, expect }) => {
  const node = await nodeOf(major)
  if (node === undefined) return skip(`Node ${major} can not be had from npm here`)
  const { numPassedTests, testResults } = await runUnitTests(node)
  const failed = testResults.flatMap(({ name, status, assertionResults }) => {
    const names = assertionResults.filter((result) => result.status === 'failed').map(({ fullName }) => fullName)
    return names.length === 0 && status === 'failed' ? [name] : names
  })
  expect(failed).toEqual([])
  expect(numPassedTests).toBeGreaterThan(0)
})

/** Dashboards and alerts as written, before the TypeScript compiler and the types that Grafana publishes: every name, value and missing part. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterEach, expect, test } from 'vitest'
import { parse } from 'yaml'
import { writers } from '../../../../budgets/advice/infrastructure/index.ts'
import { watchedSituations } from '../../../support/alerts.ts'
import type { GrafanaAlerts, GrafanaDashboard } from '../../../support/grafana-types.ts'

type Written = { readonly dashboards: readonly GrafanaDashboard[]; readonly alerts: readonly GrafanaAlerts[] }

const written = (): Written => {
  const files = Object.values(watchedSituations).flatMap((recommendation) => {
    const artefacts = writers.grafana(recommendation)
    if ('because' in artefacts) throw new Error(artefacts.because)
    return artefacts
  })
  return {
    dashboards: files.filter(({ file }) => file === 'dashboard.json').map(({ text }) => JSON.parse(text)),
    alerts: files.filter(({ file }) => file === 'alerts.yaml').map(({ text }) => parse(text)),
  }
}

/** A literal, and not a variable: the compiler looks for names too many in literals only. */
const programOf = ({ dashboards, alerts }: Written): string => `
import type { GrafanaAlerts, GrafanaDashboard } from '../../../support/grafana-types.ts'
export const dashboards: GrafanaDashboard[] = ${JSON.stringify(dashboards, null, 1)}
export const alerts: GrafanaAlerts[] = ${JSON.stringify(alerts, null, 1)}
`

const root = fileURLToPath(new URL('../../../../', import.meta.url))
// Beside this test, where its imports lead to the same files; nothing but the compiler reads it.
const file = fileURLToPath(new URL(`written-for-grafana-${process.pid}.ts`, import.meta.url))
afterEach(() => rmSync(file, { force: true }))

const options = [
  '--noEmit',
  '--strict',
  '--skipLibCheck',
  '--module',
  'nodenext',
  '--target',
  'es2022',
  '--types',
  '',
  '--allowImportingTsExtensions',
  '--ignoreConfig',
]

/** @returns what the compiler says */
const compiled = async (program: string): Promise<string> => {
  writeFileSync(file, program)
  const { stdout } = await execa(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options, file], { cwd: root, reject: false })
  return stdout
}

test('Grafana has every name and value of every situation, and none is missing that it needs', async () => {
  expect(await compiled(programOf(written()))).toBe('')
})

// Each in a place of its own, so that the compiler is asked once.
const broken = [
  ['a name that a threshold has not', '"steps":', '"step":', '\'"step"\' does not exist'],
  ['a word that is no way of showing a legend', '"displayMode": "list"', '"displayMode": "lists"', '"lists"'],
  ['a name that a query has not', '"legendFormat":', '"legend":', '\'"legend"\' does not exist'],
  ['a comparison that is none', '"type": "gt"', '"type": "above"', '"above"'],
  ['a state that is none', '"noDataState": "NoData"', '"noDataState": "Nothing"', '"Nothing"'],
  ['a rule that decides by a number', '"condition": "C",', '"condition": 3,', "Type 'number' is not assignable"],
] as const

test(`found are ${broken.map(([what]) => what).join(', ')}`, async () => {
  let program = programOf(written())
  for (const [, from, to] of broken) {
    expect(program).toContain(from)
    program = program.replace(from, to)
  }
  const said = await compiled(program)
  for (const [what, , , words] of broken) expect(said, what).toContain(words)
})

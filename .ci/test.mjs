/**
 * `npm test`: sets up what is missing, then runs every test: unit, integration, end to end, one kind after the other,
 * because the later ones measure time and need the cores. Arguments go to vitest: npm test -- test/scenarios
 * The last line counts: `N passed, N failed[, N skipped]`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { has, root, run } from './command.mjs'
import { installDebianPackages } from './debian.mjs'
import { installPythonPrograms } from './python.mjs'
import { setUp } from './set-up.mjs'

const projects = ['unit', 'integration', 'e2e']

const readReport = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined // vitest ended before it could write one; its exit code tells
  }
}

/** A file that can't be loaded has no tests to fail, and an error outside of any test fails none: each counts as one failure. */
const count = (report, exitCode) => {
  const files = report?.testResults ?? []
  const unloadable = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const tests = files.flatMap((file) => file.assertionResults)
  const number = (...statuses) => tests.filter((test) => statuses.includes(test.status)).length
  const failed = number('failed') + unloadable.length
  return { passed: number('passed'), failed: failed === 0 && exitCode !== 0 ? 1 : failed, skipped: number('skipped', 'pending', 'todo', 'disabled') }
}

/** What failed, by file, name and the first line of its reason. */
const failuresOf = (report) =>
  (report?.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const file = relative(root, name)
    const failed = assertionResults.filter((test) => test.status === 'failed')
    if (failed.length === 0) return status === 'failed' ? [`${file}: ${firstLine(message)}`] : []
    return failed.map((test) => `${file} > ${test.fullName}: ${firstLine(test.failureMessages[0])}`)
  })

const firstLine = (text = '') => text.split('\n')[0].slice(0, 300)

const runProject = (project, folder) => {
  const file = join(folder, `${project}.json`)
  const args = [
    'run',
    '--project',
    project,
    '--passWithNoTests',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...process.argv.slice(2),
  ]
  const exitCode = run('node', [join(root, 'node_modules', 'vitest', 'vitest.mjs'), ...args], { answers: true })
  const report = readReport(file)
  const number = count(report, exitCode)
  const failures = failuresOf(report)
  if (number.failed > 0 && failures.length === 0) failures.push(`${project}: ended with exit code ${exitCode}, though no test failed; see its output above`)
  return { number, failures }
}

setUp()
installDebianPackages()
installPythonPrograms()
if (!has('go', ['version'])) console.error('Go is not installed, so k6 is not built. Tests of the k6 engine skip unless a k6 is there already.')
else if (run('node', [join(root, 'dist', 'runner', 'cli.js'), 'k6', 'install']) !== 0) console.error('k6 could not be installed. Tests of the k6 engine skip.')

const folder = mkdtempSync(join(tmpdir(), 'scale-surgeon-test-'))
const total = { passed: 0, failed: 0, skipped: 0 }
const failures = []
for (const project of projects) {
  const result = runProject(project, folder)
  for (const [state, number] of Object.entries(result.number)) total[state] += number
  failures.push(...result.failures)
}
rmSync(folder, { recursive: true, force: true })

// Once more at the end: of half an hour's output somebody reads the last lines, and a log that is cut keeps them.
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `- ${failure}`).join('\n')}\n`)
process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`)

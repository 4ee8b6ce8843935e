/** What `npm pack` makes, installed in an empty folder, is the whole program. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'perf-package-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const options = { cwd: folder, reject: false, env: { NO_COLOR: '1', CI: '' } } as const

beforeAll(async () => {
  await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root })
  const [tarball] = readdirSync(folder)
  writeFileSync(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  await execa('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `./${tarball}`], { cwd: folder })
}, 180_000)

describe('the packed package', () => {
  test('holds what runs and nothing of the tests', () => {
    const top = readdirSync(join(folder, 'node_modules', 'scale-surgeon')).sort()
    expect(top).toEqual(['README.md', 'dist', 'package.json'])
    expect(existsSync(join(folder, 'node_modules', 'scale-surgeon', 'dist', 'test'))).toBe(false)
  })

  test('npx perf run baseline tests the demo shop with no configuration', async () => {
    const { stdout, stderr, exitCode } = await execa('npx', ['perf', 'run', 'baseline', '--engine', 'embedded', '--duration', '6s'], options)
    expect(stderr).toContain('the demo shop; --target tests yours')
    expect([0, 1, 3]).toContain(exitCode)
    expect(stdout).toMatch(/PASS|FAIL|NO VERDICT/)
    const run = JSON.parse(readFileSync(join(folder, 'perf-results', 'latest', 'run.json'), 'utf8'))
    expect(run.load).toMatchObject({ dropped: 0, failed: 0 })
    expect(run.load.completed).toBeGreaterThan(50)
  })

  test('scale-surgeon is the same command', async () => {
    const { stdout } = await execa('npx', ['scale-surgeon', '--version'], options)
    expect(stdout).toBe(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
  })

  test("a user's own scenario imports the authoring API and its types from the package", async () => {
    writeFileSync(
      join(folder, 'mine.ts'),
      `import { constant, journey, scenario } from 'scale-surgeon'\nexport default scenario({ shape: constant({ rate: '20/s', duration: '2s' }), journeys: [journey('home', async ({ http }) => http.get('/'))] })\n`,
    )
    const run = await execa('npx', ['perf', 'run', '--scenario', 'mine.ts', '--engine', 'embedded', '--json'], options)
    expect(JSON.parse(run.stdout).load).toMatchObject({ planned: 40, completed: 40 })
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { strict: true, module: 'nodenext', target: 'es2022', noEmit: true, types: [] }, files: ['mine.ts'] }),
    )
    const types = await execa(join(root, 'node_modules', '.bin', 'tsc'), ['-p', folder], { reject: false })
    expect(types.stdout).toBe('')
  })
})

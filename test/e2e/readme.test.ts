/** Every command that README.md shows is typed here, in a folder that holds the files README.md shows. Long durations are cut short, nothing else. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type DemoShop, startDemoShop } from '../../runner/demo-shop/start.ts'
import { perf } from '../support/perf.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const blocks = [...readme.matchAll(/```(\w*)\n([\s\S]*?)```/g)].map(([, language = '', text = '']) => ({ language, text }))
const commands = blocks
  .filter(({ language }) => language === '')
  .flatMap(({ text }) => text.split('\n'))
  .map((line) => line.replace(/^npx /, '').trim())
  .filter((line) => line.startsWith('perf '))

const cwd = mkdtempSync(join(tmpdir(), 'perf-readme-'))
let shop: DemoShop
const write = (name: string, content: string): void => {
  mkdirSync(dirname(join(cwd, name)), { recursive: true })
  writeFileSync(join(cwd, name), content)
}
beforeAll(async () => {
  shop = await startDemoShop({})
  for (const { language, text } of blocks) {
    const [, name] = /^\/\/ (\S+\.ts)\n/.exec(text) ?? []
    if (language === 'ts' && name !== undefined && name !== 'perf.config.ts') write(name, text)
    if (language === 'json') write('budgets.json', text)
    const [, settings] = /^# (\S+\.yml)\n/.exec(text) ?? []
    if (language === 'yaml' && settings !== undefined) write(settings, text)
  }
  write('scenarios/accounts.csv', 'name\nada\ngrace\n')
})
afterAll(async () => {
  await shop.stop()
  rmSync(cwd, { recursive: true, force: true })
})

test('README.md shows commands', () => {
  expect(commands.length).toBeGreaterThan(8)
})

test('every flag that README.md names is one of a command', async () => {
  const [, list = ''] = (await perf(['--help'])).stdout.split('Commands:')
  const names = [...list.matchAll(/^ {2}([a-z]\w+)/gm)].map(([, name = '']) => name)
  const helps = await Promise.all([...names.map((name) => [name]), ['k6', 'install']].map((words) => perf([...words, '--help'])))
  const flagsIn = (text: string) => [...text.matchAll(/(?<![\w-])--[a-z][a-z0-9-]+/g)].map(([flag]) => flag)
  const known = new Set(helps.flatMap(({ stdout }) => flagsIn(stdout)))
  expect(known.size).toBeGreaterThan(50)
  expect(flagsIn(readme).filter((flag) => !known.has(flag))).toEqual([])
})

describe('in the order in which they are shown', () => {
  test.each(commands)('%s', async (command) => {
    const args = command
      .split(/\s+/)
      .slice(1)
      .map((word) => word.replace('http://127.0.0.1:3000', shop.url))
    const duration = args.indexOf('--duration')
    if (duration >= 0) args[duration + 1] = args.includes('breakpoint') ? '10s' : '5s'
    const warmUp = args.indexOf('--warm-up')
    if (warmUp >= 0) args[warmUp + 1] = '1s'
    const hold = args.indexOf('--hold')
    if (hold >= 0) args.splice(hold, 2, '--hold', '2s', '--max-connections', '2')
    const { exitCode, stderr, stdout } = await perf(args, {
      cwd,
      // Nobody listens there: a probe that does not start is a caveat, and its budgets are unknown.
      env: { PERF_DURATION: '5s', DATABASE_URL: 'postgres://perf@127.0.0.1:1/shop' },
    })
    expect(stderr).not.toMatch(/failed unexpectedly|is not known|does not|can't be/)
    expect(`${stdout}${stderr}`).not.toBe('')
    expect([0, 1, 3]).toContain(exitCode)
  })
})

test('the configuration it shows is accepted, and allows the host it names', async () => {
  const config = blocks.find(({ text }) => text.startsWith('// perf.config.ts'))
  write('perf.config.ts', config?.text ?? '')
  const { stdout, exitCode } = await perf(['validate', '--scenario', 'scenarios/shop.ts'], { cwd })
  rmSync(join(cwd, 'perf.config.ts'))
  expect(stdout).toContain('perf.config.ts')
  expect(exitCode).toBe(0)
})

/** What perf writes for ECS, before the validators that a user would have; and what each of them says to a file that is broken. */
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { afterAll, describe, expect, test } from 'vitest'
import { type Format, writers } from '../../../budgets/advice/infrastructure/index.ts'
import { bash } from '../../../runner/validators/bash.ts'
import { cdk } from '../../../runner/validators/cdk.ts'
import { cfnLint } from '../../../runner/validators/cfn-lint.ts'
import { terraform } from '../../../runner/validators/terraform.ts'
import type { Outcome, Validator } from '../../../runner/validators/validator.ts'
import { situations } from '../../support/a-recommendation.ts'
import { findProgram } from '../../support/programs.ts'
import { hasCfnLint, pathWithPython } from '../../support/python.ts'

const scratch = mkdtempSync(join(tmpdir(), 'perf-validators-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
const world = { env: { ...process.env, PATH: pathWithPython }, cwd: process.cwd() }

/** All of them at once, each file with its situation in its name: the programs take longer to start than to read. */
const filesOf = (format: Format): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(situations).flatMap(([name, recommendation]) => {
      const files = writers[format](recommendation)
      return 'because' in files ? [] : files.map(({ file, text }) => [`${name.replaceAll(/\W+/g, '_')}-${file}`, text])
    }),
  )

const folderOf = (files: Readonly<Record<string, string>>): string => {
  const folder = mkdtempSync(join(scratch, 'files-'))
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
  return folder
}

const ask = (validator: Validator, files: Readonly<Record<string, string>>): Promise<Outcome> => validator(folderOf(files), Object.keys(files), world)

const one = (format: Format, name: string, file: string): string => {
  const files = writers[format](situations[name] as never)
  const found = 'because' in files ? undefined : files.find((each) => each.file === file)
  if (found === undefined) throw new Error(`${format} writes no ${file} for ${name}`)
  return found.text
}
const broken = (text: string, from: string, to: string): string => {
  expect(text).toContain(from)
  return text.replace(from, to)
}
const refusal = (words: string) => ({ state: 'refused', words: expect.stringContaining(words) })

describe.skipIf(findProgram('terraform') === undefined)('terraform', () => {
  test('accepts every file of every situation', async () => {
    expect(await ask(terraform, filesOf('terraform'))).toEqual({ state: 'accepted' })
  })

  const text = one('terraform', 'cpu target and size', 'scaling.tf')
  test.each([
    ['one that can not be read', 'min_capacity = 4', 'min_capacity == 4', 'scaling.tf line'],
    ['one that is laid out otherwise', 'min_capacity = 4', 'min_capacity   =   4', '+  min_capacity = 4'],
  ])('refuses %s', async (_, from, to, words) => {
    expect(await ask(terraform, { 'scaling.tf': broken(text, from, to) })).toMatchObject(refusal(words))
  })
})

describe.skipIf(!hasCfnLint)('cfn-lint', () => {
  test('accepts every file of every situation, at 20 s too', async () => {
    expect(await ask(cfnLint, filesOf('cloudformation'))).toEqual({ state: 'accepted' })
  })

  test('refuses a pair that Fargate has not, a name with a typing error, a metric that is none, and what is no YAML', async () => {
    const scaling = one('cloudformation', 'cpu target at 20 s', 'scaling.yaml')
    const size = one('cloudformation', 'cpu target and size', 'task-size.yaml')
    const outcome = await ask(cfnLint, {
      'pair.yaml': broken(size, 'Memory: "1024"', 'Memory: "16384"'),
      'typed.yaml': broken(scaling, 'ScaleInCooldown', 'ScaleinCooldown'),
      'metric.yaml': broken(scaling, 'ECSServiceAverageCPUUtilizationHighResolution', 'ECSServiceAverageCPU'),
      'no.yaml': broken(scaling, 'MinCapacity: 4', 'MinCapacity: "4'),
    })
    for (const words of ['E3047', "'ScaleinCooldown'", "'ECSServiceAverageCPU' is not one of", 'E0000']) expect(outcome).toMatchObject(refusal(words))
    // The one false alarm that is known is not among them.
    expect(JSON.stringify(outcome)).not.toContain("'ECSServiceAverageCPUUtilizationHighResolution' is not")
  })
})

describe('bash', () => {
  test.skipIf(findProgram('shellcheck') === undefined)('with shellcheck refuses a variable that nothing uses', async () => {
    const text = one('aws-cli', 'cpu target and size', 'apply.sh')
    expect(await ask(bash, { 'apply.sh': broken(text, "CLUSTER='prod'", "CLUSTER='prod'\nUNUSED=1") })).toMatchObject(refusal('SC2034'))
  })

  test('accepts every script', async () => expect(await ask(bash, filesOf('aws-cli'))).toEqual({ state: 'accepted' }))

  test('refuses one whose quotes do not end', async () => {
    const text = one('aws-cli', 'cpu target and size', 'apply.sh')
    expect(await ask(bash, { 'fine.sh': text, 'apply.sh': broken(text, "CLUSTER='prod'", "CLUSTER='prod") })).toMatchObject(refusal('unexpected'))
  })
})

// Synthesizing takes 6 s of CPU, most of it the CDK's own rules; how long that is depends on who else wants a core.
describe('the CDK of the project', { timeout: 180_000 }, () => {
  const text = one('cdk', 'scheduled and size', 'recommended.ts')
  test('synthesizes the construct of every situation, of which cfn-lint accepts the templates', async () => {
    const files = filesOf('cdk')
    const folder = folderOf(files)
    expect(await cdk(folder, Object.keys(files), world)).toEqual({ state: 'accepted' })
    const templates = readdirSync(join(folder, 'cdk.out')).filter((file) => file.endsWith('.template.json'))
    expect(templates).toHaveLength(Object.keys(files).length)
    if (hasCfnLint) expect(await cfnLint(join(folder, 'cdk.out'), templates, world)).toEqual({ state: 'accepted' })
  })

  test('its compiler knows every property by that name and type', async () => {
    const folder = folderOf(filesOf('cdk'))
    symlinkSync(join(world.cwd, 'node_modules'), join(folder, 'node_modules'), 'junction')
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2022', '--types', '']
    const compile = () =>
      execa(process.execPath, [join(world.cwd, 'node_modules/typescript/bin/tsc'), ...options, ...readdirSync(folder).filter((file) => file.endsWith('.ts'))], {
        cwd: folder,
        reject: false,
      })
    expect(await compile()).toMatchObject({ exitCode: 0, stdout: '' })
    writeFileSync(join(folder, 'broken.ts'), broken(text, 'scalingTargetId:', 'scalingTarget:'))
    expect((await compile()).stdout).toContain("'scalingTarget' does not exist in type 'CfnScalingPolicyProps'")
  })

  test.each([
    ['one that lacks what must be given', /minCapacity: 4,/g, '', 'minCapacity'],
    ['a size that Fargate has not', /memoryLimitMiB: 1024/, 'memoryLimitMiB: 16384', '16384'],
    ['one that can not be read', /export class/, 'export klass', 'klass'],
  ])('refuses %s', async (_, from, to, words) => {
    expect(text).toMatch(from)
    expect(await ask(cdk, { 'recommended.ts': text.replace(from, to) })).toMatchObject(refusal(words))
  })

  test('is not there where the project has none', async () => {
    expect(await cdk(scratch, [], { ...world, cwd: scratch })).toMatchObject({ state: 'absent' })
  })
})

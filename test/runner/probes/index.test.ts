import { describe, expect, test } from 'vitest'
import { configSchema } from '../../../runner/config.ts'
import { UsageError } from '../../../runner/errors/usage-error.ts'
import { makeProbes } from '../../../runner/probes/index.ts'
import { redactor } from '../../../runner/safety/redact.ts'
import { settle } from '../../../runner/settings.ts'

const world = { target: { url: 'http://127.0.0.1:1', hostname: '127.0.0.1', addresses: ['127.0.0.1'] } }
const settingsOf = (probes: unknown[], environment: Record<string, string> = {}) =>
  settle('smoke', {}, environment, configSchema.parse({ probes }), '/somewhere')
const made = (probes: unknown[]) => makeProbes(settingsOf(probes).probes, world)

test('a probe has its kind as name, unless it is given one', async () => {
  const probes = await made([
    { kind: 'process', pid: 1 },
    { kind: 'process', name: 'worker', port: 8080 },
  ])
  expect(probes.map(({ name }) => name)).toEqual(['process', 'worker'])
})

describe('bad entries are errors before any load', () => {
  test.each([
    [[{ kind: 'postgress' }], /Probe kind "postgress" is not known\. The kinds are .*process/],
    [[{ kind: 'process', pid: 'many' }], /Probe "process" .*is wrong/],
    [
      [
        { kind: 'process', pid: 1 },
        { kind: 'process', pid: 2 },
      ],
      /Two probes are called "process"/,
    ],
  ])('%j', async (probes, sentence) => {
    await expect(made(probes)).rejects.toThrow(sentence)
    await expect(made(probes)).rejects.toBeInstanceOf(UsageError)
  })
})

describe('values from the environment', () => {
  const reference = `$${'{DATABASE_URL}'}`

  test('are filled in, and kept out of everything printed, their passwords too', () => {
    const { probes, concealed } = settingsOf([{ kind: 'x', url: reference }], { DATABASE_URL: 'postgres://perf:hunt%2Fer22@127.0.0.1/shop' })
    expect(probes).toEqual([{ kind: 'x', options: { url: 'postgres://perf:hunt%2Fer22@127.0.0.1/shop' } }])
    const redact = redactor(concealed)
    expect(redact('could not reach postgres://perf:hunt%2Fer22@127.0.0.1/shop')).toBe('could not reach [secret DATABASE_URL]')
    expect(redact('password hunt/er22 refused')).toBe('password [secret DATABASE_URL password] refused')
  })

  test('must be there', () => {
    expect(() => settingsOf([{ kind: 'x', name: 'orders', url: reference }])).toThrow(/Probe "orders" names .*DATABASE_URL.*Set DATABASE_URL/)
  })

  test('a password written out is no less a secret', () => {
    const { concealed } = settingsOf([{ kind: 'x', hosts: [{ url: 'redis://:hunter22@127.0.0.1' }] }])
    expect(redactor(concealed)('AUTH hunter22')).not.toContain('hunter22')
  })
})

import { describe, expect, test } from 'vitest'
import { configSchema } from '../../runner/config.ts'
import { UsageError } from '../../runner/errors/usage-error.ts'
import { settle } from '../../runner/settings.ts'

const config = configSchema.parse({
  target: 'http://127.0.0.1:1',
  env: { A: 'file', B: 'file', C: 'file' },
  tests: { spike: { rate: '5/s', peak: '50/s', duration: '1m' } },
  environments: { staging: { target: 'http://127.0.0.1:2', env: { B: 'staging', C: 'staging' } } },
})

describe('layers', () => {
  test('a flag is above the environment variable, that above the environment entry, that above the file', () => {
    const at = (flags: object, variables: Record<string, string>) => settle('spike', flags, variables, config, '/somewhere').target
    expect(at({}, {})).toBe('http://127.0.0.1:1')
    expect(at({ env: 'staging' }, {})).toBe('http://127.0.0.1:2')
    expect(at({ env: 'staging' }, { PERF_TARGET: 'http://127.0.0.1:3' })).toBe('http://127.0.0.1:3')
    expect(at({ env: 'staging', target: 'http://127.0.0.1:4' }, { PERF_TARGET: 'http://127.0.0.1:3' })).toBe('http://127.0.0.1:4')
  })

  test('values for the scenario are merged key by key', () => {
    const { env } = settle('spike', { env: 'staging', variable: ['C=flag'] }, {}, config, '/somewhere')
    expect(env).toEqual({ A: 'file', B: 'staging', C: 'flag' })
  })

  test('a test type takes its own load from the configuration, and flags stay apart from it', () => {
    const settings = settle('spike', { rate: '3000/m' }, {}, config, '/somewhere')
    expect(settings.configured).toEqual({ rate: 5, peak: 50, duration: 60 })
    expect(settings.asked).toEqual({ rate: 50 })
    expect(settle('soak', {}, {}, config, '/somewhere').configured).toEqual({})
  })

  test('files are relative to where the command was typed', () => {
    const { source, out, budgets } = settle(undefined, { scenario: 'a.ts', budget: ['b.json'] }, {}, config, '/somewhere')
    expect([source, out, budgets]).toEqual([{ kind: 'scenario', file: '/somewhere/a.ts' }, '/somewhere/perf-results', ['/somewhere/b.json']])
  })
})

describe('a limit of connections', () => {
  test('comes from flag, environment or file, and gives each worker at least one', () => {
    expect(settle('spike', { connections: '10' }, { PERF_CONNECTIONS: '20' }, config, '/').connections).toBe(10)
    expect(settle('spike', {}, { PERF_CONNECTIONS: '20' }, config, '/').connections).toBe(20)
    expect(settle('spike', {}, {}, config, '/').connections).toBeUndefined()
    expect(() => settle('spike', { connections: '2', workers: '3' }, {}, config, '/')).toThrow('--connections 2 is fewer than the 3 workers.')
  })
})

describe('bad input', () => {
  test.each([
    { flags: { rate: '50' }, says: 'Rate "50" has no unit. Rates are arrivals per time, such as 50/s or 3000/m. Write --rate 50/s.' },
    { flags: { rate: '0/s' }, says: 'Rate "0/s" makes no load at all.' },
    { flags: { rate: '-5/s' }, says: 'Rate "-5/s" has no unit.' },
    { flags: { duration: '30' }, says: 'Duration "30" has no unit that is known. Durations look like 30s, 5m or 1h30m. Write --duration 30s.' },
    { flags: { duration: '0s' }, says: 'leaves no time for load' },
    { flags: { engine: 'jmeter' }, says: 'Engine "jmeter" is not known. The engines are auto, embedded, k6, replay.' },
    { flags: { users: '2.5' }, says: '--users "2.5" is no whole number of at least 1.' },
    { flags: { variable: ['TOKEN'] }, says: 'Variable "TOKEN" has no value. -e takes NAME=value. Write -e TOKEN=value.' },
    { flags: { env: 'prod' }, says: 'Environment "prod" is not in the configuration. It lists staging.' },
    { flags: { scenario: 'a.ts', script: 'b.js' }, says: 'Both --scenario and --script were given.' },
  ])('$says', ({ flags, says }) => {
    expect(() => settle('spike', flags, {}, config, '/somewhere')).toThrow(UsageError)
    expect(() => settle('spike', flags, {}, config, '/somewhere')).toThrow(says)
  })
})

describe('secrets', () => {
  test('come from the environment alone, named or not', () => {
    expect(settle('spike', {}, { PERF_SECRET_TOKEN: 'hunter22' }, config, '/').secrets).toEqual({ TOKEN: 'hunter22' })
  })
  test('one that the configuration names must be there', () => {
    expect(() => settle('spike', {}, {}, { ...config, secrets: ['TOKEN'] }, '/')).toThrow('Set PERF_SECRET_TOKEN.')
  })
  test('one too short to be kept out of reports is refused', () => {
    expect(() => settle('spike', {}, { PERF_SECRET_PIN: '123' }, config, '/')).toThrow('Secret PIN has 3 characters.')
  })
})

describe('a warm-up', () => {
  const at = (flags: object, variables: Record<string, string> = {}, configured: object = {}) =>
    settle('soak', flags, variables, configSchema.parse({ ...config, tests: undefined, ...configured }), '/somewhere').warmUp
  const inFile = { warmUp: '10s' }

  test('is nothing unless somebody asks for it, and says who did', () => {
    expect(at({})).toEqual({ seconds: 0, because: '' })
    expect(at({}, {}, inFile)).toEqual({ seconds: 10, because: 'warmUp in the configuration' })
    expect(at({}, { PERF_WARM_UP: '20s' }, inFile)).toEqual({ seconds: 20, because: 'PERF_WARM_UP' })
    expect(at({ warmUp: '1m' }, { PERF_WARM_UP: '20s' }, inFile)).toEqual({ seconds: 60, because: '--warm-up' })
  })

  test('is taken back by 0s, and counts whole seconds', () => {
    expect(at({ warmUp: '0s' }, {}, inFile).seconds).toBe(0)
    expect(at({ warmUp: '1500ms' }).seconds).toBe(2)
  })

  test('needs a unit', () => {
    expect(() => at({ warmUp: '30' })).toThrow('Duration "30" has no unit that is known. Durations look like 30s, 5m or 1h30m. Write --warm-up 30s.')
  })
})

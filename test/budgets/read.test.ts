import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { budgetsIn } from '../../budgets/budget-file.ts'
import { budgetFileJsonSchema, readBudgets, readDefaultBudgets, readScalingTriggers } from '../../budgets/read.ts'
import { UsageError } from '../../runner/errors/usage-error.ts'

const one = (value: unknown, name = 'x') => {
  const [budget] = budgetsIn({ [name]: value }, 'b.json')
  return budget
}
const limitOf = (value: unknown, name?: string) => one(value, name)?.limit

describe('a budget', () => {
  test('in full', () => {
    const checkout = { metric: 'response_time', endpoint: 'POST /checkout', stat: 'p95', at_most: '200ms', level: 'error', window: '10s', tests: ['baseline'] }
    expect(one(checkout, 'checkout p95')).toEqual({
      name: 'checkout p95',
      file: 'b.json',
      metric: 'response_time',
      endpoint: 'POST /checkout',
      stat: 'p95',
      limit: { is: 'at_most', value: 200, unit: 'ms' },
      level: 'error',
      window: 10,
      tests: ['baseline'],
    })
  })

  test.each<[unknown, object]>([
    [
      { metric: 'response_time', at_most: '1.5s' },
      { is: 'at_most', value: 1500, unit: 'ms' },
    ],
    [
      { metric: 'error_rate', at_most: '0.1%' },
      { is: 'at_most', value: 0.001, unit: 'ratio' },
    ],
    [
      { metric: 'error_rate', at_most: 0.001 },
      { is: 'at_most', value: 0.001, unit: 'ratio' },
    ],
    [
      { metric: 'availability', at_least: '99.9%' },
      { is: 'at_least', value: 0.999, unit: 'ratio' },
    ],
    [
      { metric: 'throughput', at_least: '50/s' },
      { is: 'at_least', value: 50, unit: '/s' },
    ],
    [
      { metric: 'throughput', at_least: '3000/m' },
      { is: 'at_least', value: 50, unit: '/s' },
    ],
    [
      { metric: 'dropped', stat: 'count', at_most: 0 },
      { is: 'at_most', value: 0, unit: 'count' },
    ],
    [
      { metric: 'postgres.connections.saturation', at_most: '80%' },
      { is: 'at_most', value: 0.8, unit: 'ratio' },
    ],
    [
      { metric: 'queue.depth', at_most: 1000 },
      { is: 'at_most', value: 1000 },
    ],
    ['p95<200ms', { is: 'at_most', strict: true, value: 200, unit: 'ms' }],
    ['error_rate <= 1%', { is: 'at_most', value: 0.01, unit: 'ratio' }],
    ['orders >= 5', { is: 'at_least', value: 5 }],
  ])('limit of %j', (value, expected) => {
    expect(limitOf(value)).toEqual(expected)
  })

  test.each<[string, object]>([
    ['p95<200ms', { metric: 'response_time', stat: 'p95' }],
    ['p99 of POST /checkout <= 2s', { metric: 'response_time', stat: 'p99', endpoint: 'POST /checkout' }],
    ['journey_time p95 of checkout < 5s', { metric: 'journey_time', stat: 'p95', endpoint: 'checkout' }],
    ['checks of it answers >= 99%', { metric: 'checks', stat: 'rate', endpoint: 'it answers' }],
  ])('the expression %s', (text, expected) => {
    expect(one(text)).toMatchObject(expected)
  })
})

describe('k6’s short forms', () => {
  test.each<[string, string, object]>([
    ['http_req_duration', 'p(95)<200', { metric: 'response_time', stat: 'p95', limit: { is: 'at_most', strict: true, value: 200, unit: 'ms' } }],
    ['http_req_duration', 'p(99)<=500', { metric: 'response_time', stat: 'p99', limit: { is: 'at_most', value: 500, unit: 'ms' } }],
    ['http_req_duration', 'p(99.9) < 1500', { stat: 'p999' }],
    ['http_req_duration', 'avg<100', { stat: 'mean' }],
    ['http_req_duration', 'med<100', { stat: 'p50' }],
    ['http_req_duration{name:GET /cart}', 'max<3000', { stat: 'max', endpoint: 'GET /cart' }],
    ['http_req_duration{endpoint:GET /cart}', 'p(95)<200', { endpoint: 'GET /cart' }],
    ['http_req_failed', 'rate<0.01', { metric: 'error_rate', limit: { is: 'at_most', strict: true, value: 0.01, unit: 'ratio' } }],
    ['http_req_failed', 'rate==0', { metric: 'error_rate', limit: { is: 'at_most', value: 0, unit: 'ratio' } }],
    ['checks', 'rate>0.95', { metric: 'checks', limit: { is: 'at_least', strict: true, value: 0.95, unit: 'ratio' } }],
    ['checks{check:it answers}', 'rate==1', { endpoint: 'it answers', limit: { is: 'at_least', value: 1, unit: 'ratio' } }],
    ['http_reqs', 'rate>100', { metric: 'throughput', limit: { is: 'at_least', strict: true, value: 100, unit: '/s' } }],
    ['dropped_iterations', 'count<1', { metric: 'dropped', stat: 'count', limit: { is: 'at_most', strict: true, value: 1, unit: 'count' } }],
    ['iteration_duration', 'p(95)<5000', { metric: 'journey_time' }],
    ['checkout_ms', 'p(90)<800', { metric: 'checkout_ms', stat: 'p90', limit: { is: 'at_most', strict: true, value: 800 } }],
  ])('%s: %s', (key, threshold, expected) => {
    expect(one([threshold], key)).toMatchObject({ ...expected, name: `${key} ${threshold}` })
    expect(one([{ threshold }], key)).toMatchObject(expected)
  })

  test('several thresholds are several budgets', () => {
    expect(budgetsIn({ http_req_duration: ['p(95)<200', 'p(99)<500'] }, 'b.json')).toHaveLength(2)
  })
})

const sentence = (value: unknown, name = 'x'): string => {
  try {
    one(value, name)
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    expect((error as UsageError).exitCode).toBe(2)
    return (error as UsageError).message
  }
  return 'nothing was wrong'
}

describe('what can’t be understood is told with name, file, value, expectation and next step:', () => {
  test.each<[string, unknown, string]>([
    [
      'an unknown key',
      { metric: 'lag', at_most: '1s', windw: '10s' },
      `Budget "x" in b.json has the key "windw", which means nothing. A budget's keys are metric, endpoint, stat, at_most, at_least, level, window, per, tests and when_measured. Correct or remove it.`,
    ],
    [
      'two limits',
      { metric: 'lag', at_most: '2s', at_least: '1s' },
      'Budget "x" in b.json has two limits, at_most 2s and at_least 1s. A budget is one limit. Make two budgets of it.',
    ],
    ['no limit', { metric: 'lag' }, 'Budget "x" in b.json has no limit. A budget is one limit. Add "at_most" or "at_least", such as "at_most": "200ms".'],
    ['no metric', { at_most: '1s' }, 'Budget "x" in b.json has no "metric". It says what is limited, such as "metric": "response_time". Add it.'],
    [
      'a missing unit',
      { metric: 'response_time', at_most: 200 },
      'Budget "x" in b.json limits response time to 200 without a unit. It is a time, in ms or s. Write "200ms".',
    ],
    [
      'a rate without one',
      { metric: 'throughput', at_least: 50 },
      'Budget "x" in b.json limits throughput to 50 without a unit. It is a rate, such as 50/s. Write "50/s".',
    ],
    [
      'the wrong unit',
      { metric: 'error_rate', at_most: '5ms' },
      'Budget "x" in b.json limits error rate to "5ms". It is a share, such as 0.1% or 0.001. Write "0.1%".',
    ],
    [
      'a share above 1',
      { metric: 'availability', at_least: 99.9 },
      'Budget "x" in b.json limits availability to 99.9. It is a share between 0 and 1, or 0% and 100%. Write "99.9%" if that was meant.',
    ],
    [
      'a limit that is none',
      { metric: 'response_time', at_most: 'fast' },
      'Budget "x" in b.json has the limit "fast". Limits are numbers of at least 0, with a unit such as 200ms, 1.5s, 80% or 50/s. Write "200ms".',
    ],
    [
      'a relative limit',
      { metric: 'response_time', at_most: '<=+10%' },
      'Budget "x" in b.json allows a change of "<=+10%". That is relative to a baseline run, and there is none to compare with yet. Write an absolute limit, such as "at_most": "200ms".',
    ],
    [
      'a relative expression',
      'p95<=+10%',
      'Budget "x" in b.json allows a change of "<=+10%". That is relative to a baseline run, and there is none to compare with yet. Write an absolute limit, such as "at_most": "200ms".',
    ],
    [
      'a stat there is not',
      { metric: 'response_time', stat: 'p97', at_most: '1s' },
      'Budget "x" in b.json has "p97" as "stat". It is one of p50, p75, p90, p95, p99, p999, max, mean, rate, count and value. Correct it.',
    ],
    [
      'a stat the metric has not',
      { metric: 'error_rate', stat: 'p95', at_most: '1%' },
      'Budget "x" in b.json asks for the p95 of error rate. There it can be rate. Write "stat": "rate".',
    ],
    [
      'a part of what has none',
      { metric: 'availability', endpoint: 'GET /', at_least: '99%' },
      'Budget "x" in b.json limits availability of "GET /". There is one availability for the whole run. Leave "endpoint" out.',
    ],
    ['a metric that is no name', { metric: 'p(95)', at_most: '1s' }, 'Budget "x" in b.json names the metric "p(95)".'],
    ['a k6 metric without counterpart', { metric: 'http_req_waiting', at_most: '1s' }, `Budget "x" in b.json names k6's metric "http_req_waiting".`],
    ['a k6 name in our form', { metric: 'http_req_duration', at_most: '1s' }, 'Here it is called response_time.'],
    [
      'a window without unit',
      { metric: 'error_rate', at_most: '1%', window: '10' },
      'Budget "x" in b.json has the window "10". Windows are whole seconds, such as 10s or 1m. Write "window": "10s".',
    ],
    [
      'a test that is none',
      { metric: 'error_rate', at_most: '1%', tests: ['peak'] },
      'Budget "x" in b.json has "peak" as "tests.0". It is one of smoke, baseline, stress, spike, soak, breakpoint and custom. Correct it.',
    ],
    ['a number', 5, 'Budget "x" in b.json is 5. A budget is an object, an expression such as "p95<200ms", or a list of k6 thresholds. Write one of these.'],
    ['an expression that compares nothing', 'p95', 'Budget "x" in b.json says "p95", which compares nothing.'],
    ['an unequal', 'p95 != 5ms', 'Budget "x" in b.json compares with "!=". Limits are <, <=, > or >=. Write one of these.'],
    ['words', 'the p95 thing < 5ms', 'Budget "x" in b.json says "the p95 thing < 5ms".'],
    ['no thresholds', [], 'Budget "x" in b.json has no thresholds.'],
    ['a k6 stat there is not', ['p(97)<5'], 'Budget "x p(97)<5" in b.json asks for "p(97)".'],
    ['abortOnFail', [{ threshold: 'rate<0.1', abortOnFail: true }], 'not by abortOnFail. Write just "rate<0.1".'],
  ])('%s', (_, value, expected) => {
    expect(sentence(value)).toContain(expected)
  })

  test('an unknown tag, and k6’s rate of drops', () => {
    expect(sentence(['p(95)<200'], 'http_req_duration{type:API}')).toContain(
      'picks by the tag "type". Here http_req_duration can be picked by name and endpoint.',
    )
    expect(sentence(['rate<0.1'], 'dropped_iterations')).toContain('asks for "rate". Here dropped_iterations can be count.')
  })

  test('no tree and no budgets', () => {
    expect(() => budgetsIn([], 'b.json')).toThrow('A budget file is an object of budgets by name.')
    expect(() => budgetsIn(null, 'b.json')).toThrow(UsageError)
    expect(() => budgetsIn({ $schema: 'x' }, 'b.json')).toThrow('b.json has no budgets. A file without any would pass every run.')
  })
})

describe('files', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'budgets-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const file = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text)
    return join(folder, name)
  }
  const refusal = async (path: string): Promise<string> => {
    const error = await readBudgets([path]).catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(UsageError)
    return (error as UsageError).message
  }

  test('JSON and YAML say the same', async () => {
    const json = await readBudgets([await file('a.json', '{\n\t"$schema": "x",\n\t"slow": { "metric": "response_time", "at_most": "200ms" }\n}')])
    const yaml = await readBudgets([await file('a.yml', 'slow:\n  metric: response_time\n  at_most: 200ms\n')])
    expect(json.map((budget) => ({ ...budget, file: '' }))).toEqual(yaml.map((budget) => ({ ...budget, file: '' })))
  })

  test.each([
    ['bad.json', '{\n  "a": "p95<1s",\n}', ":3 can't be read: "],
    ['bad2.json', '{\n  "a": \n', "can't be read: "],
    ['twice.json', '{\n  "a": "p95<1s",\n  "a": "p95<2s"\n}', ':3 has a key twice.'],
    ['deep.json', '{ "a": {\n "metric": "lag",\n "metric": "lag", "at_most": "1s" } }', ':3 has a key twice.'],
    ['twice.yaml', 'a: p95<1s\nb: p95<1s\na: p95<2s\n', ':3 has a key twice.'],
    ['bad.yaml', 'a: [\n', "can't be read: "],
    ['empty.yaml', '', 'A budget file is an object of budgets by name.'],
    ['budgets.toml', 'a = 1', 'is no budget file by its name.'],
  ])('%s is refused', async (name, text, expected) => {
    expect(await refusal(await file(name, text))).toContain(expected)
  })

  test('a path that is not there', async () => {
    expect(await refusal(join(folder, 'nowhere.json'))).toMatch(/^There is no budget file at .*nowhere\.json\. A file .* or a folder of them was expected\./)
  })

  test('a folder is all its budget files, and a name may stand in one only', async () => {
    const inner = await mkdtemp(join(folder, 'all-'))
    expect(await refusal(inner)).toContain('holds no budget files')
    await writeFile(join(inner, 'b.yml'), 'b: p95<1s')
    await writeFile(join(inner, 'a.json'), '{"a": "p95<1s"}')
    await writeFile(join(inner, 'notes.md'), 'no budget')
    await writeFile(join(inner, 'scaling-triggers.json'), '{}')
    expect((await readBudgets([inner])).map(({ name }) => name)).toEqual(['a', 'b'])
    await writeFile(join(inner, 'c.json'), '{"a": "p95<2s"}')
    expect(await refusal(inner)).toMatch(/^Budget "a" stands in .*a\.json and in .*c\.json\./)
  })

  test('the shipped files keep the rules of every budget file, though they are read more quickly', async () => {
    const folder = fileURLToPath(new URL('../../budgets/limits', import.meta.url))
    const withoutFile = (parts: readonly { readonly file: string }[]) => parts.map(({ file, ...rest }) => rest)
    expect(withoutFile(await readBudgets([folder]))).toEqual(withoutFile(await readDefaultBudgets()))
    expect(withoutFile(await readScalingTriggers(join(folder, 'scaling-triggers.json')))).toEqual(withoutFile(await readScalingTriggers()))
  })

  test('the shipped defaults can be read, and speak of no breakpoint test unless a probe measured something', async () => {
    const budgets = await readDefaultBudgets()
    expect(budgets.map(({ name, limit }) => [name, limit.value])).toEqual([
      ['API response p95', 200],
      ['error rate', 0.001],
      ['availability', 0.999],
      ['checks', 1],
      ['page load', 3000],
      ['time to interactive', 5000],
      ['database query', 100],
    ])
    expect(budgets.filter(({ tests, whenMeasured }) => !whenMeasured && (tests?.includes('breakpoint') ?? true))).toEqual([])
    expect(budgets.find(({ name }) => name === 'API response p95')?.tests).not.toContain('smoke')
  })

  test('the shipped scaling triggers can be read', async () => {
    expect((await readScalingTriggers()).map(({ metric, stat, above, unit, for: length }) => [metric, stat, above, unit, length])).toEqual([
      ['cpu.saturation', undefined, 0.7, 'ratio', 300],
      ['memory.saturation', undefined, 0.85, 'ratio', 0],
      ['response_time', 'p95', 1000, 'ms', 0],
      ['queue.depth', undefined, 1000, '', 0],
      ['database.connections.saturation', undefined, 0.8, 'ratio', 0],
      ['error_rate', undefined, 0.01, 'ratio', 0],
    ])
    await expect(readScalingTriggers(await file('t.json', '{"CPU": {"metric": "cpu", "above": "much", "severity": "warning"}}'))).rejects.toThrow(
      'Limits look like 70%, 1s or 1000',
    )
    await expect(readScalingTriggers(await file('u.json', '{"CPU": {"metric": "cpu"}}'))).rejects.toThrow('Scaling trigger "CPU"')
  })

  test('the published schema accepts the shipped file and refuses a misspelt key', async () => {
    const validate = new Ajv2020({ allowUnionTypes: true }).compile(budgetFileJsonSchema() as object)
    expect(validate({ $schema: 'x', a: 'p95<1s', b: { metric: 'lag', at_most: '1s' }, http_req_failed: ['rate<0.01'] })).toBe(true)
    expect(validate({ b: { metric: 'lag', at_mots: '1s' } })).toBe(false)
  })
})

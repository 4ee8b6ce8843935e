/** Files of every format. `UPDATE_GOLDEN=1` renews the golden ones; then read the difference as the one who would deploy it. */
import { describe, expect, test } from 'vitest'
import { type Format, platforms, writers } from '../../../../budgets/advice/infrastructure/index.ts'
import { expectGoldenIn } from '../../../reports/support/golden.ts'
import { aRecommendation, situations } from '../../../support/a-recommendation.ts'

const formats = (Object.keys(writers) as Format[]).filter((format) => platforms[format] === 'ecs')
const written = (format: Format, name: string) => {
  const files = writers[format](situations[name] ?? aRecommendation())
  if ('because' in files) throw new Error(files.because)
  return files
}
const golden = ['scheduled and size', 'requests target, label not told', 'p95 steps', 'queue target']

describe.each(formats)('%s', (format) => {
  test.each(golden)('%s, as it was read last', (name) => {
    for (const { file, text } of written(format, name)) expectGoldenIn('infrastructure', `${format}/${name.replaceAll(/\W+/g, '-')}/${file}`, text)
  })

  test.each(Object.keys(situations))('%s: every file names its runs, is checked by somebody, and ends its last line', (name) => {
    const { runs } = situations[name] ?? aRecommendation()
    for (const { file, text, validators } of written(format, name)) {
      expect(file).toMatch(/^[a-z_-]+[.](tf|yaml|ts|sh)$/)
      for (const run of runs.length > 1 ? runs : []) expect(text).toContain(run)
      expect(validators.length).toBeGreaterThan(0)
      expect(text.endsWith('\n')).toBe(true)
    }
  })

  test('the same recommendation gives the same files', () => {
    const texts = () => written(format, 'p95 steps').map(({ file, text }) => [file, text])
    expect(texts()).toEqual(texts())
  })

  test('what was declined is said in words, and no value stands for it', () => {
    const all = written(format, 'size only')
      .map(({ text }) => text)
      .join('\n')
    // The marks of comments and their lines' ends left out.
    expect(all.replace(/\n(#|\/\/) /g, ' ')).toContain(
      'Not recommended: No target recommended, because the time until a new instance is in service was not measured.',
    )
    expect(all.toLowerCase().replaceAll('_', '')).not.toMatch(/^[^#/]*(min-?capacity|register-scalable-target)/m)
  })

  test('a rule that AWS has not is said in words, and neither is a bound written for it', () => {
    const all = written(format, 'requests target at 20 s')
    expect(all.map(({ text }) => text.replace(/\n(#|\/\/) /g, ' ')).join('\n')).toContain('CloudWatch has what a load balancer counts once a minute only')
    for (const { text } of all) expect(text).not.toMatch(/min_?-?capacity/i)
  })

  test('with nothing recommended there is nothing to write, and the reasons are told', () => {
    expect(writers[format](aRecommendation({ scaling: undefined, size: undefined, declined: ['A reason.'] }))).toEqual({
      declined: true,
      because: `There is nothing to write as ${format}, because neither scaling nor a size is recommended. A reason.`,
    })
  })

  test('what is deployed on Kubernetes is not written for ECS', () => {
    const deployment = { kind: 'kubernetes', context: 'prod', namespace: 'shop', deployment: 'web' } as const
    expect(writers[format](aRecommendation({ deployment }))).toMatchObject({
      because: expect.stringContaining('web is deployed on Kubernetes. Write --as hpa'),
    })
  })
})

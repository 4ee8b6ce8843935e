/** The alarms that are written, as cfn-lint takes them. */
import { describe, expect, test } from 'vitest'
import { cloudwatchAlarms } from '../../../../budgets/advice/infrastructure/cloudwatch-alarms.ts'
import { askValidators } from '../../../../runner/validators/index.ts'
import { watchedSituations } from '../../../support/alerts.ts'
import { hasCfnLint, pathWithPython } from '../../../support/python.ts'

const world = { env: { ...process.env, PATH: pathWithPython }, cwd: process.cwd() }
const files = Object.entries(watchedSituations).flatMap(([name, recommendation]) => {
  if (recommendation.deployment?.kind === 'kubernetes') return []
  const artefacts = cloudwatchAlarms(recommendation)
  if ('because' in artefacts) throw new Error(artefacts.because)
  return artefacts.map(({ text, validators }) => ({ file: `${name.replace(/\W/g, '-')}.yaml`, text, validators }))
})

// Side by side: it takes seconds to start, and nothing here measures.
describe.skipIf(!hasCfnLint).concurrent('cfn-lint', () => {
  test('accepts the alarms in every situation', async () => {
    expect(files).toHaveLength(4)
    expect(await askValidators(files, world)).toEqual([{ validator: 'cfn-lint', outcome: { state: 'accepted' } }])
  }, 60_000)

  test.each([
    ['a property that there is none of', 'EvaluationPeriods', 'EvaluationPeriod'],
    ['a comparison that there is none of', 'GreaterThanThreshold', 'GreaterThan'],
    ['a parameter that is not there', 'Ref: PagingTopic', 'Ref: Pager'],
  ])(
    'refuses %s',
    async (_, from, to) => {
      const [first] = files
      const text = first?.text.replaceAll(from, to) ?? ''
      expect(text).not.toBe(first?.text)
      expect(await askValidators([{ file: 'a.yaml', text, validators: ['cfn-lint'] }], world)).toMatchObject([{ outcome: { state: 'refused' } }])
    },
    60_000,
  )
})

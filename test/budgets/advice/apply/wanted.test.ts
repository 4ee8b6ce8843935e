import { describe, expect, test } from 'vitest'
import { type Grounds, reasonsAgainst } from '../../../../budgets/advice/apply/may-apply.ts'
import { type Now, wantedOf } from '../../../../budgets/advice/apply/wanted.ts'
import { type EcsPlan, ecsPlan } from '../../../../budgets/advice/infrastructure/ecs/plan.ts'
import type { Recommendation } from '../../../../budgets/advice/recommendation.ts'
import { aRecommendation, aScaling } from '../../../support/a-recommendation.ts'
import { aRun } from '../../../support/a-run.ts'

const label = 'app/shop/50dc6c495c0c9188/targetgroup/web/6d0ecf831eec9f09'
const now: Now = {
  settings: { bounds: { minimum: 2, maximum: 20 }, policies: {}, schedules: {}, definition: 'web:7' },
  size: { cpu: 1024, memory: 2048 },
  architecture: 'X86_64',
  isResized: false,
}
const wanted = (recommendation: Recommendation, isSizeAsked: boolean, known: string | undefined = label) =>
  wantedOf(recommendation, ecsPlan(recommendation, 'aws-cli') as EcsPlan, now, { label: known, isSizeAsked })
const perTask = aRecommendation({ scaling: aScaling({ target: { metric: 'requests', value: 40 } }) })

describe('a size that differs', () => {
  test('has at least the instances that it needs, and no target in requests that another size was measured with', () => {
    expect(wanted(perTask, true)).toMatchObject({
      settings: { bounds: { minimum: 8, maximum: 13 }, policies: {} },
      size: { cpu: 512, memory: 1024 },
      notes: [expect.stringContaining('No target is set: requests per task were measured at another size')],
    })
  })

  test('has no schedule that brings fewer instances than it needs', () => {
    const scheduled = [{ name: 'launch', from: '2030-11-27T07:00:00', until: '2030-11-27T10:00:00', minimum: 13, maximum: 20 }]
    expect(wanted(aRecommendation({ scaling: aScaling({ scheduled }) }), true)).toMatchObject({
      settings: { schedules: { 'launch-begins': { minimum: 13, maximum: 20 }, 'launch-ends': { minimum: 8, maximum: 13 } } },
    })
  })

  test('keeps a target in CPU, which is a share of any size', () => {
    expect(wanted(aRecommendation(), true)).toMatchObject({
      settings: { policies: { 'scale-surgeon-ECSServiceAverageCPUUtilization': { configuration: { TargetValue: 50 } } } },
    })
  })

  test('is not touched unless it is asked for', () => {
    expect(wanted(perTask, false)).toMatchObject({
      settings: { bounds: { minimum: 4, maximum: 13 }, policies: { 'scale-surgeon-ALBRequestCountPerTarget': { configuration: { TargetValue: 2400 } } } },
      size: undefined,
    })
  })
})

test('requests per task can not be counted without a load balancer', () => {
  const { resourceLabel: _, ...without } = perTask
  const answer = wantedOf(without, ecsPlan(without, 'aws-cli') as EcsPlan, now, { label: undefined, isSizeAsked: false })
  expect(answer).toMatchObject({ declined: true, because: expect.stringContaining('no load balancer in front of the service could be read') })
})

describe('what speaks against applying', () => {
  const grounds: Grounds = {
    runs: [aRun({ id: 'a', startedAt: '2026-11-22T10:00:00.000Z', seconds: 1 })],
    missing: [],
    rolledOutAt: new Date('2026-11-22T09:59:59Z'),
    isOwnRollOut: false,
    isRollingOut: false,
    isLeaving: false,
    isDaemon: false,
    controller: undefined,
    isSizeAsked: true,
  }
  test('nothing, when the run is newer than what is deployed by a second', () => {
    expect(reasonsAgainst(grounds)).toEqual([])
  })

  test.each([
    [{ rolledOutAt: new Date('2026-11-22T10:00:01Z') }, 'older than what is deployed'],
    [{ isRollingOut: true }, 'A roll-out is under way.'],
    [{ isDaemon: true }, 'one task on each machine (DAEMON)'],
    [{ controller: 'CODE_DEPLOY' }, 'made by CODE_DEPLOY'],
    [{ missing: ['b'] }, "Run b can't be read"],
  ])('%j', (fact, words) => {
    expect(reasonsAgainst({ ...grounds, ...fact })).toEqual([expect.stringContaining(words)])
  })
})

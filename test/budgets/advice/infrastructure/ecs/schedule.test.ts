import { describe, expect, test } from 'vitest'
import { scheduledActions, scheduleOf } from '../../../../../budgets/advice/infrastructure/ecs/schedule.ts'
import { aRecommendation, aScaling, hostileName } from '../../../../support/a-recommendation.ts'

describe('a moment', () => {
  test.each([
    ['2026-11-27T08:00:00+01:00', 'at(2026-11-27T07:00:00)'],
    ['2026-11-27T08:00:00Z', 'at(2026-11-27T08:00:00)'],
    ['2026-11-27T08:00:00', 'at(2026-11-27T08:00:00)'], // UTC where nothing is said
    ['2026-11-27T08:00', 'at(2026-11-27T08:00:00)'],
    ['0 8 * * 1-5', 'cron(0 8 ? * MON-FRI *)'],
    ['0 8 * * 0,6', 'cron(0 8 ? * SUN,SAT *)'],
    ['0 8 * * 7', 'cron(0 8 ? * SUN *)'],
    ['0 8 1 * *', 'cron(0 8 1 * ? *)'],
    ['*/5 * * * *', 'cron(*/5 * * * ? *)'],
    ['cron(0 8 ? * MON-FRI *)', 'cron(0 8 ? * MON-FRI *)'],
    ['0 8 1 * 1', undefined], // either day matches in cron, and AWS has no such rule
    ['0 8 * *', undefined],
    ['2026-13-27T08:00:00Z', undefined],
    ['tomorrow', undefined],
    ['cron(0 8 ? * MON-FRI *); rm -rf', undefined],
    [hostileName, undefined],
  ])('%j is %j', (moment, schedule) => expect(scheduleOf(moment)).toBe(schedule))
})

const scheduled = (from: string, until?: string) => {
  const scaling = aScaling({ scheduled: [{ name: 'Black Friday', from, ...(until === undefined ? {} : { until }), minimum: 13, maximum: 20 }] })
  return scheduledActions(aRecommendation({ scaling }), scaling)
}

test('what begins ends with the bounds that there always are, each with its own reason', () => {
  const { actions } = scheduled('2026-11-27T06:00:00Z', '2026-11-27T22:00:00Z')
  expect(actions).toMatchObject([
    { name: 'Black-Friday-begins', minimum: 13, maximum: 20 },
    { name: 'Black-Friday-ends', minimum: 4, maximum: 13 },
  ])
  expect(actions[0]?.because).toContain('there before Black Friday: 13 × 80/s that one held = 1,040/s (runs 2026')
})

test('one that can not be said is declined whole: it would begin and not end', () => {
  const { actions, declined } = scheduled('2026-11-27T06:00:00Z', 'in the evening')
  expect(actions).toEqual([])
  expect(declined[0]).toContain('Schedule "Black Friday" is not written, because "in the evening" can\'t be said')
})

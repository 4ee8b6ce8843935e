import { describe, expect, test } from 'vitest'
import { autoscalers } from '../../../../budgets/advice/scaling/autoscalers.ts'
import type { ScalingNeed } from '../../../../budgets/advice/scaling/need.ts'
import { playedWords, playSchedule } from '../../../../budgets/advice/scaling/played-schedule.ts'
import { recommendScaling } from '../../../../budgets/advice/scaling/recommend.ts'
import { recommendedScaling } from '../../../../budgets/advice/scaling/recommended-scaling.ts'

const adviceFor = (name: keyof typeof autoscalers, facts: Partial<ScalingNeed> = {}) => {
  const advice = recommendScaling(
    { capacity: 100, startUp: 90, traffic: { base: 500, peak: 1500, rise: 0, hold: 600 }, longestWait: 0.5, tolerated: 0.001, ...facts },
    autoscalers[name],
  )
  if (advice.declined) throw new Error(advice.because)
  return advice
}
const begins = Date.parse('2026-12-01T18:00:00Z') / 1000
const launch = { name: 'launch', begins, ends: begins + 600 }

describe('the recommendation of an autoscaler', () => {
  test('is in requests where arrivals are journeys', () => {
    const advice = adviceFor('ecs')
    expect(recommendedScaling(advice, 3)).toMatchObject({
      minimum: 15,
      maximum: 20,
      type: 'target-tracking',
      target: { metric: 'requests', value: advice.chosen.target * 300 },
      period: 60,
      scaleOutCooldown: 300,
      scheduled: [],
    })
  })

  test('of CPU is in what is read of it', () => {
    const advice = adviceFor('ecs-20s', { useAtCapacity: 0.9 })
    expect(recommendedScaling(advice)).toMatchObject({ period: 20, target: { metric: 'cpu', value: advice.chosen.target * 0.9 } })
  })

  test('of a queue is in messages: what an instance does in the longest wait', () => {
    const advice = adviceFor('keda', { lines: 'shared', longestWait: 60, traffic: { base: 500, peak: 1000, rise: 0, hold: 600 } })
    const queue = [advice.chosen, ...advice.alternatives].find(({ kind }) => kind.metric === 'backlog')
    if (queue === undefined) throw new Error('no setting on the queue met it')
    expect(recommendedScaling({ ...advice, metric: 'backlog', chosen: queue })).toMatchObject({ target: { metric: 'queue', value: queue.target * 60 * 100 } })
  })

  test('has the instances for a known event only, from before it until it has settled', () => {
    const advice = adviceFor('ecs')
    const found = recommendedScaling(advice, 1, [launch])
    if ('declined' in found) throw new Error(found.because)
    expect(found.scheduled).toEqual([{ name: 'launch', from: '2026-12-01T17:53:30', until: '2026-12-01T18:25:00', minimum: 15, maximum: 20 }])
    expect(found.minimum).toBeLessThan(15)
    expect(found.minimum).toBeGreaterThanOrEqual(5)
  })

  test('is played with its schedule: nobody waits, and the autoscaler goes back by itself', () => {
    const found = recommendedScaling(adviceFor('ecs'), 1, [launch])
    if ('declined' in found) throw new Error(found.because)
    expect(found.because).toMatch(/Played with its schedule nobody waits longer than 0\.5 s; .* there are \d+ instances again\.$/)
    expect(found.because).toContain(`there are ${found.minimum} instances again`)
  })

  test('a schedule that begins with the event is said to be too late', () => {
    const advice = adviceFor('ecs')
    const late = playSchedule(advice, 7, 600, { before: 0, after: 900 })
    expect(late.violated).toBeGreaterThan(0.001)
    expect(playedWords(late, 0.001, 0.5)).toMatch(/^Played with its schedule \d+ % wait longer than 0\.5 s, because the instances are not there in time: have/)
  })

  test('schedules nothing where reacting is enough', () => {
    const found = recommendedScaling(adviceFor('ecs', { traffic: { base: 500, peak: 1500, rise: 7200, hold: 600 } }), 1, [launch])
    expect(found).toMatchObject({ scheduled: [], minimum: 5 })
  })
})

import { describe, expect, test } from 'vitest'
import { autoscalers } from '../../../../budgets/advice/scaling/autoscalers.ts'
import { busiestBefore, instancesFor } from '../../../../budgets/advice/scaling/headroom.ts'
import type { ScalingNeed } from '../../../../budgets/advice/scaling/need.ts'
import { recommendScaling, scaleInBelow } from '../../../../budgets/advice/scaling/recommend.ts'
import { simulate, violatedRequests } from '../../../../budgets/advice/scaling/simulate.ts'
import { trafficOf } from '../../../../budgets/advice/scaling/traffic.ts'

const { ecs } = autoscalers
const need = (facts: Partial<ScalingNeed> = {}): ScalingNeed => ({
  capacity: 100,
  startUp: 90,
  traffic: { base: 500, peak: 1500, rise: 0, hold: 1200 },
  longestWait: 0.5,
  tolerated: 0.001,
  ...facts,
})

const adviceFor = (facts: Partial<ScalingNeed> = {}) => {
  const advice = recommendScaling(need(facts), ecs)
  if (advice.declined) throw new Error(advice.because)
  return advice
}

describe('settings of an autoscaler', () => {
  test('three times the load at once needs its instances beforehand', () => {
    const { chosen, isReactiveEnough, reactiveOnly, because } = adviceFor()
    expect(isReactiveEnough).toBe(false)
    // (1 + 0.5 ÷ 90 …) ÷ 3 of their capacity: 15 instances for 1,500/s.
    expect(chosen.minimum).toBe(15)
    expect(chosen.violated).toBeLessThanOrEqual(0.001)
    expect(reactiveOnly.violated).toBeGreaterThan(0.05)
    expect(because).toMatch(
      /^Reacting alone can't meet it for 500\/s to 1,500\/s at once: .* new instances come too late\. 15 instances must be there before it begins \(by the rule without simulation 15: at most 33 % busy before it, as help may come 390 s late\); then none does\.$/,
    )
  })

  test.each([
    [200, 700, 0],
    [500, 1500, 0],
    [500, 1500, 300],
    [500, 1500, 900],
    [300, 3000, 1800],
  ])('%d/s to %d/s in %d s: the simulator asks for no fewer than the rule for the earliest help', (base, peak, rise) => {
    const { chosen, lag } = adviceFor({ traffic: { base, peak, rise, hold: 600 }, tolerated: 0 })
    expect(chosen.steady).toBeGreaterThanOrEqual(instancesFor(base, 100, busiestBefore({ base, peak, rise }, lag.least, 0.5)))
  })

  test('CPU shows no more than 100 %, so it is said how many rounds reacting to it takes, and the simulator takes no fewer', () => {
    const advice = recommendScaling(need({ useAtCapacity: 1, traffic: { base: 300, peak: 3000, rise: 0, hold: 3000 } }), [autoscalers.ecs[1]])
    if (advice.declined) throw new Error(advice.because)
    const { caveats, reactiveOnly } = advice
    const told = /^CPU can't show more than 100 %, so with a target of \d+ % it takes (\d+) rounds and ([\d,]+) s at least until/.exec(caveats[0] ?? '')
    const [rounds, least] = [Number(told?.[1]), Number(told?.[2]?.replaceAll(',', ''))]
    expect(rounds).toBeGreaterThan(1)
    const { seconds } = reactiveOnly.simulation
    const grown = seconds.flatMap(({ running }, at) => (at > 900 && running > (seconds[at - 1]?.running ?? 0) ? [{ at, running }] : []))
    const enough = grown.findIndex(({ running }) => running >= 30)
    expect(enough + 1).toBeGreaterThanOrEqual(rounds)
    expect((grown[enough]?.at ?? 0) - 900).toBeGreaterThanOrEqual(least)
    expect(adviceFor({ useAtCapacity: 1 }).caveats).toEqual([])
  })

  test('with three zones, of which one may be lost, half as many more are there and paid for', () => {
    const [one, three] = [adviceFor(), adviceFor({ zones: 3 })]
    expect([one.chosen.minimum, three.chosen.minimum, three.chosen.maximum]).toEqual([15, 23, 23])
    expect(three.chosen.monthlyHours - one.chosen.monthlyHours).toBe(730 * (three.chosen.steady - one.chosen.steady))
    expect(three.because).toBe(one.because)
    expect(three.caveats).toEqual(['So that one of 3 zones may be lost without missing it, 23 instances at least in place of 15.'])
  })

  test('a rise over two hours is followed by reacting', () => {
    const { isReactiveEnough, chosen, because } = adviceFor({ traffic: { base: 500, peak: 1500, rise: 7200, hold: 600 } })
    expect(isReactiveEnough).toBe(true)
    expect(chosen.minimum).toBe(5)
    expect(because).toMatch(/^Reacting is enough for 500\/s to 1,500\/s in 2 h: with 5 instances at least/)
  })

  test('what is chosen meets the objective when it is played again, and nothing cheaper that was tried does', () => {
    const { chosen, metric } = adviceFor({ traffic: { base: 300, peak: 900, rise: 600, hold: 600 } })
    const policy = chosen.kind.make({ metric, target: chosen.target * 100, minimum: chosen.minimum, maximum: chosen.maximum })
    const offered = trafficOf({ base: 300, peak: 900, rise: 600, hold: 600 })
    const instances = Math.max(chosen.minimum, Math.ceil(300 / (100 * chosen.target)))
    const again = simulate(offered, { instances, capacity: 100, startUp: 90 }, policy)
    expect(violatedRequests(again, 0.5) / offered.reduce((sum, value) => sum + value, 0)).toBeLessThanOrEqual(0.001)
  })

  test('scaling in leaves room for the instance that goes', () => {
    const { chosen, scaleInBelow: below } = adviceFor()
    expect(below).toBeCloseTo(chosen.target * (14 / 15) * 0.9, 10)
  })

  // science.md §14: out at 70 %.
  test.each([
    [2, 31.5],
    [3, 42],
    [4, 47.25],
    [10, 56.7],
  ])('with %i instances and 70 %% out, in below %d %%', (instances, below) => {
    expect(100 * scaleInBelow(0.7, instances)).toBeCloseTo(below, 2)
  })

  test('with an unknown start-up it is as many as serve the height without help, and says what was assumed', () => {
    const { chosen, isReactiveEnough, startUp, caveats, because } = adviceFor({ startUp: undefined, traffic: { base: 500, peak: 1500, rise: 7200, hold: 600 } })
    expect(chosen.minimum).toBe(15)
    expect(isReactiveEnough).toBe(false)
    expect(startUp).toMatchObject({ seconds: 60, source: 'assumed' })
    expect(caveats).toEqual([expect.stringMatching(/^Simulated with assumed start time 60 s, because .*\. Run perf run spike/)])
    expect(because).toMatch(/^Whether reacting is enough for 500\/s to 1,500\/s in 2 h is unknown/)
  })

  test('a measured start-up is taken, and one that is given comes first', () => {
    const measuredStartUp = { seconds: 74, because: 'The slowest of 5 starts.' }
    expect(adviceFor({ startUp: undefined, measuredStartUp }).startUp).toEqual({ ...measuredStartUp, source: 'measured' })
    expect(adviceFor({ startUp: 20, measuredStartUp }).startUp).toMatchObject({ seconds: 20, source: 'given' })
  })

  test('a CPU that does not follow the load steers nothing', () => {
    const { caveats, alternatives, metric } = adviceFor({ useAtCapacity: 0.9, useFollowsLoad: 0.5 })
    expect([metric, ...alternatives.map(({ kind }) => kind.metric)]).not.toContain('use')
    expect(caveats).toEqual(['CPU does not follow the load here; scale on requests per target.'])
    expect(recommendScaling(need({ useAtCapacity: 0.9, useFollowsLoad: 0.79 }), autoscalers['ecs-20s'])).toEqual({
      declined: true,
      because: 'CPU does not follow the load here; scale on requests per target.',
    })
  })

  test('a simulator that was wrong about the spike run recommends nothing', () => {
    expect(recommendScaling(need({ reproduction: { measured: 40, simulated: 51 } }), ecs)).toEqual({
      declined: true,
      because: expect.stringMatching(
        /^The simulator does not reproduce the spike run; settings not recommended\. It recovers 51 s after the peak and the service took 40 s, .* Measure/,
      ),
    })
    expect(recommendScaling(need({ reproduction: { measured: 40, simulated: 49 } }), ecs).declined).toBe(false)
  })

  test('the cheapest is taken: more instances cost more, and no alternative is cheaper', () => {
    const { chosen, alternatives } = adviceFor({
      useAtCapacity: 0.9,
      price: { hourly: 0.05, currency: 'USD' },
      traffic: { base: 300, peak: 900, rise: 1800, hold: 600 },
    })
    expect(chosen.monthlyCost?.amount).toBeCloseTo(0.05 * chosen.monthlyHours, 6)
    expect(chosen.monthlyHours).toBeGreaterThanOrEqual(730 * chosen.steady)
    expect(alternatives.length).toBeGreaterThan(0)
    for (const each of alternatives) expect(each.monthlyHours).toBeGreaterThanOrEqual(chosen.monthlyHours)
  })

  test.each([
    [{ capacity: undefined, startUp: undefined }, 'neither what an instance can serve nor the time until one is in service was measured'],
    [{ capacity: undefined }, 'what an instance can serve within the objective was not measured'],
  ])('without %j it declines', (facts, words) => {
    expect(recommendScaling(need(facts), ecs)).toMatchObject({ declined: true, because: expect.stringContaining(words) })
  })
})

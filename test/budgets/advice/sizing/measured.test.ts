import { describe, expect, test } from 'vitest'
import { measuredCpu, measuredMemory } from '../../../../budgets/advice/sizing/measured.ts'
import type { Series } from '../../../../runner/run.ts'
import { aRun, holds } from '../../../support/a-run.ts'
import { aSeries } from '../../../support/a-series.ts'

const rates = [20, 40, 60, 80] as const
const hold = 180
const seconds = rates.length * hold
const shape = holds(...rates.map((rate) => [rate, hold] as const))
const cpuAt = (at: number): number => 0.02 + 0.005 * (rates[Math.floor(at / hold)] ?? 0)
const cpu = (of: (at: number) => number = cpuAt, limit = 2) => aSeries('app.cpu', 'cores', seconds, of, limit)
const stairs = (...probes: Series[]) => aRun({ shape, probes })
const found = (...given: Parameters<typeof measuredCpu>) => {
  const measured = measuredCpu(...given)
  if (measured.declined) throw new Error(measured.because)
  return measured
}

describe('CPU', () => {
  test('is 5 ms a request beside what runs without any, in the cores that there were', () => {
    const { demand, background, cores, service, unevenness, usable } = found([stairs(cpu())], 80)
    expect(demand).toBeCloseTo(0.005, 6)
    expect(background).toBeCloseTo(0.02, 4)
    expect({ cores, service, usable }).toEqual({ cores: 2, service: 'app', usable: Infinity })
    expect(unevenness).toBeCloseTo(1, 2)
  })

  test('a minute that took more than its requests come to is provided for', () => {
    const batch = cpu((at) => cpuAt(at) * (at >= 600 && at < 660 ? 1.5 : 1))
    const { unevenness } = found([stairs(batch)], 80)
    expect(unevenness).toBeGreaterThan(1.2)
    expect(unevenness).toBeLessThan(1.5)
  })

  test('only seconds near the planned rate count as measured at it', () => {
    // 0.8 × 80: the last step; 0.8 × 40: the last three.
    expect(found([stairs(cpu())], 80).seconds).toBe(180)
    expect(found([stairs(cpu())], 40).seconds).toBe(540)
  })

  test('what is held back beyond the planned rate is how the limit was found, and before it is not', () => {
    const throttled = aSeries('app.throttled', 'ratio', seconds, (at) => (at >= 540 ? 0.4 : 0))
    expect(found([stairs(cpu(), throttled)], 60).throttled).toBe(0)
    expect(found([stairs(cpu(), throttled)], 80).throttled).toBeCloseTo(0.1, 6)
  })

  test('one busy thread uses one core', () => {
    expect(
      found(
        [
          stairs(
            cpu(),
            aSeries('app.processes', 'count', seconds, () => 1),
          ),
        ],
        80,
      ).usable,
    ).toBe(1)
  })

  test('without a probe there is none', () => {
    expect(measuredCpu([aRun()], 50)).toMatchObject({ declined: true })
  })
})

describe('memory', () => {
  const memory = (of: (at: number) => number, length: number) =>
    aRun({ rate: 5, seconds: length, probes: [aSeries('app.memory', 'bytes', length, of, 2 ** 30)] })

  test('is the most that was read, in GB of 2³⁰ bytes', () => {
    expect(measuredMemory([memory(() => 2 ** 29, 700)], 'app', 24)).toEqual({ declined: false, memory: 0.5, leak: 0 })
  })

  test('that grows without settling leaks, by its Theil-Sen slope', () => {
    // 36 kB a second, up and down with a collection each 20 s.
    const measured = measuredMemory([memory((at) => 2 ** 28 + 36_000 * at + 2e6 * (at % 20), 1200)], 'app', 24)
    expect(measured).toMatchObject({ declined: false })
    expect('leak' in measured ? measured.leak : Number.NaN).toBeCloseTo((36_000 * 3600) / 2 ** 30, 2)
  })

  test('that grows too little to matter until the restart does not', () => {
    expect(measuredMemory([memory((at) => 2 ** 28 + 36_000 * at + 2e6 * (at % 20), 1200)], 'app', 0.2)).toMatchObject({ leak: 0 })
  })

  test('that settles does not leak', () => {
    const filling = memory((at) => 2 ** 28 + 4e7 * (1 - Math.exp(-at / 200)) + 2e6 * (at % 20), 1200)
    expect(measuredMemory([filling], 'app', 24)).toMatchObject({ leak: 0 })
  })

  test('that was not watched is unknown', () => {
    expect(measuredMemory([aRun()], 'app', 24)).toEqual({
      declined: true,
      because: 'Size unknown, because no probe watched the memory of app. Add a process or cgroup probe, and run again.',
    })
  })
})

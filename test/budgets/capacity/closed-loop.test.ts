import { describe, expect, test } from 'vitest'
import { capacityOf } from '../../../budgets/capacity/capacity.ts'
import type { ClosedLoop } from '../../../budgets/capacity/closed-loop.ts'
import { aRun } from '../../support/a-run.ts'
import { aSeries } from '../../support/a-series.ts'
import { aSweep, doublings } from '../../support/a-sweep.ts'

type System = { readonly demand: number; readonly servers: number; readonly elsewhere: number; readonly other?: number; readonly cold?: number }

/** N connections, each with `demand` s of one of the servers and `elsewhere` s beside it, of which `other` a second are served at most; where it is alone all takes `cold` times as long. */
const sweptOf = ({ demand, servers, elsewhere, other = Infinity, cold = 1 }: System, most = 64) => {
  const throughput = (n: number): number => Math.min(n / (demand + elsewhere) / (n === 1 ? cold : 1), servers / demand, other)
  const sweep = aSweep({ throughput, connections: doublings(most) })
  const rateAt = (at: number): number => {
    const level = sweep.levels.find(({ from, seconds }) => at >= from - 1 && at < from + seconds)
    return level === undefined ? 0 : throughput(level.connections)
  }
  const last = sweep.levels.at(-1)
  const seconds = (last?.from ?? 0) + (last?.seconds ?? 0)
  const cpu = aSeries('app.cpu', 'cores', seconds, (at) => 0.05 + demand * rateAt(at), servers)
  return capacityOf([{ ...aRun({ test: 'stress', probes: [cpu] }), sweep }])
}
const loopOf = (system: System, most?: number): ClosedLoop => {
  const { closedLoop } = sweptOf(system, most)
  if (closedLoop === undefined || closedLoop.declined) throw new Error(closedLoop?.because ?? 'nothing')
  return closedLoop
}

describe('what resources allow a closed loop', () => {
  test('where it reaches that, it is what more connections wait for, from the time alone ÷ the demand on', () => {
    const { resource, rate, connections, because } = loopOf({ demand: 0.01, servers: 2, elsewhere: 0.04 })
    expect(resource).toBe('app.cpu')
    expect(Math.abs(rate / 195 - 1)).toBeLessThan(0.03)
    // 50 ms alone, and two cores take one request each 5 ms.
    expect(Math.abs(connections / 10 - 1)).toBeLessThan(0.08)
    expect(because).toMatch(/^app\.cpu allows 19\d\/s \([\d.]+ ms of 2 for each request\), and \d+\/s are [\d.]+ % of it: it is what more connections wait for/)
  })

  test('where it levels off far below, something else does', () => {
    expect(loopOf({ demand: 0.01, servers: 2, elsewhere: 0.04, other: 100 }).because).toMatch(
      /and 1?\d\d(\.\d)?\/s are 5\d % of it: it is not what more connections wait for, .* Add probes to what it calls\.$/,
    )
  })

  test('where hardly any of it was in use, that alone tells', () => {
    const { closedLoop } = sweptOf({ demand: 0.01, servers: 8, elsewhere: 0.04, other: 100 })
    expect(closedLoop).toMatchObject({ declined: true, because: expect.stringMatching(/^app\.cpu is not what more connections wait for: at most 13 % of it/) })
  })

  test('of a sweep alone it says what bounds it', () => {
    const { bound, closedLoop } = sweptOf({ demand: 0.01, servers: 2, elsewhere: 0.04 })
    expect(bound).toEqual({ declined: true, because: closedLoop?.because })
  })

  test('before it levels off, how many connections can fill it is said', () => {
    expect(loopOf({ demand: 0.01, servers: 2, elsewhere: 0.09 }, 16).because).toMatch(/, which N = (19|20)(\.\d)? can fill\.$/)
  })

  test('a first level in which the target was cold allows less than was served, which is found out', () => {
    const { closedLoop } = sweptOf({ demand: 0.01, servers: 2, elsewhere: 0.04, cold: 2 })
    expect(closedLoop).toMatchObject({
      declined: true,
      because: expect.stringMatching(/^What the resources allow this sweep is unknown: with N = 2 it served 40\/s, .* at most 20\/s would be possible\. Warm/),
    })
  })

  test('without a probe nothing is said', () => {
    const sweep = aSweep({ throughput: (n) => Math.min(n, 8) * 100 })
    expect(capacityOf([{ ...aRun({ test: 'stress' }), sweep }])).not.toHaveProperty('closedLoop')
  })
})

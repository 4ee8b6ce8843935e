import { describe, expect, test } from 'vitest'
import { type Refinement, refine } from '../../../runner/commands/refine.ts'
import type { Run } from '../../../runner/run.ts'
import { aRun, holds } from '../../support/a-run.ts'

/** A target that breaks above 362/s. */
const answerTo = (shape: Refinement['shape']) => {
  let start = 0
  const steps = shape.segments.map((segment) => {
    start += segment.duration
    return { until: start, rate: segment.from }
  })
  return ({ t }: { readonly t: number }) => ((steps.find(({ until }) => t < until)?.rate ?? 0) > 362 ? ('HTTP 503' as const) : 20)
}
const runOf = (shape: Refinement['shape'], facts: Partial<Run> = {}): Run => ({ ...aRun({ test: 'breakpoint', shape, answer: answerTo(shape) }), ...facts })
const staircase = runOf(holds([200, 10], [300, 10], [400, 10]), { id: 'staircase' })

describe('after a staircase from 300/s that held to 400/s that did not', () => {
  test('350, 375 and 362.5 are tried, and the answer is 3.6 % wide', async () => {
    const asked: Refinement[] = []
    const told: string[] = []
    const sentence = await refine(
      staircase,
      60,
      async (refinement) => {
        asked.push(refinement)
        return runOf(refinement.shape, { id: `refined-${asked.length}` })
      },
      (line) => told.push(line),
    )
    expect(told).toEqual(['350/s: held', '375/s: did not hold', '362.5/s: did not hold'])
    expect(sentence).toMatch(/^It lies in \(350\/s, 362\.5\/s\], 3\.6 % wide, by 4 runs: it held 350\/s; .* Told again by perf capacity staircase\.$/)
    expect(asked[0]?.shape.segments.map(({ from, duration }) => [from, duration])).toEqual([
      [150, 5],
      [350, 60],
    ])
    // No step of theirs is calm, so they are held to what the staircase was.
    expect(asked[0]?.breakpoint).toEqual({ objective: { quantile: 0.95, milliseconds: 200 }, refines: 'staircase' })
  })

  test('an answer that can’t be had ends it with what is known', async () => {
    const told: string[] = []
    expect(
      await refine(
        staircase,
        60,
        async () => undefined,
        (line) => told.push(line),
      ),
    ).toMatch(/^It held 300\/s; at 400\/s .* Told again by perf capacity staircase\.$/)
    expect(told).toEqual(['350/s: no answer. The run could not be made.'])
  })

  test('a step lasts 20 journeys at least', async () => {
    const answer = ({ t }: { readonly t: number }) => (t >= 120 ? 8000 : 3500)
    const objective = { quantile: 0.95, milliseconds: 5000 }
    const slow: Run = { ...aRun({ test: 'breakpoint', shape: holds([20, 60], [30, 60], [40, 60]), answer }), breakpoint: { objective } }
    let hold = 0
    await refine(
      slow,
      60,
      async ({ shape }) => {
        hold = shape.segments[1]?.duration ?? 0
        return undefined
      },
      () => {},
    )
    expect(hold).toBeGreaterThan(60)
    expect(hold).toBeLessThan(8 * 20)
  })
})

test('nothing is refined where nothing broke', async () => {
  const calm = aRun({ test: 'breakpoint', shape: holds([50, 10], [100, 10]) })
  expect(
    await refine(
      calm,
      60,
      () => Promise.reject(new Error('no run was to be made')),
      () => {},
    ),
  ).toMatch(/^Nothing to refine: The breakpoint is above 100\/s/)
})

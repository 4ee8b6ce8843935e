import { describe, expect, test } from 'vitest'
import type { RunRecord, Series } from '../../../runner/run.ts'
import { histogramOf } from '../../../runner/stats/histogram.ts'
import { assess } from '../../../runner/validity/assess.ts'
import { aRun } from '../../support/a-run.ts'

type Facts = Parameters<typeof assess>[0]

const reasons = (facts: Facts) => assess(facts).reasons
const codes = (facts: Facts) => reasons(facts).map(({ code }) => code)
const textOf = (facts: Facts, code: string): string => reasons(facts).find((reason) => reason.code === code)?.text ?? `there is no reason ${code}`

/** Readings of a probe, a second apart. */
const series = (name: string, values: readonly (number | null)[], limit: number | null = null, unit = ''): Series => ({
  name,
  unit,
  limit,
  at: values.map((_, second) => second),
  values: [...values],
})
const seconds = (n: number, value: number | ((second: number) => number)): number[] =>
  Array.from({ length: n }, (_, second) => (typeof value === 'number' ? value : value(second)))

const embedded: Partial<RunRecord['engine']> = { name: 'embedded' }
const k6: Partial<RunRecord['engine']> = { name: 'k6' }

test('a run that went as planned is VALID, without reasons', () => {
  expect(assess(aRun({}))).toEqual({ state: 'VALID', reasons: [] })
})

describe('what makes a run less believable', () => {
  test.each([
    { what: 'dropped arrivals', facts: aRun({ dropped: 30 }), state: 'SUSPECT', code: 'arrivals-dropped' },
    { what: 'an interruption', facts: aRun({ ending: { state: 'interrupted', because: 'Ctrl-C' } }), state: 'SUSPECT', code: 'interrupted' },
    { what: 'an engine that failed', facts: aRun({ ending: { state: 'failed', because: 'k6 was killed' } }), state: 'INVALID', code: 'engine-failed' },
    { what: 'a few requests turned away', facts: aRun({ errors: { 'HTTP 429': 100 } }), state: 'SUSPECT', code: 'rate-limited' },
    { what: 'a third of requests turned away', facts: aRun({ errors: { 'HTTP 429': 600, 'HTTP 403': 450 } }), state: 'INVALID', code: 'rate-limited' },
    { what: 'no answers at all', facts: aRun({ answer: () => 'never' }), state: 'INVALID', code: 'nothing-measured' },
    {
      what: 'a target that became another one',
      facts: { ...aRun({}), caveats: [{ code: 'target-changed', text: 'By 0:10 another target answered.' }] },
      state: 'INVALID',
      code: 'target-changed',
    },
    {
      what: 'failures for want of sockets of our own',
      facts: { ...aRun({}), caveats: [{ code: 'generator-short', text: 'This machine ran out of sockets.' }] },
      state: 'INVALID',
      code: 'generator-short',
    },
    {
      what: 'figures of k6 that got lost',
      facts: { ...aRun({}), caveats: [{ code: 'k6-figures-lost', text: '3 pushes got lost.' }] },
      state: 'SUSPECT',
      code: 'k6-figures-lost',
    },
  ])('$what: $state', ({ facts, state, code }) => {
    expect(assess(facts).state).toBe(state)
    expect(codes(facts)).toContain(code)
  })

  test('the reason names the figures and what to do', () => {
    expect(textOf(aRun({ rate: 10, seconds: 30, dropped: 30 }), 'arrivals-dropped')).toMatch(
      /^30 of 300 arrivals \(10 %\) never started because all \d+ virtual users were busy\. .*--users\.$/,
    )
  })

  test('what made the state what it is stands first', () => {
    const facts = { ...aRun({ dropped: 30 }), caveats: [{ code: 'target-changed', text: 'Another one.' }] }
    expect(codes(facts)).toEqual(['target-changed', 'arrivals-dropped'])
  })
})

describe('lateness is held against the response time', () => {
  /** 3 of 100 arrivals late. */
  const sometimes = (lag: number) => ({ lag: ({ n }: { n: number }) => (n % 100 < 3 ? lag : 0) })

  test.each([
    { what: '10 ms are sound on any target', facts: aRun({ latency: 2, ...sometimes(10) }), state: 'VALID' },
    { what: '40 ms are most of the p99 of a fast target', facts: aRun({ latency: 2, ...sometimes(40) }), state: 'SUSPECT' },
    { what: '40 ms are less than a tenth of a slow target’s p99', facts: aRun({ latency: 500, ...sometimes(40) }), state: 'VALID' },
    { what: '80 ms are more than a tenth of it', facts: aRun({ latency: 500, ...sometimes(80) }), state: 'SUSPECT' },
    { what: 'where most arrivals are late, a fast target was not measured', facts: aRun({ latency: 2, lag: 40 }), state: 'INVALID' },
    { what: 'where most arrivals are late, a slow target still was', facts: aRun({ latency: 900, lag: 80 }), state: 'VALID' },
    { what: 'half a second is another load, whatever the target', facts: aRun({ latency: 5000, ...sometimes(600) }), state: 'INVALID' },
  ])('$what', ({ facts, state }) => {
    expect(assess(facts).state).toBe(state)
    expect(codes(facts)).toEqual(state === 'VALID' ? [] : ['generator-late'])
  })

  test.each([
    { of: 'waits for a core', probes: [series('generator.waiting', seconds(10, 0.4))], says: /waited 0\.4 s of each second for a core\..*End what else runs/ },
    {
      of: 'stolen time',
      probes: [series('generator.steal', seconds(10, 0.2)), series('generator.waiting', seconds(10, 0.4))],
      says: /gave 20 % of its CPU time/,
    },
    { of: 'garbage', probes: [series('generator.gc', seconds(10, 0.15))], says: /collected garbage 15 % of the time/ },
    { of: 'its own work', probes: [series('generator.cpu', seconds(10, 1.9), 2)], says: /used 95 % of the 2 cores.*--workers/ },
    {
      of: 'a browser that visited pages beside it',
      probes: [series('generator.waiting', seconds(10, 0.4)), series('pages.browser_cpu', seconds(10, 0.6), 2)],
      says: /waited 0\.4 s of each second for a core, while the browser that visited pages took 0\.6 of its 2 cores\. .*Visit pages less often/,
    },
    {
      of: 'its own work, when a browser took little,',
      probes: [series('generator.cpu', seconds(10, 1.9), 2), series('pages.browser_cpu', seconds(10, 0.1), 2)],
      says: /used 95 % of the 2 cores it may use\./,
    },
    { of: 'nothing that was watched', probes: [], says: /the generator was too busy/ },
  ])('the reason names $of as its cause', ({ probes, says }) => {
    expect(textOf(aRun({ latency: 2, ...sometimes(40), probes, engine: embedded }), 'generator-late')).toMatch(says)
  })

  test('a loop that often comes late lets answers lie, which no lag shows', () => {
    const delayed = (delay: number) =>
      aRun({
        latency: 20,
        engine: embedded,
        probes: [
          series(
            'generator.loop_delay',
            seconds(20, (s) => (s % 5 === 0 ? delay : 1)),
          ),
        ],
      })
    expect(codes(delayed(60))).toEqual(['answers-read-late'])
    expect(codes(delayed(9))).toEqual([])
  })
})

describe('users', () => {
  test('too few for the target at its best are the generator’s fault', () => {
    const facts = aRun({ rate: 100, latency: 500, dropped: 2000, engine: { users: 5 } })
    expect(assess(facts).state).toBe('INVALID')
    expect(textOf(facts, 'users-too-few')).toMatch(
      /at 100\/s and 500 ms a journey, its fastest here, 50 users are needed, and 5 were allowed\. .*100 with --users/,
    )
  })

  test('enough at its best, and busy because it grew slow, are the target’s', () => {
    const facts = aRun({ rate: 100, latency: ({ t }) => (t < 5 ? 20 : 4000), dropped: 2000, engine: { users: 200 } })
    expect(codes(facts)).toEqual(['arrivals-dropped'])
  })
})

describe('the load that was offered', () => {
  /** Nothing starts in three seconds; all of it starts in the next one. */
  const stalled = (until: number) => aRun({ rate: 50, seconds: 60, latency: 20_000, lag: ({ t }) => (t >= 10 && t < until ? (until - t) * 1000 : 0) })

  test('a pause and a burst after it are another load', () => {
    expect(codes(stalled(18))).toContain('offered-otherwise')
    expect(textOf(stalled(18), 'offered-otherwise')).toContain('started in another second')
  })

  test('a short pause is not', () => {
    expect(codes(stalled(10.5))).not.toContain('offered-otherwise')
  })
})

describe('resources of the generator', () => {
  test.each([
    { what: 'k6 near the end of its cores', engine: k6, probes: [series('generator.cpu', seconds(20, 1.7), 2)], state: 'SUSPECT', code: 'generator-cpu' },
    { what: 'k6 at the end of its cores', engine: k6, probes: [series('generator.cpu', seconds(20, 1.98), 2)], state: 'INVALID', code: 'generator-cpu' },
    { what: 'nearly all sockets', engine: embedded, probes: [series('generator.files', [10, 950, 400], 1000)], state: 'SUSPECT', code: 'generator-files' },
    { what: 'all sockets', engine: embedded, probes: [series('generator.files', [10, 1000, 400], 1000)], state: 'INVALID', code: 'generator-files' },
    { what: 'all ports', engine: k6, probes: [series('generator.ports', [10, 28_232], 28_232)], state: 'INVALID', code: 'generator-ports' },
    { what: 'nearly all memory', engine: k6, probes: [series('generator.memory', [1e9, 3.9e9], 4e9)], state: 'SUSPECT', code: 'generator-memory' },
    { what: 'nearly all of the heap', engine: embedded, probes: [series('generator.heap', [1e9, 3.9e9], 4e9)], state: 'SUSPECT', code: 'generator-heap' },
    {
      what: 'long pauses',
      engine: embedded,
      probes: [
        series(
          'generator.gc_pause',
          seconds(20, (s) => (s % 2 ? 60 : 2)),
        ),
      ],
      state: 'SUSPECT',
      code: 'generator-gc',
    },
    {
      what: 'stolen time',
      engine: embedded,
      probes: [
        series(
          'generator.steal',
          seconds(20, (s) => (s % 5 ? 0 : 0.12)),
        ),
      ],
      state: 'SUSPECT',
      code: 'cpu-steal',
    },
  ] as const)('$what: $state', ({ engine, probes, state, code }) => {
    const facts = aRun({ engine, probes: [...probes] })
    expect(assess(facts).state).toBe(state)
    expect(codes(facts)).toEqual([code])
  })

  test.each([
    { what: 'a scheduler that spins uses its cores and is not short of them', engine: embedded, probes: [series('generator.cpu', seconds(20, 2), 2)] },
    { what: 'k6 with a reserve', engine: k6, probes: [series('generator.cpu', seconds(20, 1.4), 2)] },
    {
      what: 'one busy second of many',
      engine: k6,
      probes: [
        series(
          'generator.cpu',
          seconds(20, (s) => (s === 3 ? 2 : 0.2)),
          2,
        ),
      ],
    },
    { what: 'many short pauses', engine: embedded, probes: [series('generator.gc_pause', seconds(20, 3))] },
    {
      what: 'a single long pause in a minute',
      engine: embedded,
      probes: [
        series(
          'generator.gc_pause',
          seconds(60, (s) => (s === 3 ? 200 : 1)),
        ),
      ],
    },
    { what: 'resources without a limit', engine: embedded, probes: [series('generator.files', [10, 1e6])] },
    { what: 'a probe that read nothing', engine: embedded, probes: [series('generator.cpu', [null, null, null], 2)] },
  ])('$what: VALID', ({ engine, probes }) => {
    expect(assess(aRun({ engine, probes }))).toEqual({ state: 'VALID', reasons: [] })
  })
})

describe('the clock', () => {
  const clock = (...offsets: number[]) => [series('generator.clock', offsets)]

  test.each([
    { what: 'one that is led back slowly', engine: k6, probes: clock(0, 0.5, 1, 1.5, 60), state: 'VALID' },
    { what: 'one that jumps, with an engine that measures on another one', engine: embedded, probes: clock(0, 0, 3000, 3000), state: 'SUSPECT' },
    { what: 'one that jumps, with k6, whose seconds it makes', engine: k6, probes: clock(0, 0, -3000, -3000), state: 'INVALID' },
  ])('$what: $state', ({ engine, probes, state }) => {
    expect(assess(aRun({ engine, probes })).state).toBe(state)
  })

  test('the reason says by how much, and when', () => {
    expect(textOf(aRun({ engine: k6, probes: clock(0, 0, -3000) }), 'clock-jumped')).toContain('jumped by -3 s at 0:02')
  })
})

describe('Little’s law', () => {
  /** Users in use on average, and the sum of their journeys' times, each second alike or with a swing. */
  const facts = (inUse: number, held: number, changes: { swing?: number; interrupted?: number } = {}): Facts => {
    const run = aRun({ rate: 1000, seconds: 10, latency: 46 })
    const timeline = run.timeline.map((second, index) => ({ ...second, userTime: { inUse: inUse + (index % 2 ? 1 : -1) * (changes.swing ?? 0), held } }))
    return { ...run, timeline, iterations: { ...run.iterations, interrupted: changes.interrupted ?? 0 } }
  }

  test('48 users in use against 1000/s · 46.5 ms differ by 3.1 % and are sound (science.md §2)', () => {
    expect(codes(facts(48, 46.5))).toEqual([])
  })

  test('a twelfth of the time lost is told', () => {
    expect(assess(facts(48, 44)).state).toBe('SUSPECT')
    expect(textOf(facts(48, 44), 'littles-law')).toContain("48 users were in use, and the journeys' times add up to 44, 8.3 % apart")
  })

  test('a third lost is no measurement', () => {
    expect(assess(facts(48, 32)).state).toBe('INVALID')
  })

  test('what is known to one user can’t contradict by less than one', () => {
    expect(codes(facts(1.2, 0.6))).toEqual([])
  })

  test('what swings is known less well', () => {
    expect(codes(facts(48, 44, { swing: 6 }))).toEqual([])
  })

  test('journeys cut off kept their users for a time nobody counted, so nothing is concluded', () => {
    expect(codes(facts(48, 32, { interrupted: 200 }))).toEqual([])
  })

  test('a run whose seconds do not tell it says nothing', () => {
    expect(codes(aRun({}))).toEqual([])
  })
})

test('nothing a run with a limit of 0 or an empty timeline could divide by makes a reason of NaN', () => {
  const facts = { ...aRun({}), timeline: [], lag: histogramOf([]), probes: [series('generator.files', [5], 0)] }
  expect(assess(facts)).toEqual({ state: 'VALID', reasons: [] })
})

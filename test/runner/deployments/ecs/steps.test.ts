import { describe, expect, test } from 'vitest'
import type { Settings, TaskSize } from '../../../../runner/deployments/ecs/settings.ts'
import { type Step, stepsBetween } from '../../../../runner/deployments/ecs/steps.ts'
import { randomFrom } from '../../../../scenarios/shape.ts'

const empty: Settings = { bounds: null, policies: {}, schedules: {}, definition: 'web:7' }
const kinds = (steps: readonly Step[]): string[] => steps.map(({ kind }) => kind)

/** What the steps would make of the settings, moment by moment. */
const moments = (now: Settings, steps: readonly Step[]): Settings[] => {
  const made = [now]
  for (const step of steps) {
    const last = made.at(-1) as Settings
    const without = <Value>(all: Readonly<Record<string, Value>>, name: string) => Object.fromEntries(Object.entries(all).filter(([each]) => each !== name))
    made.push(
      {
        'set bounds': () => ({ ...last, bounds: 'minimum' in step ? { minimum: step.minimum, maximum: step.maximum } : null }),
        'put policy': () => ('policy' in step ? { ...last, policies: { ...last.policies, [step.name]: step.policy } } : last),
        'delete policy': () => ('name' in step ? { ...last, policies: without(last.policies, step.name) } : last),
        'put schedule': () => ('schedule' in step ? { ...last, schedules: { ...last.schedules, [step.name]: step.schedule } } : last),
        'delete schedule': () => ('name' in step ? { ...last, schedules: without(last.schedules, step.name) } : last),
        'define size': () => last,
        'use definition': () => ({ ...last, definition: ('definition' in step ? step.definition : undefined) ?? 'web:8' }),
        'await roll-out': () => last,
        deregister: () => ({ ...last, bounds: null, policies: {}, schedules: {} }),
      }[step.kind](),
    )
  }
  return made
}

/** Any settings, of few names so that many are shared. */
const someSettings = (random: () => number): Settings => {
  const some = (most: number): number => Math.floor(random() * (most + 1))
  if (random() < 0.15) return { ...empty, definition: `web:${some(2)}` }
  const minimum = some(10)
  const names = (word: string): string[] => ['a', 'b', 'c'].filter(() => random() < 0.5).map((name) => `${word}-${name}`)
  return {
    bounds: { minimum, maximum: minimum + some(10) },
    policies: Object.fromEntries(names('policy').map((name) => [name, { type: 'TargetTrackingScaling', configuration: { TargetValue: 40 + some(2) } }])),
    schedules: Object.fromEntries(names('schedule').map((name) => [name, { expression: 'rate(1 day)', minimum: some(2) }])),
    definition: `web:${some(2)}`,
  }
}

describe('some hundred changes', () => {
  const random = randomFrom(5)
  const pairs = Array.from({ length: 400 }, () => [someSettings(random), someSettings(random)] as const)

  test('end at what is wanted', () => {
    for (const [now, then] of pairs) expect(moments(now, stepsBetween(now, then)).at(-1)).toEqual(then)
  })

  test('are at no moment smaller than before and after, and never the wrong way round', () => {
    for (const [now, then] of pairs)
      for (const { bounds } of moments(now, stepsBetween(now, then))) {
        if (bounds === null || now.bounds === null || then.bounds === null) continue
        expect(bounds.minimum).toBeGreaterThanOrEqual(Math.min(now.bounds.minimum, then.bounds.minimum))
        expect(bounds.maximum).toBeGreaterThanOrEqual(Math.min(now.bounds.maximum, then.bounds.maximum))
        expect(bounds.minimum).toBeLessThanOrEqual(bounds.maximum)
      }
  })

  test('lower no bound while another revision is rolled out', () => {
    for (const [now, then] of pairs) {
      const steps = stepsBetween(now, then)
      const use = kinds(steps).indexOf('use definition')
      if (use === -1) continue
      const awaited = kinds(steps).indexOf('await roll-out')
      const lowered = moments(now, steps).findIndex(
        ({ bounds }, at) => at > use && now.bounds !== null && bounds !== null && (bounds.minimum < now.bounds.minimum || bounds.maximum < now.bounds.maximum),
      )
      if (lowered !== -1) expect(awaited).toBeGreaterThan(use)
      if (lowered !== -1) expect(awaited).toBeLessThan(lowered - 1)
    }
  })

  test('put no rule where nothing is registered', () => {
    for (const [now, then] of pairs)
      for (const [at, step] of stepsBetween(now, then).entries())
        if (step.kind === 'put policy' || step.kind === 'put schedule') expect(moments(now, stepsBetween(now, then))[at]?.bounds).not.toBeNull()
  })
})

test('what is as wanted takes no step', () => {
  const settings = someSettings(randomFrom(1))
  expect(stepsBetween(settings, structuredClone(settings))).toEqual([])
})

test('a size is defined before it is used, and nothing is awaited when nothing goes down', () => {
  const size: TaskSize = { cpu: 1024, memory: 2048 }
  const now: Settings = { ...empty, bounds: { minimum: 2, maximum: 10 } }
  expect(kinds(stepsBetween(now, { ...now, bounds: { minimum: 4, maximum: 12 } }, size))).toEqual(['set bounds', 'define size', 'use definition'])
  expect(kinds(stepsBetween(now, { ...now, bounds: { minimum: 1, maximum: 10 } }, size))).toEqual([
    'define size',
    'use definition',
    'await roll-out',
    'set bounds',
  ])
})

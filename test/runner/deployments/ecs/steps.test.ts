import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../../runner/deployments/ecs/settings.ts'
import { type Step, stepsBetween } from '../../../../runner/deployments/ecs/steps.ts'
import { randomFrom } from '../../../../scenarios/shape.ts'
import { empty, moments, someSettings } from '../../../support/some-settings.ts'

const kinds = (steps: readonly Step[]): string[] => steps.map(({ kind }) => kind)

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

test('a size is defined before it is used, and its roll-out is over before anything goes down, or all is said to be done', () => {
  const revision = { family: 'web', cpu: '1024', memory: '2048', containerDefinitions: [] }
  const now: Settings = { ...empty, bounds: { minimum: 2, maximum: 10 } }
  expect(kinds(stepsBetween(now, { ...now, bounds: { minimum: 4, maximum: 12 } }, { revision }))).toEqual([
    'set bounds',
    'define size',
    'use definition',
    'await roll-out',
  ])
  expect(kinds(stepsBetween(now, { ...now, bounds: { minimum: 1, maximum: 10 } }, { revision }))).toEqual([
    'define size',
    'use definition',
    'await roll-out',
    'set bounds',
  ])
})

test('more tasks are wanted at once, fewer when nothing holds them any more, and what nothing uses goes last', () => {
  const now: Settings = { ...empty, bounds: { minimum: 4, maximum: 13 }, definition: 'web:8' }
  const then: Settings = { ...empty, bounds: null }
  expect(kinds(stepsBetween(now, then, { desired: { now: 4, wanted: 2 }, retired: 'web:8' }))).toEqual([
    'use definition',
    'await roll-out',
    'deregister',
    'set desired',
    'retire definition',
  ])
  expect(kinds(stepsBetween(now, then, { desired: { now: 4, wanted: 6 } }))).toEqual(['set desired', 'use definition', 'await roll-out', 'deregister'])
})

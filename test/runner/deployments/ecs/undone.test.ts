import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../../runner/deployments/ecs/settings.ts'
import { stepsBetween } from '../../../../runner/deployments/ecs/steps.ts'
import { undone } from '../../../../runner/deployments/ecs/undone.ts'
import { randomFrom } from '../../../../scenarios/shape.ts'
import { moments, someSettings } from '../../../support/some-settings.ts'

describe('some hundred changes, each cut off after each of its steps', () => {
  const random = randomFrom(11)
  const changes = Array.from({ length: 300 }, () => {
    const before = someSettings(random)
    const wanted = someSettings(random)
    // What apply does: it never takes the target away.
    const after: Settings = { ...(wanted.bounds === null ? before : wanted), definition: before.definition }
    const revision = random() < 0.5 ? { family: 'web', cpu: '1024', memory: '2048', containerDefinitions: [] } : undefined
    const steps = stepsBetween(before, after, { revision })
    // As the file has it: what was registered is known as soon as it is.
    const seen = moments(before, steps).map((now, at) => ({
      now,
      file: { before, after, registered: steps.slice(0, at).some(({ kind }) => kind === 'define size') ? 'web:8' : undefined },
    }))
    return { before, seen }
  })

  test('are put back to exactly what was there, and nothing is said of others', () => {
    let cuts = 0
    for (const { before, seen } of changes)
      for (const { now, file } of seen) {
        cuts += 1
        expect(undone(now, file)).toEqual({ settings: before, kept: [], lost: [], overwritten: [] })
      }
    expect(cuts).toBeGreaterThan(1000)
  })

  test('are put back also when that is cut off in its turn', () => {
    for (const { before, seen } of changes) {
      const { now, file } = seen.at(-1) as (typeof seen)[number]
      for (const half of moments(now, stepsBetween(now, undone(now, file).settings)))
        expect(undone(half, file)).toEqual({ settings: before, kept: [], lost: [], overwritten: [] })
    }
  })

  test('leave what others have made meanwhile, or name it where it goes with the target', () => {
    const theirs = { expression: 'rate(1 day)', minimum: 1 }
    for (const { before, seen } of changes)
      for (const { now, file } of seen) {
        if (now.bounds === null) continue
        const { settings, kept, lost } = undone({ ...now, schedules: { ...now.schedules, theirs } }, file)
        const words = ['scheduled action theirs']
        if (before.bounds === null) expect([settings, kept, lost]).toEqual([before, [], words])
        else expect([settings, kept, lost]).toEqual([{ ...before, schedules: { ...before.schedules, theirs } }, words, []])
      }
  })
})

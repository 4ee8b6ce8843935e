/** Settings of a service of ECS as chance has them, and what a change makes of them, step by step. */
import type { Settings } from '../../runner/deployments/ecs/settings.ts'
import { type Step, settingsAfter } from '../../runner/deployments/ecs/steps.ts'

export const empty: Settings = { bounds: null, policies: {}, schedules: {}, definition: 'web:7' }

/** What the steps would make of the settings, moment by moment. */
export const moments = (now: Settings, steps: readonly Step[]): Settings[] => {
  const made = [now]
  for (const step of steps) made.push(settingsAfter(made.at(-1) as Settings, step, 'web:8'))
  return made
}

/** Any settings, of few names so that many are shared. */
export const someSettings = (random: () => number): Settings => {
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

/** Our player of the HorizontalPodAutoscaler against its own controller, on the same loads. How those were made: the fixture's README. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { behaviorFrom } from '../../../../budgets/advice/deployed/pod-behavior-from.ts'
import { podAutoscaling } from '../../../../budgets/advice/scaling/horizontal-pod-autoscaler.ts'
import type { MetricPoint } from '../../../../budgets/advice/scaling/policy.ts'
import { behaviorOf } from '../../../../runner/deployments/kubernetes/behavior.ts'

type Played = {
  readonly name: string
  readonly metric: 'use' | 'requests'
  readonly target: number
  readonly minimum: number
  readonly maximum: number
  /** s */
  readonly startUp: number
  /** Each 15 s: cores that are wanted, of one for each pod, or requests a second. */
  readonly loads: readonly number[]
  /** Each 15 s, after the decision. */
  readonly pods: readonly number[]
  /** As an API server stores it; absent: as `--as hpa` writes it. */
  readonly behavior?: Parameters<typeof behaviorOf>[0]
  /** None at all. */
  readonly bare?: true
}

const all: readonly Played[] = JSON.parse(readFileSync(new URL('../../../fixtures/kubernetes-1.36.3/autoscaler.json', import.meta.url), 'utf8'))
const period = 15

/** The same pods and the same measurements as those that the controller was given. */
const play = ({ metric, target, minimum, maximum, startUp, loads, behavior, bare }: Played): number[] => {
  const isSet = behavior !== undefined || bare !== undefined
  const decide = podAutoscaling({ metric, target, minimum, maximum, ...(isSet && { behavior: behaviorFrom(behaviorOf(behavior)) }) }).start()
  let readyAt = Array.from({ length: minimum }, () => 0)
  const points: MetricPoint[] = []
  return loads.map((load, index) => {
    const now = (index + 1) * period
    const running = readyAt.filter((at) => at < now).length
    const each = metric === 'use' ? Math.min(1, load / running) : load / running
    points.push({ end: now, instances: running, use: each, requests: each, backlog: 0, p95: 0 })
    const wanted = decide({ now, points, running, pending: readyAt.length - running }) ?? readyAt.length
    // The youngest go first.
    readyAt = Array.from({ length: wanted }, (_, at) => readyAt[at] ?? now + startUp)
    return wanted
  })
}

const isLate = ({ startUp }: Played): boolean => startUp > 300

describe("as Kubernetes' own controller does", () => {
  test.each(all.filter((each) => !isLate(each)))('$name', (played) => {
    expect(play(played)).toEqual(played.pods)
  })

  // It waits for a whole period of a pod's use only in the pod's first five minutes; ours does so always, as it knows no pod by name.
  test.each(all.filter(isLate))('$name: but a pod that took more than five minutes counts a period later', (played) => {
    const ours = play(played)
    const others = ours.flatMap((pods, at) => (pods === played.pods[at] ? [] : [at]))
    expect(others).toHaveLength(1)
    expect(played.pods.slice(others[0], (others[0] ?? 0) + 2)).toEqual([6, 6])
    expect(ours.slice(others[0], (others[0] ?? 0) + 2)).toEqual([4, 6])
  })
})

/** Runs a scenario given as text through the embedded engine, and puts together what it told. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embedded } from '../../../../runner/engines/embedded/embedded.ts'
import type { Ending } from '../../../../runner/engines/engine.ts'
import type { LoadedFeed, Plan } from '../../../../runner/plan.ts'
import type { Cell, TimelineSecond } from '../../../../runner/run.ts'
import { type SecondPart, Timeline, totalOf } from '../../../../runner/timeline.ts'
import { plannedArrivals, type Shape } from '../../../../scenarios/shape.ts'
import { constant } from '../../../../scenarios/shapes.ts'
import type { Duration, Rate } from '../../../../scenarios/units.ts'

export type Measuring = {
  readonly target: string
  /** What stands in the scenario file, below the import of the whole API. */
  readonly scenario: string
  readonly shape?: Shape
  readonly rate?: Rate
  readonly duration?: Duration
  readonly plan?: Partial<Plan>
  readonly secrets?: Readonly<Record<string, string>>
  readonly feeds?: readonly LoadedFeed[]
  /** Seconds after the start at which each signal comes. */
  readonly stopAfter?: number
  readonly killAfter?: number
  readonly onPart?: (part: SecondPart) => void
}

export type Measured = {
  readonly ending: Ending | undefined
  /** What `run` threw. */
  readonly error: unknown
  readonly timeline: TimelineSecond[]
  readonly total: TimelineSecond
  readonly parts: readonly SecondPart[]
  readonly log: readonly string[]
  readonly file: string
  readonly startedAt: number
  /** Seconds from the start until the promise settled. */
  readonly took: number
}

const everything =
  "import { constant, counter, csv, journey, json, perSecond, scenario, trend } from 'scale-surgeon'\nimport type { HttpResponse } from 'scale-surgeon'\n"

/** The line of the user's text in the file, whose first lines are imports. */
export const lineOf = (line: number): number => line + 2

export const aPlan = (target: string, file: string, shape: Shape, changes: Partial<Plan> = {}): Plan => ({
  id: 'test-run',
  test: 'custom',
  source: { kind: 'scenario', file, k6Modules: [] },
  journeys: [],
  target: { url: target, hostname: new URL(target).hostname, addresses: ['127.0.0.1'] },
  boundary: { hosts: [] },
  shape,
  planned: plannedArrivals(shape, changes.seed ?? 1),
  engine: { name: 'embedded', because: 'the test asks for it' },
  seed: 1,
  workers: 1,
  users: 500,
  gracefulStop: 5,
  env: {},
  secretNames: [],
  headers: {},
  keepCookies: false,
  insecure: false,
  ...changes,
})

export const measure = async (given: Measuring): Promise<Measured> => {
  const folder = await mkdtemp(join(tmpdir(), 'perf-test-'))
  const stop = new AbortController()
  const kill = new AbortController()
  const timers: NodeJS.Timeout[] = []
  const timeline = new Timeline()
  const parts: SecondPart[] = []
  const log: string[] = []
  const file = join(folder, 'scenario.ts')
  let startedAt = 0
  let ending: Ending | undefined
  let error: unknown
  try {
    await writeFile(file, everything + given.scenario)
    const shape = given.shape ?? constant({ rate: given.rate ?? '50/s', duration: given.duration ?? '1s' })
    const workplace = { folder, secrets: given.secrets ?? {}, feeds: given.feeds ?? [], log: (line: string) => log.push(line) }
    const job = await embedded.prepare(aPlan(given.target, file, shape, given.plan), workplace)
    const started = (at: number): void => {
      startedAt = at
      if (given.stopAfter !== undefined) timers.push(setTimeout(() => stop.abort(), given.stopAfter * 1000))
      if (given.killAfter !== undefined) timers.push(setTimeout(() => kill.abort(), given.killAfter * 1000))
    }
    const second = (part: SecondPart): void => {
      parts.push(part)
      timeline.add(part)
      given.onPart?.(part)
    }
    ending = await job.run({ started, second }, { stop: stop.signal, kill: kill.signal })
  } catch (thrown) {
    error = thrown
  } finally {
    for (const timer of timers) clearTimeout(timer)
    await rm(folder, { recursive: true, force: true })
  }
  const seconds = timeline.seconds()
  return { ending, error, timeline: seconds, total: totalOf(seconds), parts, log, file, startedAt, took: (Date.now() - startedAt) / 1000 }
}

/** Requests of one endpoint with one outcome. */
export const cellOf = ({ cells }: TimelineSecond, endpoint: string, outcome: Cell['outcome'] = 'success'): Cell => {
  const cell = cells.find((each) => each.endpoint === endpoint && each.outcome === outcome)
  if (cell === undefined) throw new Error(`No ${outcome} at ${endpoint}; there is ${cells.map((each) => `${each.endpoint} ${each.outcome}`).join(', ')}`)
  return cell
}

export const requestsIn = ({ cells }: TimelineSecond): number => cells.reduce((sum, cell) => sum + cell.count, 0)

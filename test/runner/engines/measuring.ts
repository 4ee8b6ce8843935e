/** Runs a scenario given as text through a named engine, and puts together what it told. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test } from 'vitest'
import { embedded } from '../../../runner/engines/embedded/embedded.ts'
import type { Ending, Engine } from '../../../runner/engines/engine.ts'
import { k6Engine } from '../../../runner/engines/k6/k6.ts'
import type { LoadedFeed, Plan } from '../../../runner/plan.ts'
import type { Cell, TimelineSecond } from '../../../runner/run.ts'
import { type SecondPart, Timeline, totalOf } from '../../../runner/timeline.ts'
import { plannedArrivals, type Shape } from '../../../scenarios/shape.ts'
import { constant } from '../../../scenarios/shapes.ts'
import type { Duration, Rate } from '../../../scenarios/units.ts'
import { k6 } from '../../support/k6.ts'

export type EngineName = 'embedded' | 'k6'

const whyNot = 'skipped: there is no k6; npx perf k6 install makes one'

/** A test that needs k6; without one it is skipped, and its name says why. */
export const testWithK6 = (name: string, run: () => Promise<void>): void => {
  if (k6 === undefined) test.skip(`${name} (${whyNot})`, run)
  else test(name, run)
}

/** The same tests for each engine: what a journey may rely on wherever it runs. */
export const forEachEngine = (tests: (measure: (given: Measuring) => Promise<Measured>, engine: EngineName) => void): void => {
  describe('embedded', () => tests((given) => measure('embedded', given), 'embedded'))
  const suite = (): void => tests((given) => measure('k6', given), 'k6')
  if (k6 === undefined) describe.skip(`k6 (${whyNot})`, suite)
  else describe('k6', suite)
}

export type Measuring = {
  readonly target: string
  /** What stands in the scenario file, below the import of the whole API. */
  readonly scenario?: string
  /** An existing k6 script instead. */
  readonly script?: string
  readonly keepOptions?: boolean
  /** More files beside it. */
  readonly files?: Readonly<Record<string, string>>
  readonly shape?: Shape
  readonly rate?: Rate
  readonly duration?: Duration
  readonly plan?: Partial<Plan>
  readonly secrets?: Readonly<Record<string, string>>
  readonly feeds?: readonly LoadedFeed[]
  /** Seconds after the start at which each signal comes. */
  readonly stopAfter?: number
  readonly killAfter?: number
  /** Called so many seconds after the start. */
  readonly meanwhile?: { readonly after: number; readonly run: (folder: string) => Promise<void> }
}

export type Measured = {
  readonly ending: Ending | undefined
  /** What `prepare` or `run` threw. */
  readonly error: unknown
  readonly timeline: TimelineSecond[]
  readonly total: TimelineSecond
  readonly parts: readonly SecondPart[]
  readonly log: readonly string[]
  readonly file: string
  readonly startedAt: number
  /** Seconds from the start until the promise settled. */
  readonly took: number
  /** Contents of the job's folder by file name, as it was at the end. */
  readonly files: Readonly<Record<string, string>>
}

const everything =
  "import { constant, counter, csv, journey, json, perSecond, scenario, trend } from 'scale-surgeon'\nimport type { HttpResponse } from 'scale-surgeon'\n"

/** The line of the user's text in the file, whose first lines are imports. */
export const lineOf = (line: number): number => line + 2

export const aPlan = (engine: EngineName, target: string, file: string, shape: Shape, changes: Partial<Plan> = {}): Plan => ({
  id: 'test-run',
  test: 'custom',
  source: { kind: 'scenario', file, k6Modules: [] },
  journeys: [{ name: 'one', weight: 1 }],
  target: { url: target, hostname: new URL(target).hostname, addresses: ['127.0.0.1'] },
  boundary: { hosts: [] },
  shape,
  planned: plannedArrivals(shape, changes.seed ?? 1),
  engine: { name: engine, because: 'the test asks for it' },
  seed: 1,
  workers: 1,
  users: engine === 'k6' ? 20 : 500, // a user of k6 takes milliseconds to start
  gracefulStop: 5,
  env: {},
  secretNames: [],
  headers: {},
  keepCookies: false,
  insecure: false,
  ...changes,
})

const engineOf = (name: EngineName): Engine => (name === 'k6' ? k6Engine({ path: k6 ?? '', version: '1.8.1' }) : embedded)

export const measure = async (engine: EngineName, given: Measuring): Promise<Measured> => {
  const base = await mkdtemp(join(tmpdir(), 'perf-test-'))
  const folder = join(base, 'job')
  await mkdir(folder)
  const stop = new AbortController()
  const kill = new AbortController()
  const timers: NodeJS.Timeout[] = []
  const timeline = new Timeline()
  const parts: SecondPart[] = []
  const log: string[] = []
  const file = join(base, given.script === undefined ? 'scenario.ts' : 'script.js')
  const files: Record<string, string> = {}
  let startedAt = 0
  let ending: Ending | undefined
  let error: unknown
  try {
    await writeFile(file, given.script ?? everything + given.scenario)
    for (const [name, text] of Object.entries(given.files ?? {})) await writeFile(join(base, name), text)
    const shape = given.shape ?? constant({ rate: given.rate ?? '50/s', duration: given.duration ?? '1s' })
    const workplace = { folder, secrets: given.secrets ?? {}, feeds: given.feeds ?? [], log: (line: string) => log.push(line) }
    const plan = aPlan(engine, given.target, file, shape, given.plan)
    const script = { kind: 'script', file, keepOptions: given.keepOptions ?? false } as const
    const job = await engineOf(engine).prepare(
      given.script === undefined ? plan : { ...plan, source: script, journeys: [{ name: 'script', weight: 1 }] },
      workplace,
    )
    const started = (at: number): void => {
      startedAt = at
      const later = (after: number | undefined, act: () => void): void => {
        if (after !== undefined) timers.push(setTimeout(act, at - Date.now() + after * 1000))
      }
      later(given.stopAfter, () => stop.abort())
      later(given.killAfter, () => kill.abort())
      later(given.meanwhile?.after, () => void given.meanwhile?.run(folder))
    }
    const second = (part: SecondPart): void => {
      parts.push(part)
      timeline.add(part)
    }
    ending = await job.run({ started, second }, { stop: stop.signal, kill: kill.signal })
  } catch (thrown) {
    error = thrown
  } finally {
    for (const timer of timers) clearTimeout(timer)
    for (const name of await readdir(folder)) files[name] = await readFile(join(folder, name), 'utf8')
    await rm(base, { recursive: true, force: true })
  }
  const seconds = timeline.seconds()
  return { ending, error, timeline: seconds, total: totalOf(seconds), parts, log, file, startedAt, files, took: (Date.now() - startedAt) / 1000 }
}

/** Requests of one endpoint with one outcome. */
export const cellOf = ({ cells }: TimelineSecond, endpoint: string, outcome: Cell['outcome'] = 'success'): Cell => {
  const cell = cells.find((each) => each.endpoint === endpoint && each.outcome === outcome)
  if (cell === undefined) throw new Error(`No ${outcome} at ${endpoint}; there is ${cells.map((each) => `${each.endpoint} ${each.outcome}`).join(', ')}`)
  return cell
}

export const requestsIn = ({ cells }: TimelineSecond): number => cells.reduce((sum, cell) => sum + cell.count, 0)

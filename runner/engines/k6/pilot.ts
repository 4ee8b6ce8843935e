/** Runs the pilot: a second k6 beside the one that makes its users ready, for about a second, and reads what its journeys tell. */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { bundle } from '../../bundle.ts'
import type { LoadedFeed, Plan } from '../../plan.ts'
import type { Pilot } from '../../sizing.ts'
import type { Workplace } from '../engine.ts'
import { openChannel } from './channel.ts'
import { pilotEntry } from './entry.ts'
import { environmentFor } from './environment.ts'
import { k6Log } from './log.ts'
import { decodeMetricSet } from './metric-set.ts'
import { pilotOptions } from './options.ts'
import type { PilotJourney } from './pilot-runtime.ts'
import { startK6 } from './process.ts'

/** Each kind of journey twice, and a few more where there are few kinds. */
const journeysOf = ({ journeys }: Plan): number => Math.max(8, 2 * journeys.length)
const atOnce = 4
const length = 1000 // milliseconds in which journeys may begin a request
/** Milliseconds for k6 to start, and for requests under way to end; a request that takes longer tells enough. */
const patience = 15_000

/** The rows after those of the load, so that a row that serves once is not used up. */
const rowsAfter = ({ planned }: Plan, { rows }: LoadedFeed): readonly unknown[] => {
  const at = planned % rows.length
  return [...rows.slice(at), ...rows.slice(0, at)]
}

/** Slowest of each kind, weighed as the load weighs them. @example whole({…}, told) // seconds */
export const slowestOf = ({ journeys }: Pick<Plan, 'journeys'>, told: readonly PilotJourney[]): number => {
  let weights = 0
  let sum = 0
  for (const { name, weight } of journeys) {
    const times = told.filter(({ journey }) => journey === name).map(({ time }) => time)
    if (times.length === 0) continue
    weights += weight
    sum += weight * Math.max(...times)
  }
  return weights === 0 ? 0 : sum / weights / 1000
}

/** The pilot's own files, beside those of the job. */
export const writePilot = async (plan: Plan, { folder, feeds }: Workplace): Promise<void> => {
  const files = feeds.map((_, index) => join(folder, `pilot-feed-${index}.json`))
  await Promise.all(feeds.map((feed, index) => writeFile(files[index] ?? '', JSON.stringify(rowsAfter(plan, feed)), { mode: 0o600 })))
  const { code } = await bundle({ entry: pilotEntry(plan, files, length), scenario: plan.source.file, target: 'k6' })
  await writeFile(join(folder, 'pilot.js'), code)
  await writeFile(join(folder, 'pilot-options.json'), JSON.stringify(pilotOptions(plan, { users: atOnce, journeys: journeysOf(plan), length })))
}

const parameters = [
  ...['run', '--quiet', '--no-color', '--log-format', 'json', '--log-output', 'stderr', '--config', 'pilot-options.json', '--address', ''],
  ...['--include-system-env-vars=true', '--no-thresholds', '--summary-mode=disabled', '--out', 'cloud', 'pilot.js'],
]

/**
 * @param workplace holds what {@link writePilot} wrote
 * @returns undefined when no journey came to anything, or the run was stopped: the load itself will tell why
 */
export const runPilot = async (
  binary: string,
  plan: Plan,
  workplace: Workplace,
  callers: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Pilot | undefined> => {
  const token = randomBytes(24).toString('hex')
  const told: PilotJourney[] = []
  let requests = 0
  const channel = await openChannel(token, (body) => {
    for (const { metric, samples } of decodeMetricSet(body))
      if (metric === 'http_reqs') for (const sample of samples) if (sample.kind === 'counter') requests += sample.sum
  })
  const log = k6Log(
    (line) => workplace.log(`pilot: ${line}`),
    () => {},
    (journey) => told.push(journey),
  )
  const env = environmentFor(plan, workplace.secrets, { port: channel.port, token }, callers)
  const k6 = startK6(binary, parameters, { cwd: workplace.folder, env, onText: log.write })
  const over = new AbortController()
  try {
    const exited = k6.exit.catch(() => undefined)
    await Promise.race([exited, wait(patience, undefined, { signal: AbortSignal.any([over.signal, signal]), ref: false }).catch(() => undefined)])
    k6.killGroup()
    await exited
  } finally {
    over.abort()
    log.end()
    await channel.close()
  }
  if (told.length === 0 || signal.aborted) return undefined
  return { journeys: told.length, slowest: slowestOf(plan, told), isWhole: told.every(({ isWhole }) => isWhole), requests }
}

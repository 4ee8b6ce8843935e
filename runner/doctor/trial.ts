/** Starts a probe, reads it twice a second apart and stops it: what a run would see of it in its first second. */
import { setTimeout as pause } from 'node:timers/promises'
import type { Probe, Sample } from '../probes/probe.ts'
import { within } from '../probes/watch.ts'

const patience = 5000 // milliseconds, for each of the three

export type Trial = {
  readonly samples: readonly Sample[]
  /** What it would leave as caveats: a role that is too weak, statements that are not told. */
  readonly caveats: readonly string[]
  /** Why it could not be read; undefined when it could. */
  readonly because?: string
}

/** A series that only the first reading had is told too. */
const merged = (first: readonly Sample[], second: readonly Sample[]): Sample[] => {
  const byName = new Map(first.map((sample) => [sample.name, sample]))
  for (const sample of second) byName.set(sample.name, sample)
  return [...byName.values()]
}

const read = async (probe: Probe, between: number): Promise<readonly Sample[]> => {
  await within(patience, (signal) => probe.start(signal))
  const first = await within(patience, (signal) => probe.read(signal))
  await pause(between) // rates need two readings
  return merged(first, await within(patience, (signal) => probe.read(signal)))
}

/** Never throws: what went wrong is told. */
export const tryProbe = async (probe: Probe, between = 1000): Promise<Trial> => {
  const outcome = await read(probe, between).then(
    (samples) => ({ samples }),
    (error: Error) => ({ samples: [], because: error.message }),
  )
  // What it leaves behind when it never started explains nothing more.
  const { caveats = [] } = await within(patience, () => probe.stop()).catch(() => ({ caveats: [] }))
  return { ...outcome, caveats: 'because' in outcome ? [] : caveats.map(({ text }) => text) }
}

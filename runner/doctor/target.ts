/** Says of each kind of probe whether it would work on a target: those of the configuration are tried, the others looked for. */
import { z } from 'zod'
import { everyKind, kindOf, makeProbes } from '../probes/index.ts'
import type { Detected, ProbeKind, ProbeWorld } from '../probes/kind.ts'
import type { Sample } from '../probes/probe.ts'
import { within } from '../probes/watch.ts'
import type { ProbeEntry } from '../settings.ts'
import { versionOfPackage } from '../version.ts'
import { entryOf, templateOf } from './entry.ts'
import { type Trial, tryProbe } from './trial.ts'

const patience = 5000 // milliseconds for a kind's search

export type ProbeFinding = {
  readonly kind: string
  /** Of a configured one. */
  readonly name?: string
  /** `fails`: it is configured, and can't be read · `possible`: it would work once that is done which stands there · `not-here`: looked for, and not found. */
  readonly state: 'works' | 'fails' | 'possible' | 'not-here'
  /** What was seen, or why it can't be read. */
  readonly because: string
  /** What must be done first, one step each. */
  readonly steps: readonly string[]
  readonly reads: string
  /** The least that it must be allowed. */
  readonly needs: string
  /** A line for `probes` in the configuration; undefined when it is there already. */
  readonly entry?: string
  /** What the values of the entry are. */
  readonly values: readonly string[]
  /** Variables of the environment that the entry names. */
  readonly variables: Readonly<Record<string, string>>
  readonly samples: readonly Sample[]
  readonly caveats: readonly string[]
}

const nothing = { steps: [], values: [], variables: {}, samples: [], caveats: [] }

const installing = ({ package: name }: ProbeKind): string[] => (name === undefined || versionOfPackage(name) !== undefined ? [] : [`npm install ${name}`])

const ofConfigured = (kind: ProbeKind, name: string, { samples, caveats, because }: Trial): ProbeFinding => ({
  ...nothing,
  ...{ kind: kind.kind, name, reads: kind.reads, needs: kind.needs, samples, caveats },
  state: because === undefined ? 'works' : 'fails',
  because: because ?? 'it is configured, and was read',
  steps: because === undefined ? [] : installing(kind),
})

const ofDetected = async (kind: ProbeKind, found: Detected, world: ProbeWorld): Promise<ProbeFinding> => {
  const { seen, options, variables = {}, lacks } = found
  const finding = { ...nothing, kind: kind.kind, reads: kind.reads, needs: kind.needs, because: seen, entry: entryOf(kind.kind, options), variables }
  const steps = [...installing(kind), ...(lacks === undefined ? [] : [lacks])]
  if (steps.length > 0 || Object.keys(variables).length > 0) return { ...finding, state: 'possible', steps }
  const trial = await tryProbe(kind.create(kind.kind, z.parse(kind.options, options), world))
  if (trial.because !== undefined) return { ...finding, state: 'possible', because: `${seen}; it could not be read: ${trial.because}` }
  return { ...finding, state: 'works', samples: trial.samples, caveats: trial.caveats }
}

const unseen = (kind: ProbeKind): ProbeFinding => {
  const { entry, values } = templateOf(kind)
  const finding = { ...nothing, kind: kind.kind, reads: kind.reads, needs: kind.needs, entry, values }
  return kind.detect === undefined
    ? { ...finding, state: 'possible', because: 'It watches what the configuration names, so nothing was looked for', steps: installing(kind) }
    : { ...finding, state: 'not-here', because: kind.looksFor === undefined ? 'Not found' : `Not found: ${kind.looksFor}`, steps: installing(kind) }
}

const lookFor = async (kind: ProbeKind, world: ProbeWorld): Promise<ProbeFinding[]> => {
  const found = await within(patience, async () => (await kind.detect?.(world)) ?? []).catch(() => [])
  return found.length === 0 ? [unseen(kind)] : Promise.all(found.map((each) => ofDetected(kind, each, world)))
}

/**
 * Configured probes in their order, then every other kind in that of the registry.
 * @throws {UsageError} when the configuration's probes are wrong
 */
export const probeFindings = async (entries: readonly ProbeEntry[], world: ProbeWorld): Promise<ProbeFinding[]> => {
  const kinds = await everyKind()
  const probes = await makeProbes(entries, world)
  const named = await Promise.all(entries.map(({ kind }) => kindOf(kind)))
  const configured = named.map(async (kind, index) => {
    const probe = probes[index]
    return probe === undefined ? [] : [ofConfigured(kind, probe.name, await tryProbe(probe))]
  })
  const others = kinds.filter((kind) => !named.includes(kind)).map((kind) => lookFor(kind, world))
  return (await Promise.all([...configured, ...others])).flat()
}

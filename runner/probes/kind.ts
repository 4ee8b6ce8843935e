/** What each kind of probe brings along: what the configuration may say of it, what it must be allowed, and how one is made. */
import type { z } from 'zod'
import type { Plan, Target } from '../plan.ts'
import type { Probe } from './probe.ts'

export type ProbeWorld = {
  /** What the load goes to. */
  readonly target: Target
  /** What holds for every request of the run; absent while none is planned. */
  readonly plan?: Pick<Plan, 'id' | 'boundary' | 'headers' | 'insecure'>
  /** Where Linux tells of its processes. @default '/proc' */
  readonly proc?: string
  /** Where Linux tells of its control groups. @default '/sys/fs/cgroup' */
  readonly cgroups?: string
}

/** Something that a kind could watch of this target. */
export type Detected<Options = unknown> = {
  /** What was seen, as the beginning of a sentence: "The target has 3 connections to 127.0.0.1:5432, where PostgreSQL answers" */
  readonly seen: string
  /** As the configuration would say it; what only the owner knows stands as a variable of the environment, in dollar sign and braces. */
  readonly options: Options
  /** Those variables, with "…" for what must be filled in. */
  readonly variables?: Readonly<Record<string, string>>
  /** What must be done first, as an imperative. With neither this nor variables it works as it stands. */
  readonly lacks?: string
}

export type ProbeKind<Options extends z.ZodType = z.ZodType> = {
  /** As in the configuration; the probe's name unless it is given another. */
  readonly kind: string
  /** One line: what it reads, and where. */
  readonly reads: string
  /** The least that it must be allowed, as statements, a policy or a sentence that can be followed. */
  readonly needs: string
  /** The optional package that it speaks through. */
  readonly package?: string
  readonly options: Options
  /** An entry that says enough, where any one of several options does. */
  readonly example?: z.input<Options>
  /** @param name begins the name of each of its series: `<name>.connections` */
  readonly create: (name: string, options: z.output<Options>, world: ProbeWorld) => Probe
  /** Where `detect` looks, for somebody who wonders why nothing was found: "a stub_status page of the target, at …" */
  readonly looksFor?: string
  /**
   * What it could watch of this target without being told anything, found without a password and without load. Only loopback and the
   * target itself are asked. Nothing found is an empty list, never an error.
   */
  readonly detect?: (world: ProbeWorld) => Promise<readonly Detected<z.input<Options>>[]>
}

/** Keeps the types of a kind's options together. */
export const probeKind = <Options extends z.ZodType>(kind: ProbeKind<Options>): ProbeKind<Options> => kind

/** What each kind of probe brings along: what the configuration may say of it, what it must be allowed, and how one is made. */
import type { z } from 'zod'
import type { Target } from '../plan.ts'
import type { Probe } from './probe.ts'

export type ProbeWorld = {
  /** What the load goes to. */
  readonly target: Target
  /** Where Linux tells of its processes. @default '/proc' */
  readonly proc?: string
  /** Where Linux tells of its control groups. @default '/sys/fs/cgroup' */
  readonly cgroups?: string
}

export type ProbeKind<Options extends z.ZodType = z.ZodType> = {
  /** As in the configuration; the probe's name unless it is given another. */
  readonly kind: string
  /** One line: what it reads, and where. */
  readonly reads: string
  /** The least that it must be allowed, as statements, a policy or a sentence that can be followed. */
  readonly needs: string
  readonly options: Options
  /** @param name begins the name of each of its series: `<name>.connections` */
  readonly create: (name: string, options: z.output<Options>, world: ProbeWorld) => Probe
  /**
   * Options of what it could watch of this target without being told anything, found without a password and without load.
   * Nothing found is an empty list, never an error.
   */
  readonly detect?: (world: ProbeWorld) => Promise<readonly z.output<Options>[]>
}

/** Keeps the types of a kind's options together. */
export const probeKind = <Options extends z.ZodType>(kind: ProbeKind<Options>): ProbeKind<Options> => kind

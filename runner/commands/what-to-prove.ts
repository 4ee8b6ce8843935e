/** Which size `perf advise --prove` tries, and how many of them share the load: the recommended one, or one that is given by hand. */
import { unproved } from '../../budgets/advice/proof/proof.ts'
import type { Proof, Recommendation } from '../../budgets/advice/recommendation.ts'
import type { Size } from '../../budgets/advice/sizing/fargate-size.ts'
import type { ExitCode } from '../errors/perf-error.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import type { Run } from '../run.ts'
import type { Store } from '../stores/store.ts'
import { type ProofFlags, prove } from './prove.ts'

export type ProvingFlags = ProofFlags & { readonly prove?: boolean; readonly size?: string; readonly instances?: string }

type Known = {
  readonly runs: readonly Run[]
  readonly store: Store
  readonly recommendation: Recommendation
  readonly sizes: readonly Size[]
  /** Arrivals per second at the height. */
  readonly peak: number
}

/** @example readSizeText('0.5/1') // { vcpu: 0.5, gigabytes: 1 } */
export const readSizeText = (text: string): Size => {
  const [, vcpu, gigabytes] = /^(\d*\.?\d+)\/(\d*\.?\d+)$/.exec(text) ?? []
  const size = { vcpu: Number(vcpu), gigabytes: Number(gigabytes) }
  if (!(size.vcpu > 0 && size.gigabytes > 0))
    throw new UsageError(`--size "${text}" is no size. A size is cores and gigabytes. Write --size 0.5/1 for half a vCPU and 1 GB.`)
  return size
}

const instancesOf = (text: string): number => {
  const instances = Number(text)
  if (!Number.isInteger(instances) || instances < 1)
    throw new UsageError(`--instances "${text}" is no whole number of at least 1. So many share the load. Write --instances 2.`)
  return instances
}

/** @throws {UsageError} for flags that mean something only with --prove, and for those that can't be understood */
export const readSize = ({ prove: isAsked, size, ...flags }: ProvingFlags): Size | undefined => {
  const [stray] = (['start', 'target', 'smallerTarget', 'instances', 'duration'] as const).filter((name) => flags[name] !== undefined)
  if (isAsked !== true && (size !== undefined || stray !== undefined))
    throw new UsageError(
      `${size === undefined ? `--${stray === 'smallerTarget' ? 'smaller-target' : stray}` : '--size'} was given without --prove. Nothing is sent or started unless a proof is asked for. Add --prove.`,
    )
  return size === undefined ? undefined : readSizeText(size)
}

/** A proof that could not be told is no verdict, as a run without one. */
export const exitCodeOfProof = ({ state, attempts }: Proof): ExitCode =>
  state === 'proved' ? 0 : attempts.length > 0 && attempts.every(({ isMet }) => isMet !== null) ? 1 : 3

export const proofOfAdvice = async (flags: ProvingFlags, { runs, store, recommendation, sizes, peak }: Known, io: Io): Promise<Proof> => {
  const { prove: _, size: given, instances, ...rest } = flags
  const size = given === undefined ? recommendation.size : readSizeText(given)
  const [run] = runs
  if (run === undefined || size === undefined)
    return unproved(
      `No size is recommended. ${recommendation.declined.find((why) => why.startsWith('Size')) ?? ''} A size may be given by hand, as --size 0.5/1.`,
    )
  const many = instances === undefined ? ((given === undefined ? recommendation.size?.instances : undefined) ?? 1) : instancesOf(instances)
  return prove({ run, store, size: { vcpu: size.vcpu, gigabytes: size.gigabytes }, instances: many, rate: peak, sizes }, rest, io)
}

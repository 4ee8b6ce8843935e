/**
 * Is a recommended size proved? Only by two runs of the objective: one at that size that meets it, and one at the next smaller size that
 * does not. A size that merely works may be twice what is needed.
 */
import type { Run } from '../../../runner/run.ts'
import type { Verdict } from '../../budget.ts'
import { count, figure } from '../../figure.ts'
import type { Proof } from '../recommendation.ts'
import { type Size, sizeWords } from '../sizing/fargate-size.ts'
import { starvation } from './starvation.ts'

export type Attempt = Proof['attempts'][number]

/** What the kernel saw of the service at that size. */
export type Limited = { /** Processes killed for memory. */ readonly oomKills: number /** Why it is not there any more. */; readonly ended: string | undefined }

const met = { pass: true, fail: false, unknown: null } as const

/**
 * @param limited absent for a service that was not started here
 * @example attemptOf('recommended', { vcpu: 0.5, gigabytes: 1 }, run, judge(run, budgets)).isMet // true
 */
export const attemptOf = (
  role: Attempt['role'],
  size: Size,
  run: Pick<Run, 'id' | 'validity' | 'probes'>,
  { word, because, judgements }: Pick<Verdict, 'word' | 'because' | 'judgements'>,
  limited?: Limited,
): Attempt => {
  const { id, validity } = run
  const attempt = { role, size, run: id }
  if (validity.state !== 'INVALID' && limited !== undefined && limited.oomKills > 0)
    return { ...attempt, isMet: false, because: `The kernel killed ${limited.oomKills === 1 ? 'a process' : `${limited.oomKills} processes`} for memory.` }
  if (validity.state !== 'INVALID' && limited?.ended !== undefined)
    return { ...attempt, isMet: false, because: `The service did not live through it: ${limited.ended}.` }
  if (word === 'pass' && judgements.length === 0)
    return { ...attempt, isMet: null, because: 'No budget speaks of this test, so there is no objective to meet. Name budgets with --budget.' }
  const starved = word === 'fail' && limited !== undefined ? starvation(run, size.vcpu) : undefined
  return starved === undefined ? { ...attempt, isMet: met[word], because } : { ...attempt, isMet: null, because: `${because} ${starved}` }
}

/** A service that did not come up can't meet anything. */
export const attemptWithoutRun = (role: Attempt['role'], size: Size, because: string): Attempt => ({ role, size, run: null, isMet: false, because })

export const unproved = (because: string, attempts: readonly Attempt[] = [], caveats: readonly string[] = []): Proof => ({
  state: 'not proved',
  because,
  attempts,
  caveats,
})

/** @example proofOf([recommendedThatMetIt, smallerThatDidNot]).state // 'proved' */
export const proofOf = (attempts: readonly Attempt[], caveats: readonly string[] = []): Proof => {
  const [recommended, smaller] = (['recommended', 'next smaller'] as const).map((role) => attempts.find((attempt) => attempt.role === role))
  const not = (because: string): Proof => unproved(because, attempts, caveats)
  if (recommended === undefined) return not('The objective was not run at the recommended size.')
  const at = sizeWords(recommended.size)
  if (recommended.isMet === null) return not(`Whether ${at} meet the objective could not be told. ${recommended.because}`)
  if (!recommended.isMet) return not(`${at} do not meet the objective. ${recommended.because}`)
  if (smaller === undefined) return not(`${at} meet the objective; whether less would do was not tried.`)
  const below = sizeWords(smaller.size)
  if (smaller.isMet === null) return not(`${at} meet the objective; whether ${below} do as well could not be told. ${smaller.because}`)
  if (smaller.isMet) return not(`${at} meet the objective, and so do ${below}: the smaller size is enough.`)
  return { state: 'proved', because: `${at} meet the objective, and ${below} do not.`, attempts, caveats }
}

/** What was shown by running it, or how to show it. @example proofSentence(proof) // 'Proved: 0.5 vCPU and 1 GB meet the objective, and 0.25 vCPU and 1 GB do not.' */
export const proofSentence = (proof: Pick<Proof, 'state' | 'because'> | undefined): string =>
  proof === undefined
    ? 'Not proved yet: perf advise --prove runs the objective at the recommended size and at the next smaller one.'
    : `${proof.state === 'proved' ? 'Proved' : 'Not proved'}: ${proof.because}`

/** Why a size can't be tried on a machine, or what must be known of a try there. */
export const machineCaveat = ({ vcpu }: Size, cores: number): { readonly declined?: string; readonly caveat?: string } => {
  if (vcpu > cores)
    return {
      declined: `${figure(vcpu, '')} vCPU can't be tried on this machine, which has ${count(cores)}. Prove it on a larger one, or against the changed service with --target.`,
    }
  return vcpu + 1 > cores
    ? {
        caveat: `The generator and the service shared this machine's ${count(cores)} cores: with ${figure(vcpu, '')} vCPU for the service less than one was left to make the load.`,
      }
    : {}
}

/** An illness that a run shows the signs of: what was seen, what to do about it, and how to see that it helped. */
import type { Run } from '../../runner/run.ts'
import type { Attribution } from '../attribution/attribute.ts'
import type { Resource } from '../attribution/resources.ts'
import type { Suspect } from '../attribution/suspect.ts'

export type Illness = {
  /** Stable, for programs. @example 'lock-contention' */
  readonly illness: string
  /** For people. @example 'Lock contention' */
  readonly name: string
  /** Sentences with the figures. */
  readonly evidence: readonly string[]
  /** Configuration lines, statements or changes, the likeliest first. */
  readonly remedy: readonly string[]
  /** The command whose run would show that it helped, and what it should show. */
  readonly confirm: string
}

/** What an illness is told from. */
export type Case = { readonly run: Run; readonly attribution: Attribution; readonly resources: readonly Resource[] }

/** One illness a file: a pure function of the run. */
export type Diagnosis = (seen: Case) => Illness | undefined

/** What broke first, if its name after the probe's is one of these. */
export const causeAmong = (
  { attribution, resources }: Case,
  ...names: readonly string[]
): { readonly cause: Suspect; readonly resource: Resource } | undefined => {
  if (attribution.state !== 'named') return undefined
  const { cause } = attribution
  const resource = resources.find(({ name }) => name === cause.name)
  return resource !== undefined && names.includes(resource.what) ? { cause, resource } : undefined
}

const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replace(/'/g, `'\\''`)}'`)

/** The same run again. @param expected what it should show then */
export const again = ({ run }: Case, expected: string): string => {
  const { command } = run.provenance
  const words = command[0] === 'perf' ? command : ['perf', ...command]
  return `${words.map(shellWord).join(' ')} # ${expected}`
}

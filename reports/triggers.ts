/** Scaling triggers that were held against a run, in words. */
import type { HeldTrigger } from '../budgets/held-triggers.ts'
import { clock, oneLine } from './format.ts'

const isTold = ({ state }: HeldTrigger): boolean => state !== 'quiet'

/** The first that fired, on one line, and how many others did; undefined when none did. @example 'CPU fired at 5:40, 72 s before users felt it; 1 more' */
export const firedWords = (triggers: readonly HeldTrigger[]): string | undefined => {
  const [first, ...others] = triggers.filter(({ state }) => state === 'fired')
  if (first === undefined || first.at === null) return undefined
  const { before } = first
  const seconds = Math.round(Math.abs(before ?? 0))
  const felt = before === null ? 'users felt nothing' : `${seconds} s ${before >= 0 ? 'before' : 'after'} users felt it`
  return `${oneLine(first.name)} fired at ${clock(first.at)}, ${felt}${others.length === 0 ? '' : `; ${others.length} more fired`}`
}

/** Lines below what broke first: those that fired or that nobody can tell of; nothing where none was held. */
export const triggerLines = (triggers: readonly HeldTrigger[]): string[] => {
  if (triggers.length === 0) return []
  const quiet = triggers.filter((each) => !isTold(each))
  return [
    '',
    'Scaling triggers, held against this run:',
    ...triggers.filter(isTold).map(({ because }) => `- ${oneLine(because)}`),
    ...(quiet.length === 0 ? [] : [`- Not fired: ${quiet.map(({ name, metric }) => oneLine(`${name} (${metric})`)).join(', ')}.`]),
  ]
}

/** Tags by which the bill can be split, and by which somebody finds the run that a size came from. */
import type { Recommendation } from '../recommendation.ts'
import { from } from './derivation.ts'
import { serviceName } from './names.ts'

const longest = 256 // characters of a value, of which AWS takes letters, digits, spaces and _ . : / = + - @

/** @example tagValue('a,b') // 'a b' */
export const tagValue = (text: string): string =>
  text
    .replace(/[^\p{L}\p{N}_.:/=+\-@]+/gu, ' ')
    .trim()
    .slice(0, longest)

export type Tags = Readonly<Record<string, string>>

/** AWS splits a bill by them once they are activated as cost allocation tags. */
export const tagsOf = (recommendation: Recommendation): Tags => {
  const name = serviceName(recommendation)
  return {
    ...(name === undefined ? {} : { 'perf:service': tagValue(name) }),
    'perf:sized-by': tagValue(from(recommendation)),
  }
}

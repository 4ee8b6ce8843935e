/** What `--expect` says is coming: words, or the access log of a past rush. */
import { resolve } from 'node:path'
import { expectationOfLog, type LoggedRequests, secondOfLine } from '../../budgets/advice/launch/access-log.ts'
import type { Expectation, Known } from '../../budgets/advice/launch/expectation.ts'
import { readExpectation } from '../../budgets/advice/launch/expectation-words.ts'
import { UsageError } from '../errors/usage-error.ts'
import type { Io } from '../io.ts'
import { readText } from '../text-lines.ts'

const logged = 'access-log:'

/** Two ways to say it; undefined where neither was taken. */
export type ExpectationFlags = { readonly expect?: string; readonly accessLog?: string }

export const wordsOf = ({ expect, accessLog }: ExpectationFlags): string | undefined => {
  if (accessLog === undefined) return expect
  if (expect !== undefined) throw new UsageError('Both --expect and --access-log were given. Each of them says what is coming. Leave one out.')
  return `${logged}${accessLog}`
}

const requestsIn = async (file: string): Promise<LoggedRequests> => {
  const seconds = new Map<number, number>()
  let unread = 0
  await readText(file, { named: `Access log ${file}`, because: 'What is expected follows from it.' }, (line) => {
    const second = secondOfLine(line)
    if (second === undefined) unread += 1
    else seconds.set(second, (seconds.get(second) ?? 0) + 1)
  })
  return { seconds, unread }
}

/**
 * Reads the log once; what a journey makes of it may be known only later.
 * @throws {UsageError} from the result, when the words can't be understood
 */
export const expectationFrom = async (words: string, { cwd }: Pick<Io, 'cwd'>): Promise<(known: Known) => Expectation> => {
  const requests = words.startsWith(logged) ? await requestsIn(resolve(cwd, words.slice(logged.length))) : undefined
  return (known) => {
    const found = requests === undefined ? readExpectation(words, known) : expectationOfLog(requests, known)
    if (found.declined) throw new UsageError(found.because)
    return found
  }
}

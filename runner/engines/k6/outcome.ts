/** How k6 ended, in a sentence. A code alone says little: 0 is also the code of a run in which every request was refused. */
import { fileURLToPath } from 'node:url'

const meanings: Readonly<Record<number, string>> = {
  0: 'normal end',
  99: 'a threshold failed',
  100: "the scenario's setup took too long",
  101: "the scenario's teardown took too long",
  102: 'a generic timeout',
  103: 'stopped',
  104: 'an option that k6 does not accept',
  105: 'interrupted by a signal',
  106: 'its control port was taken',
  107: 'script exception',
  108: 'the script aborted the test',
  109: 'the script failed the test',
  110: 'the script failed the test',
  129: 'it lost its terminal',
  137: 'it was killed',
  143: 'it was terminated',
  255: 'k6 could not start',
}

/** @param code null when a signal ended it */
const meaningOf = (code: number | null, signal: NodeJS.Signals | null): string => {
  if (signal !== null)
    return signal === 'SIGKILL' ? 'killed from outside; the last seconds are lost, and a system short of memory does that' : `ended by ${signal}`
  return code === null ? 'unknown' : (meanings[code] ?? 'a code that k6 1.8 does not have')
}

/** Code and meaning, as they stand in sentences. @example endOf(107, null) // 'code 107 (script exception)' */
export const endOf = (code: number | null, signal: NodeJS.Signals | null): string =>
  code === null ? `signal ${signal ?? 'unknown'} (${meaningOf(code, signal)})` : `code ${code} (${meaningOf(code, signal)})`

export type Place = { readonly file: string; readonly line: number }

/**
 * First place in a stack that is in a user's file and not in this package or a library.
 * @example placeIn('TypeError: x\n\tat run (file:///shop/checkout.ts:18:5(3))', () => false) // { file: '/shop/checkout.ts', line: 18 }
 */
export const placeIn = (stack: string, isOurs: (file: string) => boolean): Place | undefined => {
  for (const [, url, line] of stack.matchAll(/(file:\/\/\/[^\s():]+(?::(?=[\\/])[^\s():]+)?):(\d+):\d+/g)) {
    try {
      const file = fileURLToPath(url ?? '')
      if (!file.includes('node_modules') && !file.endsWith('perf-entry.js') && !isOurs(file)) return { file, line: Number(line) }
    } catch {} // a URL that is no file's
  }
  return undefined
}

/** What was thrown, from k6's text of an exception: its first line without the class and the place. */
export const messageIn = (text: string): string => {
  const [first = ''] = text.split('\n')
  return first
    .replace(/\s+at (file:|\S+ \(file:).*$/, '')
    .replace(/^(Uncaught \(in promise\) )?((GoError|Error|[A-Z]\w*Error|Exception): )?/, '')
    .trim()
}

/** Finds the user's own line in a stack whose source maps were applied. */
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { moduleFile } from '../../bundle.ts'

const ours = moduleFile('runner/engine').replace(/engine\.[jt]s$/, '')

export type Place = { readonly text: string; readonly file: string; readonly line: number | undefined }

const pathOf = (location: string): string => (location.startsWith('file://') ? fileURLToPath(location) : location)

/**
 * The innermost frame in the user's code: not this package's runner, not Node, not a library.
 * @example placeIn('Error: …\n    at shop (/app/shop.ts:18:5)', '/app/shop.ts').text // 'shop.ts:18' in /app
 */
export const placeIn = (stack: string, scenario: string): Place => {
  const shown = (file: string): string => {
    const path = relative(process.cwd(), file)
    return path.startsWith('..') ? file : path
  }
  for (const frame of stack.matchAll(/((?:file:\/\/)?\/[^\s():]+|[A-Za-z]:[^\s():]+):(\d+):\d+/g)) {
    const file = pathOf(frame[1] ?? '')
    const isTheirs = !file.startsWith(ours) && !file.includes('node_modules') && !file.endsWith('embedded-worker.mjs')
    if (isTheirs) return { text: `${shown(file)}:${frame[2]}`, file, line: Number(frame[2]) }
  }
  return { text: shown(scenario), file: scenario, line: undefined }
}

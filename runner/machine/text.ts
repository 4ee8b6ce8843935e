/** Reads the small texts in which Linux tells of itself. */
import { readFileSync } from 'node:fs'

/** The text of a file, or undefined: what can't be read here is unknown, and nothing fails for it. */
export const textOf = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

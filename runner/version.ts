import { readFileSync } from 'node:fs'

/** This package's version: package.json lies one folder up from the source, two from what is built. */
export const ownVersion = (): string => {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const parsed = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { name?: string; version?: string }
      if (parsed.name === 'scale-surgeon' && parsed.version !== undefined) return parsed.version
    } catch {} // not there: the other place has it
  }
  return 'unknown'
}

/** The k6 that `perf k6 install` has put into the user's cache; npm test does that where Go is installed. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

const k6Version = 'v1.8.1'

const caches = (): string => {
  if (process.platform === 'win32') return process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  return process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
}

/** Outside the checkout, so that a fresh clone finds what the last one fetched. */
export const cacheFolder = join(caches(), 'scale-surgeon')

const file = join(cacheFolder, 'k6', k6Version, process.platform === 'win32' ? 'k6.exe' : 'k6')

/** Path of k6, or undefined: `test.skipIf(!k6)('…', …)`. */
export const k6: string | undefined = existsSync(file) ? file : undefined

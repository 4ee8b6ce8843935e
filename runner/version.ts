/** Versions: of this package, and of those that it uses. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

type Manifest = {
  readonly name?: string
  readonly version?: string
  readonly engines?: { readonly node?: string }
  readonly peerDependencies?: Readonly<Record<string, string>>
}

const manifestAt = (place: URL | string): Manifest | undefined => {
  try {
    return JSON.parse(readFileSync(place, 'utf8')) as Manifest
  } catch {
    return undefined // not there
  }
}

/** package.json lies one folder up from the source, two from what is built. */
const ownManifest = (): Manifest | undefined =>
  ['../package.json', '../../package.json'].map((path) => manifestAt(new URL(path, import.meta.url))).find((each) => each?.name === 'scale-surgeon')

export const ownVersion = (): string => ownManifest()?.version ?? 'unknown'

/** The Node it needs, as a range, and the packages that it uses where they are installed. */
export const ownPackage = (): { readonly node: string; readonly optional: readonly string[] } => {
  const { engines, peerDependencies = {} } = ownManifest() ?? {}
  return { node: engines?.node ?? '>=20.19', optional: Object.keys(peerDependencies) }
}

/** Undefined when it is not installed. Found by folder, because not every package lets its package.json be asked for. */
export const versionOfPackage = (name: string): string | undefined =>
  (createRequire(import.meta.url).resolve.paths(name) ?? []).map((folder) => manifestAt(join(folder, name, 'package.json'))).find((each) => each !== undefined)
    ?.version

/** Finds the file systems of this machine that can fill up, and how full they are. */
import { statfs } from 'node:fs/promises'

/** Kept here. One that is on another machine may not answer, and its owner is not this machine. */
const local = new Set(['ext2', 'ext3', 'ext4', 'xfs', 'btrfs', 'zfs', 'f2fs', 'bcachefs', 'jfs', 'reiserfs', 'tmpfs', 'overlay'])

/** Linux writes a space as \040. */
const unescaped = (text: string): string => text.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))

const most = 10 // a machine of containers has hundreds of mounts, and its first ones are its own

/** Where they are mounted, from `/proc/mounts`: local, writable, each once, those of the kernel itself left out. */
export const writablePlacesIn = (mounts: string): string[] => {
  const seen = new Set<string>()
  const places: string[] = []
  for (const line of mounts.split('\n')) {
    const [source = '', place = '', kind = '', settings = ''] = line.split(' ')
    if (!local.has(kind) || !settings.split(',').includes('rw') || /^\/(proc|sys)(\/|$)/.test(place)) continue
    if (kind === 'overlay' && place !== '/') continue // a container's; it lies on one that is told
    // A device may be mounted in many places, while each tmpfs is one of its own.
    const which = source.startsWith('/dev/') ? source : place
    if (seen.has(which)) continue
    seen.add(which)
    places.push(unescaped(place))
  }
  return places.slice(0, most)
}

/** Where the file system is mounted that keeps a path; undefined where no line of `/proc/mounts` says so. @example placeOf(mounts, '/var/lib/shop') // '/var' */
export const placeOf = (mounts: string, path: string): string | undefined =>
  mounts
    .split('\n')
    .map((line) => unescaped(line.split(' ')[1] ?? ''))
    .filter((place) => place !== '' && (place === '/' || path === place || path.startsWith(`${place}/`)))
    .toSorted((a, b) => b.length - a.length)[0]

/** `limit`: what may be used by others than root, as `df` counts it. */
export type Filled = { readonly used: number; readonly limit: number }
/** Bytes, and files; null where the file system has no end of them. */
export type Fill = { readonly place: string; readonly space: Filled | null; readonly files: Filled | null }

const filledOf = (total: number, free: number, available: number): Filled | null =>
  total === 0 ? null : { used: total - free, limit: total - free + Math.max(0, available) }

/** How full one is; undefined when it is gone. */
export const fillOf = async (place: string): Promise<Fill | undefined> => {
  try {
    const { bsize, blocks, bfree, bavail, files, ffree } = await statfs(place)
    return { place, space: filledOf(blocks * bsize, bfree * bsize, bavail * bsize), files: filledOf(files, ffree, ffree) }
  } catch {
    return undefined
  }
}

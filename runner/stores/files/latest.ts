/** `<out>/latest`: the newest run, under a name that can be typed. */
import { rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'

export const pointLatest = async (out: string, folder: string): Promise<void> => {
  const link = join(out, 'latest')
  await rm(link, { force: true, recursive: false }).catch(() => {})
  // Where links need rights that users lack (Windows), a plain file holds the name instead.
  await symlink(relative(out, folder), link, 'dir').catch(() => writeFile(link, basename(folder)).catch(() => {}))
}

/** File systems in memory, of their own size, that an application writes to. Mounting them takes root. */
import { execa } from 'execa'
import { held } from '../shapes.mjs'

/** @param options of mount @param writes of writer.mjs */
const start = (options, writes) => async (world) => {
  const folder = await world.folder()
  await execa('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder])
  const app = await world.program('writer.mjs', { environment: { FOLDER: folder, WRITES: writes } })
  const stop = async () => {
    await app.stop()
    await execa('umount', [folder])
  }
  return { ...app, probes: [{ kind: 'host', paths: [folder] }], stop }
}

const small = 'size=64m'

export const disks = [
  { name: 'disk filling up', start: start(small, 'log'), path: '/', shape: held(20, '45s'), illness: 'disk-filling' },
  { name: 'disk full', start: start(small, 'log'), path: '/', shape: held(40, '50s'), illness: 'disk-filling', first: /disk_space/ },
  { name: 'inodes used up', start: start('nr_inodes=2000', 'files'), path: '/', shape: held(50, '48s'), illness: 'disk-filling', first: /inodes/ },
  { name: 'healthy log that is rotated', start: start(small, 'rotated'), path: '/', shape: held(20, '45s') },
]

import { expect, test } from 'vitest'
import { fillOf, placeOf, writablePlacesIn } from '../../../runner/machine/file-systems.ts'

test('file systems that can fill up are found once each, and none that another machine keeps', () => {
  const mounts = `proc /proc proc rw,relatime 0 0
tmpfs /sys/fs/cgroup tmpfs rw,relatime,mode=755 0 0
/dev/vda / ext4 rw,relatime,discard 0 0
/dev/vda /var/lib/containers/storage ext4 rw,relatime 0 0
/dev/vdb /mnt/old\\040shop xfs rw,relatime 0 0
/dev/vdc /media/archive ext4 ro,relatime 0 0
tmpfs /dev/shm tmpfs rw,relatime,size=24684084k 0 0
tmpfs /tmp tmpfs rw,relatime 0 0
overlay /var/lib/docker/overlay2/0123/merged overlay rw,relatime 0 0
files:/export /srv nfs4 rw,relatime 0 0
`
  expect(writablePlacesIn(mounts)).toEqual(['/', '/mnt/old shop', '/dev/shm', '/tmp'])
})

test('one that is gone is unknown', async () => {
  expect(await fillOf('/nowhere/at/all')).toBeUndefined()
})

test('a path lies on the file system whose place is the longest that it begins with', () => {
  const mounts = `/dev/vda / ext4 rw 0 0
tmpfs /var/log tmpfs rw 0 0
files:/export /var/log/old\\040shop nfs4 rw 0 0
`
  expect(['/etc', '/var/log', '/var/log/shop', '/var/logs', '/var/log/old shop/1'].map((path) => placeOf(mounts, path))).toEqual([
    '/',
    '/var/log',
    '/var/log',
    '/',
    '/var/log/old shop',
  ])
})

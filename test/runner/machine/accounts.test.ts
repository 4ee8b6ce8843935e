/** Texts recorded on Linux 6.1 and 6.18, shortened. */
import { expect, test } from 'vitest'
import { coreTimesOf, disksOf, memoryOf, pressureOf, protocolCountsOf, trafficOf } from '../../../runner/machine/accounts.ts'

test('a core is busy with all that is neither idle, nor waiting for a disk, nor stolen', () => {
  const stat = `cpu  1029685 80495 253493 1776326 4469 0 27807 1794 0 0
cpu0 523647 37395 119854 888833 1179 0 19462 861 0 0
cpu1 506038 43100 133639 887493 3289 0 8345 932 0 0
intr 31923596 0 0
`
  const [first] = coreTimesOf(stat)
  expect(coreTimesOf(stat)).toHaveLength(2)
  expect(first).toEqual({ busy: 523647 + 37395 + 119854 + 19462, iowait: 1179, steal: 861, total: 1591231 })
})

test('memory is in bytes', () => {
  const memory = memoryOf('MemTotal:       24684084 kB\nMemAvailable:   23442720 kB\nSwapTotal:             0 kB\nHugePages_Total:       0\n')
  expect(memory.get('MemTotal')).toBe(24684084 * 1024)
  expect(memory.get('SwapTotal')).toBe(0)
  expect(memory.has('HugePages_Total')).toBe(false)
})

test('pressure is the time in which somebody waited', () => {
  expect(pressureOf('some avg10=72.35 avg60=53.80 avg300=44.22 total=3003342984\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n')).toBe(3003.342984)
  expect(pressureOf('')).toBeUndefined()
})

test('traffic is told of each interface but the loopback', () => {
  const traffic = trafficOf(`Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: 8225817853 51946685    0   76    0     0          0         0 8225817853 51946685    0    0    0     0       0          0
  eth0: 2471303290   80733    0    3    0     0          0         0  8139948   58047    0    4    0     0       0          0
`)
  expect([...traffic]).toEqual([['eth0', { received: 2471303290, sent: 8139948, dropped: 7 }]])
})

test('counts of protocols are found by their names, wherever they stand', () => {
  const counts = protocolCountsOf(`Icmp: InMsgs InErrors
Icmp: 2 0
Tcp: RtoAlgorithm MaxConn CurrEstab RetransSegs
Tcp: 1 -1 21467 28867
`)
  expect(counts.get('Tcp.CurrEstab')).toBe(21467)
  expect(counts.get('Tcp.RetransSegs')).toBe(28867)
  expect(counts.get('Tcp.MaxConn')).toBe(-1)
})

test('disks are whole devices: no partition, nothing in memory, nothing that lies on another device', () => {
  const disks = disksOf(` 254       0 vda 1082272 74711 43578394 996354 142093 335329 26887256 134480 0 109984 1158057 196361 138 17666520 25595 8746 1627
 254       1 vda1 1082000 74711 43578000 996354 142093 335329 26887256 134480 0 109984 1158057
 259       0 nvme0n1 10 0 80 5 20 0 160 9 0 1500 14
 259       1 nvme0n1p1 10 0 80 5 20 0 160 9 0 1500 14
   7       0 loop0 1 0 2 0 0 0 0 0 0 0 0
 253       0 dm-0 10 0 80 5 20 0 160 9 0 1500 14
`)
  expect([...disks]).toEqual([
    ['vda', { read: 43578394 * 512, written: 26887256 * 512, busy: 109.984 }],
    ['nvme0n1', { read: 80 * 512, written: 160 * 512, busy: 1.5 }],
  ])
})

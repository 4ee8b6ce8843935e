import { describe, expect, test } from 'vitest'
import {
  cpuTimeOf,
  machineTimeOf,
  openFilesLimitOf,
  portRangeOf,
  portsByDestination,
  portsTowards,
  residentOf,
  scheduledOf,
  socketsOf,
} from '../../../runner/machine/proc.ts'

/** Texts recorded on Linux 6.18, 2 cores. */
const recorded = {
  stat: '4711 (k6 (load) run) S 4688 4711 4688 34816 4711 4194304 9031 0 12 0 1250 375 0 0 20 0 14 0 1283345 1380347904 21034 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0',
  schedstat: '422368888 2107843 50\n',
  status: 'Name:\tk6\nVmPeak:\t 1348004 kB\nVmRSS:\t   84136 kB\nThreads:\t14\n',
  limits:
    'Limit                     Soft Limit           Hard Limit           Units     \nMax processes             127454               127454               processes \nMax open files            20000                1048576              files     \n',
  machine: 'cpu  712163 78606 190909 1426509 3651 0 13513 1409 5 0\ncpu0 358849 37367 88949 719584 877 0 8686 681 0 0\n',
  sockstat: 'sockets: used 16\nTCP: inuse 7 orphan 0 tw 103 alloc 8 mem 222\nUDP: inuse 0 mem 0\n',
  tcp: `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51234 1 0000000000000000 100 0 0 10 0
   1: 0100007F:C350 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 51240 1 0000000000000000 20 4 30 10 -1
   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 51241 1 0000000000000000 20 4 30 10 -1
   3: 0100007F:C352 0100007F:1F90 06 00000000:00000000 03:00000F2C 00000000     0        0 0 3 0000000000000000
   4: 0100007F:C354 0100007F:1538 01 00000000:00000000 00:00000000 00000000     0        0 51250 1 0000000000000000 20 4 30 10 -1
   5: 0100007F:0050 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 51251 1 0000000000000000 20 4 30 10 -1
`,
} as const

test('CPU time is user and system time, whatever the program calls itself', () => {
  expect(cpuTimeOf(recorded.stat)).toBe(16.25)
})

test('time on a core and time without one', () => {
  expect(scheduledOf(recorded.schedstat)).toEqual({ ran: 0.422368888, waited: 0.002107843 })
})

test('memory in RAM, in bytes', () => {
  expect(residentOf(recorded.status)).toBe(84136 * 1024)
})

test('the soft limit of open files is the one that holds; "unlimited" is none', () => {
  expect(openFilesLimitOf(recorded.limits)).toBe(20_000)
  expect(openFilesLimitOf('Max open files            unlimited            unlimited            files     \n')).toBeUndefined()
})

test('stolen time is a part of all time, in which the time of guests counts once', () => {
  expect(machineTimeOf(recorded.machine)).toEqual({ total: 712163 + 78606 + 190909 + 1426509 + 3651 + 13513 + 1409, steal: 1409 })
})

test('sockets that wait for their port to be free again count', () => {
  expect(socketsOf(recorded.sockstat)).toBe(110)
})

describe('ports towards a target', () => {
  const range = { from: 32_768, to: 60_999 }

  test('are those of its clients, waiting ones included; not the server’s own end, nor another server’s clients', () => {
    expect(portRangeOf('32768\t60999\n')).toEqual(range)
    expect([...portsTowards(recorded.tcp, 8080, range)].sort()).toEqual([0xc350, 0xc352]) // port 80 is outside of the range
  })

  test('are told for each destination, the one with most first, whichever way its address is written', () => {
    const line = (local: string, remote: string, state: string): string => `   0: ${local} ${remote} ${state} 00000000:00000000 00:00000000 00000000 0 0 1`
    const four = [
      line('0100007F:1F90', '00000000:0000', '0A'), // listens
      line('0100007F:C350', '0100007F:1F90', '06'),
      line('0100007F:C351', '0100007F:1F90', '06'),
      line('0100007F:C352', '0200000A:0050', '01'),
      line('0100007F:1F90', '0100007F:C350', '01'), // the server's own end
    ]
    const six = [
      line('0000000000000000FFFF00000100007F:C353', '0000000000000000FFFF00000100007F:1F90', '01'),
      line('00000000000000000000000001000000:C354', '00000000000000000000000001000000:1F90', '06'),
    ]
    expect(portsByDestination([four.join('\n'), six.join('\n')], range)).toEqual([
      { destination: '127.0.0.1:8080', ports: 3 },
      { destination: '10.0.0.2:80', ports: 1 },
      { destination: '[::1]:8080', ports: 1 },
    ])
  })
})

test.each([
  ['cpuTimeOf', () => cpuTimeOf('')],
  ['scheduledOf', () => scheduledOf('')],
  ['residentOf', () => residentOf('')],
  ['openFilesLimitOf', () => openFilesLimitOf('')],
  ['machineTimeOf', () => machineTimeOf('')],
  ['socketsOf', () => socketsOf('')],
  ['portRangeOf', () => portRangeOf('')],
])('%s of an empty text is unknown, not 0', (_, read) => {
  expect(read()).toBeUndefined()
})

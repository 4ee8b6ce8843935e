import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { familyOf, parentOf, processesOn, socketsListening } from '../../../runner/machine/listeners.ts'

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4711 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 4712 1 0000000000000000 20 4 30 10 -1
   2: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 4713 1 0000000000000000 100 0 0 10 0
`

test('only what listens on the port counts', () => {
  expect([...socketsListening(tcp, 8080)]).toEqual(['4711'])
  expect([...socketsListening(tcp, 80)]).toEqual(['4713'])
  expect([...socketsListening(tcp, 443)]).toEqual([])
})

test('a name with brackets and spaces hides no parent', () => {
  expect(parentOf('17 (a (b) c) S 42 17 17 0')).toBe(42)
  expect(parentOf('')).toBeUndefined()
})

test.skipIf(process.platform !== 'linux')('this process is found behind a port of its own, with its child', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const child = fork('-e', ['process.send(1); setInterval(() => {}, 1000)'], { execArgv: [], stdio: 'ignore', execPath: process.execPath })
  try {
    const { port } = server.address() as AddressInfo
    expect(processesOn(port)).toEqual([process.pid])
    expect(familyOf([process.pid])).toEqual(expect.arrayContaining([process.pid, child.pid]))
  } finally {
    child.kill()
    server.close()
  }
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Socket } from 'node:net'

import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { peersOf, portsListenedOn } from '../../../runner/machine/connections.ts'
import { firstWordsOf } from '../../../runner/machine/first-words.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

const rest = '00000000:00000000 00:00000000 00000000     0        0'
const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A ${rest} 11 1 0
   1: 0100007F:1F90 0100007F:C350 01 ${rest} 12 1 0
   2: 0100007F:C351 0100007F:1538 01 ${rest} 13 1 0
   3: 0100007F:C352 0100007F:1538 01 ${rest} 14 1 0
   4: 0100007F:C353 0100007F:1538 06 ${rest} 15 1 0
   5: 0500000A:C354 0600000A:18EB 01 ${rest} 16 1 0
   6: 0100007F:C355 0100007F:0050 01 ${rest} 99 1 0
`
const tcp6 = `  sl  local_address                         remote_address                        st
   0: 0000000000000000FFFF00000100007F:C356 0000000000000000FFFF00000100007F:1538 01 ${rest} 17 1 0
   1: 00000000000000000000000001000000:C357 00000000000000000000000001000000:0CEA 01 ${rest} 18 1 0
`

/** A /proc with one process that holds the sockets 11 to 18. */
const aProc = (): string => {
  const proc = mkdtempSync(join(tmpdir(), 'perf-proc-'))
  folders.push(proc)
  mkdirSync(join(proc, '7', 'net'), { recursive: true })
  mkdirSync(join(proc, '7', 'fd'))
  writeFileSync(join(proc, '7', 'net', 'tcp'), tcp)
  writeFileSync(join(proc, '7', 'net', 'tcp6'), tcp6)
  for (let socket = 11; socket <= 18; socket += 1) symlinkSync(`socket:[${socket}]`, join(proc, '7', 'fd', String(socket)))
  return proc
}

test('servers of a process are told, but not its clients, closed connections and sockets of others', () => {
  expect(peersOf([7], aProc())).toEqual([
    { address: '127.0.0.1', port: 5432, connections: 3 }, // one of them as IPv4 inside IPv6
    { address: '10.0.0.6', port: 6379, connections: 1 },
    { address: '::1', port: 3306, connections: 1 },
  ])
  expect(portsListenedOn([7], aProc())).toEqual([8080])
  expect(peersOf([8], aProc())).toEqual([])
  expect(peersOf([], aProc())).toEqual([])
})

test.skipIf(process.platform !== 'linux')('a connection of this process is found where it leads', async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  // In another process, for here both ends are ours and the server's port with them.
  const child = spawn(process.execPath, ['-e', `require('net').connect(${port}, '127.0.0.1').on('connect', () => console.log(1)); setInterval(() => {}, 1e6)`])
  await once(child.stdout, 'data')
  expect(peersOf([child.pid ?? 0])).toEqual([{ address: '127.0.0.1', port, connections: 1 }])
  child.kill('SIGKILL')
  for (const socket of sockets) socket.destroy()
  server.close()
})

test('first words come from who speaks first and from who is spoken to; silence is nothing, and other machines are not asked', async () => {
  const greeter = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1')
  const echo = createServer((socket) => socket.on('data', (said) => socket.end(`you said ${said}`))).listen(0, '127.0.0.1')
  await Promise.all([once(greeter, 'listening'), once(echo, 'listening')])
  const portOf = (server: typeof echo): number => (server.address() as AddressInfo).port
  expect((await firstWordsOf('127.0.0.1', portOf(greeter)))?.toString()).toBe('hello')
  expect((await firstWordsOf('127.0.0.1', portOf(echo), 'PING'))?.toString()).toBe('you said PING')
  const port = portOf(greeter)
  await new Promise((resolve) => greeter.close(resolve))
  echo.close()
  expect(await firstWordsOf('127.0.0.1', port)).toBeUndefined()
  expect(() => firstWordsOf('192.0.2.1', 80)).toThrow("192.0.2.1 is not this machine's own address")
})

/** Finds which servers processes of this machine are connected to, in Linux's /proc. */
import { join } from 'node:path'
import ipaddr from 'ipaddr.js'
import { openSocketsOf } from './listeners.ts'
import { textOf } from './text.ts'

type Row = { readonly localPort: number; readonly address: string; readonly port: number; readonly state: string; readonly socket: string }

const states = { established: '01', listening: '0A' } as const

/** The kernel writes an address as words of four bytes, each of them with its lowest byte first. @example addressOf('0100007F') // '127.0.0.1' */
const addressOf = (hex: string): string => {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)))
  return ipaddr.process(ipaddr.fromByteArray(bytes).toString()).toString()
}

/** Rows of `/proc/net/tcp` or `tcp6`. */
const rowsIn = (tcp: string): Row[] =>
  [...tcp.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) ([0-9A-F]+):([0-9A-F]{4}) ([0-9A-F]{2}) (?:\S+\s+){5}(\d+)/gm)].map(
    ([, local = '', remote = '', port = '', state = '', socket = '']) => ({
      localPort: Number.parseInt(local, 16),
      address: addressOf(remote),
      port: Number.parseInt(port, 16),
      state,
      socket,
    }),
  )

/** A server, and how many connections lead to it. */
export type Peer = { readonly address: string; readonly port: number; readonly connections: number }

/** Rows of the sockets that processes have open. */
const rowsOf = (pids: readonly number[], proc: string): Row[] => {
  const held = new Set(pids.flatMap((pid) => openSocketsOf(pid, proc)))
  const [first] = pids
  if (first === undefined) return []
  // Through the process: it may live in a network of its own.
  return ['tcp', 'tcp6'].flatMap((file) => rowsIn(textOf(join(proc, String(first), 'net', file)) ?? '')).filter(({ socket }) => held.has(socket))
}

const listening = (rows: readonly Row[]): Set<number> => new Set(rows.filter(({ state }) => state === states.listening).map(({ localPort }) => localPort))

export const portsListenedOn = (pids: readonly number[], proc = '/proc'): number[] => [...listening(rowsOf(pids, proc))]

/** Servers that processes have connections to, most connections first; their own clients are left out. */
export const peersOf = (pids: readonly number[], proc = '/proc'): Peer[] => {
  const rows = rowsOf(pids, proc)
  const own = listening(rows)
  const peers = new Map<string, Peer>()
  for (const { localPort, address, port, state } of rows) {
    if (state !== states.established || own.has(localPort)) continue
    const key = `${address} ${port}`
    peers.set(key, { address, port, connections: (peers.get(key)?.connections ?? 0) + 1 })
  }
  return [...peers.values()].sort((a, b) => b.connections - a.connections)
}

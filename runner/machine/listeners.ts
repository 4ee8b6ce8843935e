/** Finds the processes behind a port of this machine, and their children, in Linux's /proc. */
import { readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { textOf } from './text.ts'

/** Socket numbers that listen on a port, from `/proc/net/tcp` or `tcp6`. */
export const socketsListening = (tcp: string, port: number): Set<string> => {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const sockets = new Set<string>()
  // slot, local address:port, remote, state 0A (listening), queues, timer, retransmits, owner, time-out, socket number
  for (const [, local, socket = ''] of tcp.matchAll(/^\s*\d+: [0-9A-F]+:([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} 0A (?:\S+\s+){5}(\d+)/gm))
    if (local === wanted) sockets.add(socket)
  return sockets
}

/** The parent of a process, from `/proc/PID/stat`. */
export const parentOf = (stat: string): number | undefined => {
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  return Number.isInteger(parent) ? parent : undefined
}

const namesIn = (folder: string): string[] => {
  try {
    return readdirSync(folder)
  } catch {
    return [] // gone by now, or somebody else's
  }
}

const pidsIn = (proc: string): number[] => namesIn(proc).flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []))

/** Numbers of the sockets that a process has open; none when it is somebody else's. */
export const openSocketsOf = (pid: number, proc = '/proc'): string[] =>
  namesIn(join(proc, String(pid), 'fd')).flatMap((file) => {
    try {
      const socket = /^socket:\[(\d+)\]$/.exec(readlinkSync(join(proc, String(pid), 'fd', file)))?.[1]
      return socket === undefined ? [] : [socket]
    } catch {
      return [] // closed by now
    }
  })

/** The name of a process's program, at most 15 characters of it. */
export const programOf = (pid: number, proc = '/proc'): string | undefined => textOf(join(proc, String(pid), 'comm'))?.trim()

/** Processes whose program has such a name. */
export const processesNamed = (name: RegExp, proc = '/proc'): number[] => pidsIn(proc).filter((pid) => name.test(programOf(pid, proc) ?? ''))

/** Whether anybody listens on a port, be it a process that this user may not look into. */
export const isListenedOn = (port: number, proc = '/proc'): boolean =>
  ['net/tcp', 'net/tcp6'].some((file) => socketsListening(textOf(join(proc, file)) ?? '', port).size > 0)

/** Processes that listen on a port, as far as this user may look into them; lowest number first. */
export const processesOn = (port: number, proc = '/proc'): number[] => {
  const sockets = new Set(['net/tcp', 'net/tcp6'].flatMap((file) => [...socketsListening(textOf(join(proc, file)) ?? '', port)]))
  return sockets.size === 0 ? [] : pidsIn(proc).filter((pid) => openSocketsOf(pid, proc).some((socket) => sockets.has(socket)))
}

/** From the lists that the kernel keeps of each thread's children; undefined where it keeps none, or the process has ended. */
const childrenOf = (proc: string, pid: number): number[] | undefined => {
  const lists = namesIn(join(proc, String(pid), 'task')).flatMap((thread) => textOf(join(proc, String(pid), 'task', thread, 'children')) ?? [])
  return lists.length === 0 ? undefined : lists.flatMap((list) => list.split(' ').flatMap((child) => (child.trim() === '' ? [] : [Number(child)])))
}

/** From the parent that each process of the machine names. */
const childrenOfAll = (proc: string): ((pid: number) => readonly number[]) => {
  const children = new Map<number, number[]>()
  for (const pid of pidsIn(proc)) {
    const parent = parentOf(textOf(join(proc, String(pid), 'stat')) ?? '')
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid])
  }
  return (pid) => children.get(pid) ?? []
}

/** Some processes and all that descend from them. Servers such as nginx, php-fpm and PostgreSQL work in their children. */
export const familyOf = (roots: readonly number[], proc = '/proc'): number[] => {
  const family = new Set<number>()
  let all: ReturnType<typeof childrenOfAll> | undefined
  const listed = (pid: number): readonly number[] => {
    all ??= childrenOfAll(proc) // hundreds of small files, so only where there are no lists
    return all(pid)
  }
  const add = (pid: number): void => {
    if (family.has(pid)) return
    family.add(pid)
    for (const child of childrenOf(proc, pid) ?? listed(pid)) add(child)
  }
  for (const root of roots) add(root)
  return [...family]
}

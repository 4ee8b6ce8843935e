/** Hears what a server of this machine says first, which tells what kind of server it is. */
import { connect } from 'node:net'
import { isLoopback } from '../safety/loopback.ts'

const patience = 2000 // milliseconds; a server of this machine answers in a few, and on a busy one in some hundred

/**
 * The first bytes that come over a connection of its own, which is closed then; undefined when none come in time.
 * @param said what is sent first, for servers that wait for their clients
 * @throws {RangeError} for an address that is not loopback: nobody else is asked unasked
 */
export const firstWordsOf = (address: string, port: number, said?: string | Uint8Array): Promise<Buffer | undefined> => {
  if (!isLoopback(address)) throw new RangeError(`${address} is not this machine's own address`)
  return new Promise((resolve) => {
    const socket = connect({ host: address, port })
    const end = (heard: Buffer | undefined): void => {
      socket.destroy()
      resolve(heard)
    }
    socket.setTimeout(patience, () => end(undefined))
    socket.on('error', () => end(undefined))
    socket.on('close', () => end(undefined))
    socket.once('data', end)
    if (said !== undefined) socket.on('connect', () => socket.write(said))
  })
}

/** What the target runs as, and which servers it uses, as far as this machine tells: where kinds of probes look for what they could watch. */
import { peersOf } from '../machine/connections.ts'
import { familyOf, isListenedOn, processesOn, programOf } from '../machine/listeners.ts'
import type { Target } from '../plan.ts'
import { portOf } from '../port.ts'
import { isLoopback } from '../safety/loopback.ts'
import type { Detected, ProbeWorld } from './kind.ts'

/** By its checked addresses: a name may begin like one of this machine and lie elsewhere. */
export const isHere = ({ addresses }: Target): boolean => addresses.length > 0 && addresses.every(isLoopback)

/** The target's processes, those that listen first and their children after them; none when it is elsewhere or somebody else's. */
export const targetProcesses = ({ target, proc = '/proc' }: ProbeWorld): number[] =>
  isHere(target) ? familyOf(processesOn(portOf(target.url), proc), proc) : []

type Place = {
  readonly address: string
  readonly port: number
  /** Of the target; 0 when the server only stands at its usual place. */
  readonly connections: number
  /** Unknown of other users' processes, and on other machines. */
  readonly program: string | undefined
}

/** How a kind of server is known. */
type Server = {
  readonly called: string
  /** Names of its programs. */
  readonly programs: RegExp
  /** Its usual port. */
  readonly port: number
}

const programAt = (port: number, proc: string): string | undefined => {
  const [pid] = processesOn(port, proc)
  return pid === undefined ? undefined : programOf(pid, proc)
}

/** Who knows the program need not ask; without its name only the usual port is worth a question. */
const mayBe = ({ programs, port }: Server, place: Pick<Place, 'port' | 'program'>): boolean =>
  place.program === undefined ? place.port === port : programs.test(place.program)

const placesOf = (world: ProbeWorld, server: Server): Place[] => {
  const { proc = '/proc' } = world
  const used = peersOf(targetProcesses(world), proc)
    .map((peer): Place => ({ ...peer, program: isLoopback(peer.address) ? programAt(peer.port, proc) : undefined }))
    .filter((place) => mayBe(server, place))
  if (used.length > 0 || !isHere(world.target) || !isListenedOn(server.port, proc)) return used
  const usual = { address: '127.0.0.1', port: server.port, connections: 0, program: programAt(server.port, proc) }
  return mayBe(server, usual) ? [usual] : []
}

/** An address as it stands in a URL. */
export const hostOf = ({ address, port }: Pick<Place, 'address' | 'port'>): string => `${address.includes(':') ? `[${address}]` : address}:${port}`

/** An entry whose url holds a password, and so comes from the environment. */
export const urlFrom = (variable: string, url: string): Omit<Detected<{ url: string }>, 'seen'> => ({
  options: { url: `\${${variable}}` },
  variables: { [variable]: url },
})

/** @param answered what it said it is; undefined when it gave no answer that tells */
const seenAt = (place: Place, called: string, answered: string | undefined): string => {
  const where = hostOf(place)
  const connected = `The target has ${place.connections === 1 ? 'a connection' : `${place.connections} connections`} to ${where}`
  if (!isLoopback(place.address)) return `${connected}, the usual port of ${called}; nobody asked there, because it is not on this machine`
  const who = answered === undefined ? `${place.program ?? called} listens` : `${answered} answers`
  return place.connections > 0 ? `${connected}, where ${who}` : `On ${where} ${who}; the target has no connection to it at this moment`
}

/**
 * Servers of one kind that the target is connected to, or that stand at their usual port beside it.
 * @param ask what a server of this machine says it is; undefined when it says nothing that this kind of server would
 * @param entryOf what the configuration would say
 */
export const serversBeside = async <Options>(
  world: ProbeWorld,
  server: Server,
  ask: (place: Place) => Promise<string | undefined>,
  entryOf: (place: Place, answered: string | undefined) => Omit<Detected<Options>, 'seen'> | Promise<Omit<Detected<Options>, 'seen'>>,
): Promise<Detected<Options>[]> => {
  const found = await Promise.all(
    placesOf(world, server).map(async (place) => {
      const answered = isLoopback(place.address) ? await ask(place) : undefined
      // A program that is not known by name, and does not answer as it should, is another one.
      const isOther = isLoopback(place.address) && answered === undefined && place.program === undefined
      return isOther ? [] : [{ seen: seenAt(place, server.called, answered), ...(await entryOf(place, answered)) }]
    }),
  )
  return found.flat()
}

/** A user's service in a control group of a given size, on a free port of this machine: started, waited for, looked at, ended. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { Seconds } from '../../scenarios/units.ts'
import type { Account, Places } from '../machine/control-groups.ts'
import { type LimitedGroup, type Limits, makeGroup } from './control-group.ts'
import { endAbandonedGroups, endGroup, nameOfGroup, signalAll } from './group-end.ts'

export type LimitedService = {
  readonly url: string
  readonly group: Pick<LimitedGroup, 'version' | 'path'>
  /** What the kernel counted so far. */
  account(): Account | undefined
  /** Why it is not there any more, as a clause; undefined while it runs. */
  ended(): string | undefined
  /** Ends the service's own processes and removes its group; may be called twice. */
  stop(): Promise<void>
}

export type Start = {
  /** As typed in a shell; {port} in it, and PORT in its environment, is the port to listen on. */
  readonly command: string
  readonly limits: Limits
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** How long it may take until it answers. */
  readonly patience: Seconds
  readonly signal: AbortSignal
  readonly places?: Places
}

/** The service did not come up at this size: what a proof wants to know, and no mistake of this program. */
export class NoAnswerError extends Error {}

const lastWords = 400 // characters of its output that an explanation has room for
const betweenLooks = 50 // milliseconds

/** A child writes itself into the group before it becomes the service, so that nothing of it ever runs outside. */
const enterAndRun = 'command=$1; shift; for entrance; do echo $$ > "$entrance" || exit 97; done; exec /bin/sh -c "$command"'

const freePort = async (): Promise<number> => {
  const server = createServer()
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const stopper = (group: LimitedGroup): (() => Promise<void>) => {
  // When this process leaves at once, nothing may stay behind. What a kill of this very process leaves, the next proof ends.
  const atExit = (): void => {
    signalAll(group.processes(), 'SIGKILL')
    group.remove()
  }
  process.once('exit', atExit)
  return async () => {
    await endGroup(group, 'SIGTERM')
    process.off('exit', atExit)
  }
}

const wordsOf = (child: ChildProcess): (() => string) => {
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (part: string) => {
      said = (said + part).slice(-lastWords)
    })
  return () => said.trim().replace(/\s+/g, ' ')
}

const endOf = (child: ChildProcess, group: LimitedGroup, said: () => string): string | undefined => {
  if (child.exitCode === null && child.signalCode === null) return undefined
  const how = child.signalCode === null ? `with code ${child.exitCode}` : `by ${child.signalCode}`
  const killed = (group.account()?.oomKills ?? 0) > 0 ? ', killed for memory' : ''
  return `it ended ${how}${killed}; ${said() === '' ? 'it said nothing' : `its last words were "${said()}"`}`
}

const answers = async (url: string): Promise<boolean> => {
  try {
    await (await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5000) })).arrayBuffer()
    return true // a page that is not there is an answer, too
  } catch {
    return false
  }
}

/**
 * @throws {UsageError} when no group can be made · {NoAnswerError} when the service ends, or does not answer in time
 * @example const service = await startService({ command: 'node server.js', limits: { vcpu: 0.5, gigabytes: 1 }, … })
 */
export const startService = async ({ command, limits, cwd, env, patience, signal, places = {} }: Start): Promise<LimitedService> => {
  await endAbandonedGroups(places)
  const port = await freePort()
  const group = makeGroup(nameOfGroup(port), limits, places)
  const stop = stopper(group)
  const child = spawn('/bin/sh', ['-c', enterAndRun, 'sh', command.replaceAll('{port}', String(port)), ...group.entrances], {
    cwd,
    env: { ...env, PORT: String(port) },
    detached: true, // Ctrl-C reaches every process of the terminal; the service must live until the last request is answered
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = wordsOf(child)
  const ended = (): string | undefined => endOf(child, group, said)
  const url = `http://127.0.0.1:${port}`
  const from = performance.now()
  try {
    while (!(await answers(url))) {
      const end = ended()
      if (signal.aborted) throw new NoAnswerError('It was interrupted.')
      if (end !== undefined) throw new NoAnswerError(`The service did not come up: ${end}.`)
      if (performance.now() - from > patience * 1000)
        throw new NoAnswerError(
          `Nothing answered on port ${port} within ${patience} s; ${said() === '' ? 'the service said nothing' : `the service said "${said()}"`}. It gets the port as PORT in its environment, and as {port} in the command.`,
        )
      await pause(betweenLooks)
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { url, group, account: () => group.account(), ended, stop }
}

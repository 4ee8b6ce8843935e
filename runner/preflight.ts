/** One request before any load: does the target answer at all, and who is it? */
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as secureRequest } from 'node:https'
import { mergeHeaders } from './engines/virtual-user/request.ts'
import { TargetError } from './errors/target-error.ts'
import type { Plan } from './plan.ts'
import { pinnedTo } from './safety/pinned-lookup.ts'
import { errorKind, TimeoutError } from './transport-error.ts'
import { userAgentOf } from './user-agent.ts'
import { ownVersion } from './version.ts'

const patience = 10_000 // milliseconds; who takes longer to answer a single request will not stand load

/** What to do about a target that gave no answer, by kind of error. */
export const advice: Readonly<Record<string, string>> = {
  refused: 'Nobody listens there. Start the target, or correct the port.',
  timeout: 'It took too long. Check that it runs and is not overloaded already.',
  tls: 'A TLS connection could not be made. Renew or trust its certificate, use http://, or pass --insecure for a certificate of your own.',
  dns: 'Its name has no address. Check the spelling, or the network.',
  unreachable: 'There is no route to it. Check the network.',
  protocol: 'What answers there does not speak HTTP. Check the port and whether it wants https://.',
}

/** Headers by which a server says what it is and which build of it answers. */
const telling = [
  'server',
  'x-powered-by',
  'x-version',
  'x-app-version',
  'x-release',
  'x-revision',
  'x-commit',
  'x-git-commit',
  'x-build',
  'x-deployment',
] as const

export type Greeting = {
  readonly status: number
  readonly server: string | null
  readonly location: string | undefined
  /** What the target says about itself, by header. */
  readonly identity: Readonly<Record<string, string>>
}

type Asked = Pick<Plan, 'target' | 'insecure' | 'id' | 'headers'>

/** Node's own client, which is loaded already: another one would take its time before the first request. */
const ask = ({ target, insecure, id, headers }: Asked, limit: number): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const request = target.url.startsWith('https:') ? secureRequest : plainRequest
    const asked = request(target.url, {
      agent: false,
      lookup: pinnedTo(target.addresses),
      rejectUnauthorized: !insecure,
      headers: mergeHeaders({ 'user-agent': userAgentOf(ownVersion(), id, 'preflight') }, headers),
    })
    const timer = setTimeout(() => asked.destroy(new TimeoutError(`no whole answer within ${limit / 1000} s`)), limit)
    const settle = <T>(end: (value: T) => void): ((value: T) => void) => {
      return (value) => {
        clearTimeout(timer)
        end(value)
      }
    }
    asked.once('error', settle(reject))
    asked.once('response', (answer) => {
      answer.once('error', settle(reject))
      answer.once(
        'end',
        settle(() => resolve(answer)),
      )
      answer.resume()
    })
    asked.end()
  })

/** @throws {TargetError} when no answer comes */
export const greet = async (plan: Asked, limit = patience): Promise<Greeting> => {
  try {
    const { statusCode = 0, headers } = await ask(plan, limit)
    const header = (name: string): string | undefined => [headers[name]].flat()[0]
    const identity = telling.flatMap((name) => {
      const value = header(name)
      return value === undefined ? [] : [[name, value] as const]
    })
    return {
      status: statusCode,
      server: header('server') ?? null,
      location: headers.location,
      identity: Object.fromEntries(identity),
    }
  } catch (cause) {
    const kind = errorKind(cause)
    throw new TargetError(
      `${plan.target.url} gave no answer before the load: ${kind} (${(cause as Error).message || (cause as NodeJS.ErrnoException).code}). A target must answer one request before it gets many. ${advice[kind] ?? 'Check that it runs.'}`,
      kind,
      { cause },
    )
  }
}

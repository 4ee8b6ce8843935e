/** One request before any load: does the target answer at all, and who is it? */
import type { LookupFunction } from 'node:net'
import { Agent, request } from 'undici'
import { TargetError } from './errors/target-error.ts'
import type { Plan } from './plan.ts'
import { errorKind } from './transport-error.ts'

const patience = 10_000 // milliseconds; who takes longer to answer a single request will not stand load

/** Only the addresses that were checked: a name that resolves elsewhere a moment later is not followed. */
const pinned =
  (addresses: readonly string[]): LookupFunction =>
  (_hostname, options, callback) => {
    const answers = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    if (options.all === true) callback(null, answers)
    else callback(null, answers[0]?.address ?? '', answers[0]?.family)
  }

const advice: Readonly<Record<string, string>> = {
  refused: 'Nobody listens there. Start the target, or correct the port.',
  timeout: 'It took too long. Check that it runs and is not overloaded already.',
  tls: 'A TLS connection could not be made. Renew or trust its certificate, use http://, or pass --insecure for a certificate of your own.',
  dns: 'Its name has no address. Check the spelling, or the network.',
  unreachable: 'There is no route to it. Check the network.',
  protocol: 'What answers there does not speak HTTP. Check the port and whether it wants https://.',
}

export type Greeting = { readonly status: number; readonly server: string | null; readonly location: string | undefined }

/** @throws {TargetError} when no answer comes */
export const greet = async (plan: Pick<Plan, 'target' | 'insecure' | 'id' | 'headers'>, limit = patience): Promise<Greeting> => {
  const dispatcher = new Agent({ connect: { lookup: pinned(plan.target.addresses), rejectUnauthorized: !plan.insecure, timeout: limit } })
  try {
    const answer = await request(plan.target.url, {
      dispatcher,
      headersTimeout: limit,
      bodyTimeout: limit,
      signal: AbortSignal.timeout(limit),
      headers: { ...plan.headers, 'x-perf-run-id': plan.id, 'x-perf-phase': 'preflight' },
    })
    await answer.body.dump()
    const header = (name: string): string | undefined => [answer.headers[name]].flat()[0]
    return { status: answer.statusCode, server: header('server') ?? null, location: header('location') }
  } catch (cause) {
    const kind = errorKind(cause)
    throw new TargetError(
      `${plan.target.url} gave no answer before the load: ${kind} (${(cause as Error).message || (cause as NodeJS.ErrnoException).code}). A target must answer one request before it gets many. ${advice[kind] ?? 'Check that it runs.'}`,
      kind,
      { cause },
    )
  } finally {
    await dispatcher.destroy()
  }
}
